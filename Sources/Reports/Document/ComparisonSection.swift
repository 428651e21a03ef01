import ResultModel

/// Candidates beside their baseline, and the smallest change that could have been seen.
struct ComparisonSection {
  private let comparisons: [ComparisonResult]
  private let rules: String?

  init(_ result: RunResult) {
    comparisons = result.comparisons
    rules = Self.rules(of: result)
  }

  /// By which rules the comparisons of a run were judged; nil where there are none, or an older file does not say.
  static func rules(of result: RunResult) -> String? {
    guard !result.comparisons.isEmpty else { return nil }
    if result.status == .aborted || result.wasStopped {
      return "Only reported: the run was stopped before its end, so that none of this decides."
    }
    if let rules = result.comparisonRules { return rules.sentence }
    return result.comparisons.contains { $0.decides == true }
      ? nil : "Only reported: the scenario says nothing under compare, so that none of this decides."
  }

  var blocks: [ReportBlock] {
    guard !comparisons.isEmpty else { return [] }
    let deciding = comparisons.filter { $0.decides == true }.sorted { $0.metric < $1.metric }
    let confirmations = comparisons.filter { $0.batch != nil }
    let others = comparisons.filter { $0.decides != true && $0.batch == nil }
    var blocks: [ReportBlock] = [.heading("Comparison with the baseline")]
    if let rules { blocks.append(.paragraph(rules)) }
    if let text = seen(deciding.isEmpty ? others : deciding) { blocks.append(.paragraph(text)) }
    if !deciding.isEmpty { blocks.append(.table(table(deciding, caption: "What decides"))) }
    let reasons = deciding.compactMap { comparison in
      comparison.reason.map { "\(comparison.metric) of \(comparison.candidate) is inconclusive: \($0)." }
    }
    if !reasons.isEmpty { blocks.append(.list(reasons)) }
    if !confirmations.isEmpty {
      blocks.append(
        .table(table(confirmations, caption: "What was measured again before anything was called a regression")))
    }
    if !others.isEmpty {
      let table = table(others, caption: "What is reported beside it")
      blocks.append(deciding.isEmpty ? .table(table) : .fold("Other metrics (\(others.count))", [.table(table)]))
    }
    return blocks
  }

  private func seen(_ comparisons: [ComparisonResult]) -> String? {
    let tested = comparisons.filter { !["exact", ComparisonResult.nothingCompared].contains($0.test) }
    let effects = tested.compactMap(\.minimalDetectableEffectPercent)
    guard let largest = effects.max(), let smallest = effects.min() else {
      return tested.isEmpty ? nil : "This run could not have seen any change: its trials are too few."
    }
    let text =
      largest == smallest
      ? QuantityText.significant(largest)
      : "\(QuantityText.significant(smallest)) to \(QuantityText.significant(largest))"
    return "The smallest change this run could have seen: \(text) %."
      + (effects.count < tested.count ? " Rows that name none have too few trials to show any." : "")
  }

  private func table(_ comparisons: [ComparisonResult], caption: String) -> ReportTable {
    ReportTable(
      caption: caption, header: ComparisonCells.header, rows: comparisons.map(row),
      rightColumns: ComparisonCells.rightColumns, wordColumns: [1])
  }

  private func row(_ comparison: ComparisonResult) -> [ReportTable.Cell] {
    let cells = ComparisonCells(comparison)
    return [.init(cells.candidate), .init(comparison.metric)] + cells.figures.map { .init($0) }
      + [.init(cells.verdict, tone: tone(comparison))]
  }

  private func tone(_ comparison: ComparisonResult) -> ReportBlock.Tone {
    if comparison.isRegression == true { return .bad }
    switch comparison.verdict {
    case .better: return .good
    case .worse: return .warning
    case .same, .inconclusive: return .neutral
    }
  }
}
