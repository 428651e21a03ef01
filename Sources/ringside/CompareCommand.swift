internal import ArgumentParser
internal import Foundation
internal import Reports
internal import ResultModel

/// Compares two runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Say whether a run got slower than an earlier one.",
    discussion: """
      Both are a result.json, a results directory, or the name of a baseline (see `ringside baseline`). One metric decides,
      and bytes allocated per message beside it; the others are shown. Ratios have 95 % intervals, and p is corrected for
      the number of comparisons. Which metric, how much worse is allowed and alpha are what the scenario declared in
      `compare` when it was measured (that of the second run, where the two differ); an option overrides it, and a sentence
      says so. Runs of different machines, scenarios or kinds of build are refused, and so is a baseline that lost messages
      or whose load was not delivered.

      Exits with 0 when nothing got worse by more than is allowed, 2 when something did, 4 when all changes are
      improvements (with --report-improvement), 5 or 6 when the second run lost messages or its load was not delivered,
      however fast it was, 7 when it is too noisy to tell (with --strict), 8 when the runs cannot be compared.

      EXAMPLES
        ringside compare main Results/quickstart/2026-05-04T10.00.00.000Z
        ringside compare before/result.json after/result.json --metric throughput --max-regression 2%
      """)

  @Argument(help: "The run to compare with.")
  var baseline: String

  @Argument(help: "The run to judge.")
  var candidate: String

  @Option(
    help: "The metric that decides; where the scenario names none latency.p99, or throughput where no load is open.")
  var metric: String?

  @Option(help: .init("How much worse is still allowed; 5% where the scenario does not say.", valueName: "share"))
  var maxRegression: Percentage?

  @Option(help: "How likely a false alarm may be; 0.01 where the scenario does not say.")
  var alpha: Double?

  @Option(help: .init("Where baselines are kept.", valueName: "dir"), completion: .directory)
  var baselines = "Results/baselines"

  @Flag(help: "Compare what cannot be compared, with a warning.")
  var force = false

  @Flag(help: "End with exit 4 when there are only improvements.")
  var reportImprovement = false

  @Flag(help: "End with exit 7 when it is too noisy to tell.")
  var strict = false

  @Flag(help: "Print the comparisons as JSON.")
  var json = false

  func validate() throws {
    guard alpha.map({ $0 > 0 && $0 < 1 }) != false else {
      throw ValidationError("--alpha is a share between 0 and 1, such as 0.01")
    }
  }

  func run() throws {
    let store = BaselineStore(folder: baselines)
    let old = try ResultSource(baseline, baselines: store)
    let new = try ResultSource(candidate, baselines: store)
    if let text = Comparability.searches(old.result, new.result) { throw CommandFailure(.baselineUnusable, text) }
    let obstacles = try self.obstacles(old, new)
    let chosen = ComparisonRules.chosen(
      baseline: old.result.comparisonRules, candidate: new.result.comparisonRules, metric: metric,
      maxRegression: maxRegression?.share, alpha: alpha)
    for note in chosen.notes { StandardStream.say("ringside: \(note)") }
    let comparisons = ResultComparison(rules: chosen.rules).between(
      old.result, new.result, names: (old.name, new.name))
    let isBroken = !ComparisonReport.broken(new.result).isEmpty
    guard isBroken || comparisons.contains(where: { answers($0, chosen.rules.metric) }) else {
      throw CommandFailure(
        .baselineUnusable,
        "the two runs have no figure in common that decides; name one of theirs with --metric: "
          + Self.metrics(old.result, new.result).joined(separator: ", "))
    }
    let report = ComparisonReport(
      comparisons, chosen: chosen, obstacles: obstacles, runs: (old.result, new.result),
      reportsImprovement: reportImprovement, isStrict: strict)
    try StandardStream.output.write(json ? report.json() : report.text(style: style))
    if report.exitCode != .success { throw CommandFailure.silent(report.exitCode) }
  }

  /// What keeps the runs from being compared, which only --force overrides; says what else speaks against them.
  private func obstacles(_ old: ResultSource, _ new: ResultSource) throws -> [String] {
    var obstacles = Comparability.obstacles(old.result, new.result)
    obstacles += Comparability.unsoundness(old.result).map { "the baseline \(old.name): \($0)" }
    // A candidate that broke a promise has an exit code for that.
    if ComparisonReport.broken(new.result).isEmpty {
      obstacles += Comparability.unsoundness(new.result).map { "the candidate \(new.name): \($0)" }
    }
    if !obstacles.isEmpty {
      let text = obstacles.map { "\n  \($0)" }.joined()
      guard force else {
        throw CommandFailure(.baselineUnusable, "the two runs cannot be compared:\(text)\n--force compares them anyway")
      }
      StandardStream.say("ringside: compared although they differ:\(text)")
    }
    for source in [old, new] {
      let told = Set(Comparability.unsoundness(source.result))
      for reason in Comparability.unfitness(source.result) where !told.contains(reason) {
        StandardStream.say("ringside: \(source.name): \(reason)")
      }
    }
    return obstacles
  }

  /// Whether a comparison is by the metric that was asked for. Allocated bytes decide beside any: alone they would let a metric
  /// that is misspelt pass.
  private func answers(_ comparison: ResultModel.ComparisonResult, _ metric: String?) -> Bool {
    guard comparison.decides == true, comparison.test != ComparisonResult.nothingCompared else { return false }
    guard let metric, comparison.isOfAllocatedBytes else { return !comparison.isOfAllocatedBytes }
    return [comparison.metric, String(comparison.metric.prefix { $0 != "@" })].contains(metric)
  }

  private var style: TerminalStyle {
    TerminalStyle.detect(
      isTerminal: StandardStream.output.isTerminal, environment: ProcessInfo.processInfo.environment)
  }

  private static func metrics(_ one: RunResult, _ other: RunResult) -> [String] {
    let names = { (result: RunResult) in Set(result.variants.flatMap(\.summary.keys)) }
    return names(one).intersection(names(other)).sorted()
  }
}

/// A share as people write it: `5%`, or `0.05`.
struct Percentage: ExpressibleByArgument {
  var share: Double

  /// Nil for what is no share from 0 to 1.
  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
    share = isPercent ? number / 100 : number
    guard (0...1).contains(share) else { return nil }
  }
}
