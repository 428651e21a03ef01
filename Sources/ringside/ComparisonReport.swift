internal import Foundation
internal import Reports
internal import ResultModel

/// What comparisons together come to, as text, as JSON and as an exit code.
struct ComparisonReport {
  private let comparisons: [ResultModel.ComparisonResult]
  private let rules: ComparisonRules
  private let marks: Marks

  /// What keeps the figures of the two runs from being quoted.
  private struct Marks: Encodable {
    var baseline: [String]
    var candidate: [String]
  }

  private struct Content: Encodable {
    var comparisons: [ResultModel.ComparisonResult]
    var marks: Marks
  }

  /// - Parameter runs: What was compared with what.
  init(
    _ comparisons: [ResultModel.ComparisonResult], rules: ComparisonRules,
    runs: (baseline: RunResult, candidate: RunResult)
  ) {
    self.comparisons = comparisons
    self.rules = rules
    marks = Marks(
      baseline: runs.baseline.marks.map(\.rawValue), candidate: runs.candidate.marks.map(\.rawValue))
  }

  private var deciding: [ResultModel.ComparisonResult] { comparisons.filter { $0.decides == true } }
  private var regressions: [ResultModel.ComparisonResult] { comparisons.filter { $0.isRegression == true } }

  func exitCode(reportsImprovement: Bool, isStrict: Bool) -> ResultModel.ExitCode {
    switch ComparisonConclusion(of: comparisons) {
    case .regression: .regression
    case .undecided: isStrict ? .inconclusive : .success
    case .improvement: reportsImprovement ? .improvement : .success
    case .nothing: .success
    }
  }

  /// The table, what its signs mean, and the verdict as the last line.
  func text(style: TerminalStyle) -> String {
    let table = ComparisonTable(comparisons, style: style).lines
    let allowed = "\(Percentage(share: rules.maxRegression))"
    let explanation =
      "* decides: worse by more than \(allowed) at alpha \(rules.alpha) is a regression. \"could see\" is the smallest change "
      + "that these trials would show with 95 % probability."
    return (table + ["", explanation, verdict]).map { $0 + "\n" }.joined()
  }

  private var verdict: String {
    if !regressions.isEmpty { return "WORSE: \(regressions.map(Self.name).joined(separator: ", "))" }
    let unknown = deciding.filter { $0.verdict == .inconclusive }
    if !unknown.isEmpty { return "INCONCLUSIVE: \(unknown.map(Self.name).joined(separator: ", "))" }
    let worse = deciding.filter { $0.verdict == .worse }
    if !worse.isEmpty {
      return "WORSE, BUT WITHIN WHAT IS ALLOWED: \(worse.map(Self.name).joined(separator: ", "))"
    }
    let better = deciding.filter { $0.verdict == .better }
    return better.isEmpty ? "SAME" : "BETTER: \(better.map(Self.name).joined(separator: ", "))"
  }

  private static func name(_ comparison: ResultModel.ComparisonResult) -> String {
    "\(comparison.metric) of \(comparison.candidate)"
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Content(comparisons: comparisons, marks: marks)), as: UTF8.self) + "\n"
  }
}
