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
      the number of comparisons. Runs of different machines, scenarios or kinds of build are refused.

      Exits with 0 when nothing got worse by more than is allowed, 2 when something did, 4 when all changes are
      improvements (with --report-improvement), 7 when it is too noisy to tell (with --strict), 8 when the runs cannot be
      compared.

      EXAMPLES
        ringside compare main Results/quickstart/2026-05-04T10.00.00.000Z
        ringside compare before/result.json after/result.json --metric throughput --max-regression 2%
      """)

  @Argument(help: "The run to compare with.")
  var baseline: String

  @Argument(help: "The run to judge.")
  var candidate: String

  @Option(help: "The metric that decides; latency.p99 when left out, or throughput where no load is open.")
  var metric: String?

  @Option(help: .init("How much worse is still allowed, e.g. 5%.", valueName: "share"))
  var maxRegression: Percentage = .init(share: 0.05)

  @Option(help: "How likely a false alarm may be.")
  var alpha = 0.01

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
    guard alpha > 0, alpha < 1 else { throw ValidationError("--alpha is a share between 0 and 1, such as 0.01") }
  }

  func run() throws {
    let store = BaselineStore(folder: baselines)
    let old = try ResultSource(baseline, baselines: store)
    let new = try ResultSource(candidate, baselines: store)
    if let text = Comparability.searches(old.result, new.result) { throw CommandFailure(.baselineUnusable, text) }
    let obstacles = Comparability.obstacles(old.result, new.result)
    if !obstacles.isEmpty {
      let text = obstacles.map { "\n  \($0)" }.joined()
      guard force else {
        throw CommandFailure(.baselineUnusable, "the two runs cannot be compared:\(text)\n--force compares them anyway")
      }
      StandardStream.say("ringside: compared although they differ:\(text)")
    }
    for source in [old, new] {
      for reason in Comparability.unfitness(source.result) { StandardStream.say("ringside: \(source.name): \(reason)") }
    }
    let rules = ComparisonRules(metric: metric, maxRegression: maxRegression.share, alpha: alpha)
    let comparisons = ResultComparison(rules: rules).between(
      old.result, new.result, names: (old.name, new.name))
    guard comparisons.contains(where: answers) else {
      throw CommandFailure(
        .baselineUnusable,
        "the two runs have no figure in common that decides; name one of theirs with --metric: "
          + Self.metrics(old.result, new.result).joined(separator: ", "))
    }
    let report = ComparisonReport(comparisons, rules: rules, runs: (old.result, new.result))
    try StandardStream.output.write(json ? report.json() : report.text(style: style))
    let exitCode = report.exitCode(reportsImprovement: reportImprovement, isStrict: strict)
    if exitCode != .success { throw CommandFailure.silent(exitCode) }
  }

  /// Whether a comparison is by the metric that was asked for. Allocated bytes decide beside any: alone they would let a metric
  /// that is misspelt pass.
  private func answers(_ comparison: ResultModel.ComparisonResult) -> Bool {
    guard comparison.decides == true, comparison.test != ComparisonResult.nothingCompared else { return false }
    guard let metric, comparison.test == "exact" else { return comparison.test != "exact" }
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
struct Percentage: ExpressibleByArgument, CustomStringConvertible {
  var share: Double

  init(share: Double) { self.share = share }

  /// Nil for what is no share from 0 to 1.
  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
    share = isPercent ? number / 100 : number
    guard (0...1).contains(share) else { return nil }
  }

  var description: String {
    let percent = share * 100
    return "\(Int(exactly: percent).map(String.init) ?? QuantityText.significant(percent))%"
  }
}
