internal import ArgumentParser
internal import LoadEngine
internal import Reports
internal import ResultModel
internal import ScenarioModel

/// Runs a scenario and writes its results.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario, verify every message, write the results.",
    discussion: """
      A summary goes to standard output, progress to standard error, and result.json, CSV tables and histograms into
      the results directory (by default Results/NAME/TIME), which is made, or is there and empty. Ctrl-C stops, drains,
      and writes what was measured; a second Ctrl-C quits at once.

      EXAMPLES
        ringside run Scenarios/quickstart.yaml
        ringside run my.yaml --set load.constant=200k/s --set load.for=30s
        ringside run my.yaml --json | jq .variants[0].trials[0].phases[0].latency.percentiles
        ringside run my.yaml --profile quick --require-baseline
        ringside run my.yaml --quiet --output /var/tmp/nightly/{started} && echo fine

      \(EnvironmentOverrides.help)
      """)

  @OptionGroup var scenario: ScenarioArguments

  @OptionGroup var options: RunOptions

  @Option(help: "quick: 10 trials in pairs; nightly: 20, and searches. --set still changes either.")
  var profile: Profile?

  @Option(help: .init("Where the baseline of compare.against is kept.", valueName: "dir"), completion: .directory)
  var baselines = "Results/baselines"

  @Flag(
    help: "End with exit 8, before anything runs, when the baseline of compare.against is missing, or none is named.")
  var requireBaseline = false

  func run() throws {
    let environment = EnvironmentOverrides()
    let settings = try options.settings(environment)
    let run = try scenario.load(environment, profile: profile)
    let earlier = try earlierRun(
      of: run.first, isRequired: try environment.flag("REQUIRE_BASELINE") ?? requireBaseline)
    let session = RunSession(run: run, settings: settings, earlier: earlier)
    let exitCode = try session.perform()
    if exitCode != .success { throw CommandFailure.silent(exitCode) }
  }

  /// The run that the scenario wants to be compared with.
  private func earlierRun(of scenario: Scenario, isRequired: Bool) throws -> EarlierRun? {
    guard let name = scenario.comparison?.against else {
      guard !isRequired else {
        throw CommandFailure(
          .baselineUnusable,
          "--require-baseline needs one to look for, and the scenario names none: add `compare: { against: NAME }`")
      }
      return nil
    }
    let store = BaselineStore(folder: baselines)
    if store.names().contains(name) {
      return EarlierRun(name: name, result: try ResultSource(store.path(of: name), baselines: store).result)
    }
    guard !isRequired else {
      throw CommandFailure(.baselineUnusable, "there is no baseline `\(name)` in \(baselines) (compare.against)")
    }
    return EarlierRun(name: name, result: nil)
  }
}
