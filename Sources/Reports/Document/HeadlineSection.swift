import ResultModel

/// The verdict in a line, and what must be known before any figure is quoted.
struct HeadlineSection {
  private let result: RunResult

  init(_ result: RunResult) { self.result = result }

  var blocks: [ReportBlock] {
    let reasons = result.phrases
    let headline =
      "\(result.status.rawValue.uppercased()) (exit \(result.exitCode.rawValue))"
      + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))")
      + " · \(TrialCounts(of: result.variants).text) in "
      + QuantityText.duration(nanoseconds: result.durationNanoseconds)
    let broken = result.verdicts.filter { !$0.ok }
    let failures = broken.filter { $0.severity == .error } + broken.filter { $0.severity != .error }
    var blocks: [ReportBlock] = [.paragraph(headline, tone: tone)]
    blocks += ResultNotes.banners(of: result).map { .paragraph($0, tone: .bad) }
    blocks += Self.lists(failures.prefix(Self.shownCount))
    if failures.count > Self.shownCount {
      blocks.append(
        .fold(
          "\(failures.count - Self.shownCount) more findings",
          Self.lists(failures.dropFirst(Self.shownCount))))
    }
    return blocks
  }

  /// What failed, then what is only a warning.
  private static func lists(_ verdicts: ArraySlice<Verdict>) -> [ReportBlock] {
    [
      .list(verdicts.filter { $0.severity == .error }.map(Words.sentence), tone: .bad),
      .list(verdicts.filter { $0.severity != .error }.map(Words.sentence), tone: .warning),
    ]
  }

  /// More findings than these would push the figures off the first screen.
  private static let shownCount = 8

  private var tone: ReportBlock.Tone {
    switch result.status {
    case .passed: .good
    case .failed, .invalid: .bad
    case .inconclusive, .aborted: .warning
    }
  }
}
