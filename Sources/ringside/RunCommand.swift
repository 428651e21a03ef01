internal import ArgumentParser
internal import ResultModel

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
        ringside run my.yaml --quiet --output /var/tmp/nightly/{started} && echo fine

      \(EnvironmentOverrides.help)
      """)

  @OptionGroup var scenario: ScenarioArguments

  @Option(
    help: .init(
      "Where the results go, instead of the scenario's output.dir; {name} and {started} are filled in.",
      valueName: "dir"),
    completion: .directory)
  var output: String?

  @Option(help: "After the run, show tables like that of list_queues, with commas between: \(ShownTables.choices).")
  var show: ShownTables?

  @Flag(help: "Print result.json to standard output instead of the summary.")
  var json = false

  @Flag(help: "Say nothing but errors; print nothing but what --json and --show ask for.")
  var quiet = false

  @Flag(
    inversion: .prefixedNo,
    help: "Test before and after the run how well this machine repeats itself (0.2 s), and warn when it is too noisy.")
  var noiseProbe = true

  @Flag(help: "End with exit 7, rather than with a warning, when the run was too noisy to decide anything.")
  var strict = false

  func run() throws {
    let environment = EnvironmentOverrides()
    var settings = RunSettings(
      outputFolder: output, shownTables: show?.tables ?? [], printsJSON: json, isQuiet: quiet, probesNoise: noiseProbe,
      isStrict: strict)
    try settings.apply(environment)
    try settings.validate()
    let session = RunSession(run: try scenario.load(environment), settings: settings)
    let exitCode = try session.perform()
    if exitCode != .success { throw CommandFailure.silent(exitCode) }
  }
}
