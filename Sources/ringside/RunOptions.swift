internal import ArgumentParser

/// How a run is presented and judged: the options that `run` and `duel` share.
struct RunOptions: ParsableArguments {
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

  @Flag(help: "End with exit 4 when all that changed got better.")
  var reportImprovement = false

  /// The settings, with what the environment overrides.
  func settings(_ environment: EnvironmentOverrides) throws -> RunSettings {
    var settings = RunSettings(
      outputFolder: output, shownTables: show?.tables ?? [], printsJSON: json, isQuiet: quiet, probesNoise: noiseProbe,
      isStrict: strict, reportsImprovement: reportImprovement)
    try settings.apply(environment)
    try settings.validate()
    return settings
  }
}
