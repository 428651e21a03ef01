internal import ArgumentParser
internal import LoadEngine
internal import Platform
internal import ResultModel
internal import ScenarioModel

/// Runs two builds against each other.
struct DuelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duel",
    abstract: "Say whether one build is slower than another, trial by trial beside each other.",
    discussion: """
      A and B are two ringside binaries, for instance of two commits. Their trials take turns, which of the two
      goes first by lot, each in a process of its own, so that both meet the same hours of the machine, and are compared pair
      by pair: B is the candidate, A the baseline. The scenario's `compare` says what decides; without it that is what `compare` says when left out.

      Exits like `run`: 2 when B is worse than allowed, 4 when it only got better (with --report-improvement), 7 when the
      machine was too noisy to tell (with --strict), 8 when one is a debug and one a release build, and 69 when a binary is no
      ringside or speaks another version of the trial protocol.

      EXAMPLES
        ringside duel ./ringside-main .build/release/ringside Scenarios/quickstart.yaml --set load.for=2s
        ringside duel old/ringside new/ringside my.yaml --trials 20 --set compare.max_regression=2%

      \(EnvironmentOverrides.help)
      """)

  @Argument(help: "The binary to compare with.", completion: .file())
  var a: String

  @Argument(help: "The binary to judge.", completion: .file())
  var b: String

  @OptionGroup var scenario: ScenarioArguments

  @Option(help: "How many pairs of trials; the scenario's, or 10 where it does not say.")
  var trials: Int?

  @Option(help: "quick: 10 pairs; nightly: 20.")
  var profile: Profile?

  @Flag(help: "Compare a debug with a release build all the same.")
  var force = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is a number of pairs, 1 or more") }
  }

  func run() throws {
    let environment = EnvironmentOverrides()
    let settings = try options.settings(environment)
    let loaded = try load(environment)
    let duel = Duel(try open(a), try open(b))
    if let difference = duel.difference {
      guard force else { throw CommandFailure(.baselineUnusable, "\(difference)\n--force compares them anyway") }
      StandardStream.say("ringside: \(difference)")
    }
    let session = RunSession(run: duel.variants(of: loaded), settings: settings, binaries: duel.binaries)
    let exitCode = try session.perform()
    if exitCode != .success { throw CommandFailure.silent(exitCode) }
  }

  /// The scenario with trials in pairs; the number is the scenario's own where it has one.
  private func load(_ environment: EnvironmentOverrides) throws -> ScenarioVariants {
    guard try scenario.load(environment, comparesElsewhere: true).first.search == nil else {
      throw CommandFailure(
        .scenarioInvalid, "\(scenario.file) searches a capacity, and a duel compares trials of one load: give it a load"
      )
    }
    let pairs = (profile?.overrides ?? []) + ["trials.order=paired", "trials.process=fresh"]
    func load(_ count: Int?) throws -> ScenarioVariants {
      try scenario.load(
        environment, presets: pairs + (count.map { ["trials.count=\($0)"] } ?? []), comparesElsewhere: true)
    }
    var loaded = try load(trials)
    let isCountDefault = loaded.first.settings.contains { $0.path == "trials.count" && $0.isDefault }
    if isCountDefault { loaded = try load(10) }
    guard loaded.variants.count == 1 else {
      throw CommandFailure(
        .scenarioInvalid,
        "\(scenario.file) has \(loaded.variants.count) variants, and a duel runs one: choose it, as in "
          + "--set 'matrix={\(loaded.variants[0].parameters.map { "\($0.axis): [\($0.value)]" }.joined(separator: ", "))}'"
      )
    }
    return loaded
  }

  private func open(_ path: String) throws -> TrialBinary {
    do {
      return try TrialBinary(path: path)
    } catch let error as SystemError {
      throw CommandFailure(.fileNotFound, "\(error)")
    } catch let failure as TrialFailure {
      throw CommandFailure(.targetUnavailable, failure.message)
    }
  }
}
