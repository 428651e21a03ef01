/// A scenario with all variants of its matrix; exactly one without a matrix.
///
/// What holds for the whole run (name, trials, output, comparison) is the same in all of them.
public struct ScenarioVariants: Sendable, Equatable {
  /// The most trials of all variants together: more than a day at a second each.
  public static let trialCountLimit = 100_000

  /// Never empty, in the order of their numbers.
  public var variants: [ScenarioVariant]
  /// The resolved scenario as one line of JSON, for people and tools: the first variant, with the matrix and the baseline
  /// beside it. Without a matrix it is itself a valid scenario file, as each variant's own is.
  public var resolvedJSON: String
  /// What the command line changed in the file, each `path=value`, for repeating the run.
  public var overrides: [String] = []
  /// The variables that the file took from the environment, with their values, for repeating the run.
  public var environment: [String: String] = [:]

  /// What holds for the whole run can be read from the first variant.
  public var first: Scenario { variants[0].scenario }

  /// What to hash: equal exactly when two files mean the same, whatever the order of their axes, and the files with data
  /// that they name hold the same.
  public var digestText: String {
    variants.count == 1 && variants[0].parameters.isEmpty
      ? first.digestText
      : variants.map { "\($0.isBaseline ? "baseline " : "")\($0.scenario.digestText)\n" }.sorted().joined()
  }

  /// A scenario without a matrix.
  public init(only scenario: Scenario) {
    variants = [ScenarioVariant(only: scenario)]
    resolvedJSON = scenario.resolvedJSON
  }

  init(variants: [ScenarioVariant], resolvedJSON: String) {
    self.variants = variants
    self.resolvedJSON = resolvedJSON
  }
}
