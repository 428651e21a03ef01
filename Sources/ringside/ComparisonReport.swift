internal import Foundation
internal import Reports
internal import ResultModel

/// What comparisons together come to, as text, as JSON and as an exit code.
struct ComparisonReport {
  private let comparisons: [ResultModel.ComparisonResult]
  private let chosen: ComparisonRules.Chosen
  private let obstacles: [String]
  private let marks: Marks
  private let exitCodes: [ResultModel.ExitCode]
  /// What the candidate broke, which outranks any speed.
  private let broken: [ResultModel.ExitCode]

  /// What keeps the figures of the two runs from being quoted.
  private struct Marks: Encodable {
    var baseline: [String]
    var candidate: [String]
  }

  /// What it came to, in a word.
  private enum Verdict: String, Encodable {
    case verificationFailed = "verification_failed"
    case invalid, worse, inconclusive
    case worseWithinLimit = "worse_within_limit"
    case better, same
  }

  private struct Content: Encodable {
    var verdict: Verdict
    var exitCode: ResultModel.ExitCode
    var exitCodes: [ResultModel.ExitCode]
    var rules: ComparisonRules
    /// Where the rules come from, if that is not plain.
    var notes: [String]
    /// Why the two should not have been compared; empty without --force.
    var obstacles: [String]
    var comparisons: [ResultModel.ComparisonResult]
    var marks: Marks

    enum CodingKeys: String, CodingKey {
      case verdict
      case exitCode = "exit_code"
      case exitCodes = "exit_codes"
      case rules, notes, obstacles, comparisons, marks
    }
  }

  /// - Parameters:
  ///   - obstacles: What speaks against comparing the two, which the user wanted all the same.
  ///   - runs: What was compared with what.
  init(
    _ comparisons: [ResultModel.ComparisonResult], chosen: ComparisonRules.Chosen, obstacles: [String],
    runs: (baseline: RunResult, candidate: RunResult), reportsImprovement: Bool, isStrict: Bool
  ) {
    self.comparisons = comparisons
    self.chosen = chosen
    self.obstacles = obstacles
    marks = Marks(
      baseline: runs.baseline.marks.map(\.rawValue), candidate: runs.candidate.marks.map(\.rawValue))
    broken = Self.broken(runs.candidate)
    let speed: ResultModel.ExitCode =
      switch ComparisonConclusion(of: comparisons) {
      case .regression: .regression
      case .undecided: isStrict ? .inconclusive : .success
      case .improvement: reportsImprovement ? .improvement : .success
      case .nothing: .success
      }
    exitCodes = ResultModel.ExitCode.ordered(broken + [speed])
  }

  /// The exit codes of what a run broke that no speed makes good.
  static func broken(_ result: RunResult) -> [ResultModel.ExitCode] {
    [.verificationFailed, .invalidRun].filter { result.exitCodes.contains($0) }
  }

  private var deciding: [ResultModel.ComparisonResult] { comparisons.filter { $0.decides == true } }
  private var regressions: [ResultModel.ComparisonResult] { comparisons.filter { $0.isRegression == true } }

  /// What the process ends with: the most important of all that applied.
  var exitCode: ResultModel.ExitCode { ResultModel.ExitCode.mostImportant(of: exitCodes) }

  /// The table, what its signs mean, and the verdict as the last line.
  func text(style: TerminalStyle) -> String {
    let table = ComparisonTable(comparisons, style: style).lines
    let explanation =
      "* decides: worse by more than \(chosen.rules.allowedText) at alpha \(chosen.rules.alpha) is a regression; of bytes allocated per "
      + "message one more is. \"could see\" is the smallest change "
      + "that these trials would show with 95 % probability."
    let reasons = deciding.compactMap { comparison in
      comparison.reason.map { "\(Self.name(comparison)) is inconclusive: \($0)." }
    }
    return (table + [""] + reasons + [explanation, sentence]).map { $0 + "\n" }.joined()
  }

  private var verdict: Verdict {
    if broken.contains(.verificationFailed) { return .verificationFailed }
    if !broken.isEmpty { return .invalid }
    if !regressions.isEmpty { return .worse }
    if deciding.contains(where: \.isUndecided) { return .inconclusive }
    if deciding.contains(where: { $0.verdict == .worse }) { return .worseWithinLimit }
    return deciding.contains { $0.verdict == .better } ? .better : .same
  }

  private var sentence: String {
    func names(_ outcome: ResultModel.ComparisonResult.Outcome) -> String {
      deciding.filter { $0.verdict == outcome }.map(Self.name).joined(separator: ", ")
    }
    switch verdict {
    case .verificationFailed:
      return "VERIFICATION FAILED: messages of the candidate are missing or wrong, however fast it was"
    case .invalid: return "INVALID: the candidate's load was not delivered, or a trial died: its figures say nothing"
    case .worse: return "WORSE: \(regressions.map(Self.name).joined(separator: ", "))"
    case .inconclusive: return "INCONCLUSIVE: \(names(.inconclusive))"
    case .worseWithinLimit: return "WORSE, BUT WITHIN WHAT IS ALLOWED: \(names(.worse))"
    case .better: return "BETTER: \(names(.better))"
    case .same: return "SAME"
    }
  }

  private static func name(_ comparison: ResultModel.ComparisonResult) -> String {
    "\(comparison.metric) of \(comparison.candidate)"
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let content = Content(
      verdict: verdict, exitCode: exitCode, exitCodes: exitCodes, rules: chosen.rules, notes: chosen.notes,
      obstacles: obstacles, comparisons: comparisons, marks: marks)
    return String(decoding: try encoder.encode(content), as: UTF8.self) + "\n"
  }
}
