/// Everything that is wrong with a scenario, so that one run of `ringside check` fixes the whole file.
public struct ScenarioProblems: Error, Sendable, Equatable {
  /// At least one, sorted by position: the scenario's own file first, then files it extends, then overrides.
  public var problems: [ScenarioProblem]
  /// Set when the scenario file itself could not be read; then it is the only problem.
  public var fileError: ScenarioFileError?
  /// The text of each file and override that a problem points into, for the caret.
  public var sources: [String: String]

  /// Problems of the texts in `sources`.
  public init(problems: [ScenarioProblem], fileError: ScenarioFileError? = nil, sources: [String: String] = [:]) {
    self.problems = problems
    self.fileError = fileError
    self.sources = sources
  }
}
