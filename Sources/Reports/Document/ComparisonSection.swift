import ResultModel

/// Candidates beside their baseline, and the smallest change that could have been seen.
struct ComparisonSection {
  private let comparisons: [ComparisonResult]

  init(_ result: RunResult) { comparisons = result.comparisons }

  var blocks: [ReportBlock] {
    guard !comparisons.isEmpty else { return [] }
    let deciding = comparisons.filter { $0.decides == true }.sorted { $0.metric < $1.metric }
    let others = comparisons.filter { $0.decides != true }
    var blocks: [ReportBlock] = [.heading("Comparison with the baseline")]
    if let text = seen(deciding.isEmpty ? others : deciding) { blocks.append(.paragraph(text)) }
    if !deciding.isEmpty { blocks.append(.table(table(deciding, caption: "What decides"))) }
    if !others.isEmpty {
      let table = table(others, caption: "What is reported beside it")
      blocks.append(deciding.isEmpty ? .table(table) : .fold("Other metrics (\(others.count))", [.table(table)]))
    }
    return blocks
  }

  private func seen(_ comparisons: [ComparisonResult]) -> String? {
    let effects = comparisons.filter { $0.test != "exact" }.compactMap(\.minimalDetectableEffectPercent)
    guard let largest = effects.max(), let smallest = effects.min() else { return nil }
    let text =
      largest == smallest
      ? QuantityText.significant(largest)
      : "\(QuantityText.significant(smallest)) to \(QuantityText.significant(largest))"
    return "The smallest change this run could have seen: \(text) %."
  }

  private func table(_ comparisons: [ComparisonResult], caption: String) -> ReportTable {
    ReportTable(
      caption: caption,
      header: [
        "candidate", "metric", "baseline", "now", "ratio [95 %]", "adjusted p", "could see", "verdict",
      ], rows: comparisons.map(row), rightColumns: [2, 3, 4, 5, 6])
  }

  private func row(_ comparison: ComparisonResult) -> [ReportTable.Cell] {
    func value(_ value: Double?) -> ReportTable.Cell {
      .init(value.map { Words.value($0, ofMetric: comparison.metric) } ?? "–")
    }
    let isFinite = comparison.ratio < .greatestFiniteMagnitude
    let interval = comparison.test == "exact" ? nil : comparison.ratioCI95
    let ratio =
      (isFinite ? Words.ratio(comparison.ratio) : "from 0")
      + (interval.map { " [\(Words.ratio($0.low)), \(Words.ratio($0.high))]" } ?? "")
    let effect = comparison.minimalDetectableEffectPercent.map { "\(QuantityText.significant($0)) %" } ?? "–"
    return [
      .init(comparison.candidate), .init(comparison.metric), value(comparison.baselineMedian),
      value(comparison.candidateMedian), .init(ratio),
      .init(comparison.test == "exact" ? "exact" : QuantityText.significant(comparison.pAdjusted)),
      .init(comparison.test == "exact" ? "everything" : effect),
      .init(
        comparison.verdict.rawValue + (comparison.isRegression == true ? " (regression)" : ""), tone: tone(comparison)),
    ]
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
