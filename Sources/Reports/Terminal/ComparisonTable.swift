public import ResultModel

/// Candidates beside their baselines: what decides first, then all else, one line for each metric.
public struct ComparisonTable: Sendable {
  /// The table, without newlines.
  public let lines: [String]

  /// The table of `comparisons`; no lines when there are none.
  public init(_ comparisons: [ComparisonResult], style: TerminalStyle) {
    guard !comparisons.isEmpty else {
      lines = []
      return
    }
    let header = ["candidate", "metric", "baseline", "now", "ratio [95 %]", "p adj.", "could see", "verdict"]
    let sorted = comparisons.enumerated().sorted { one, other in
      let ranks = (one.element.decides == true ? 0 : 1, other.element.decides == true ? 0 : 1)
      return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : one.offset < other.offset
    }.map(\.element)
    let table = TextTable(
      rows: ([header] + sorted.map(Self.row)).map { $0.map(style.fit) }, rightColumns: [2, 3, 4, 5, 6]
    ).lines
    lines =
      [style.paint(table[0], .bold)]
      + zip(table.dropFirst(), sorted).map { line, comparison in
        Self.color(of: comparison).map { style.paint(line, $0) } ?? line
      }
  }

  private static func color(of comparison: ComparisonResult) -> TerminalStyle.Color? {
    if comparison.isRegression == true { return .red }
    guard comparison.decides == true else { return .dim }
    switch comparison.verdict {
    case .better: return .green
    case .worse, .inconclusive: return .yellow
    case .same: return nil
    }
  }

  private static func row(_ comparison: ComparisonResult) -> [String] {
    let decides = comparison.decides == true
    return [
      comparison.candidate, comparison.metric + (decides ? "*" : ""), value(comparison.baselineMedian, comparison),
      value(comparison.candidateMedian, comparison), ratio(comparison),
      comparison.test == "exact" ? "exact" : p(comparison.pAdjusted),
      comparison.minimalDetectableEffectPercent.map { "\(QuantityText.significant($0)) %" } ?? "–",
      comparison.verdict.rawValue + (comparison.isRegression == true ? " (regression)" : ""),
    ]
  }

  private static func p(_ p: Double) -> String { p < 0.0001 ? "<0.0001" : QuantityText.significant(p) }

  private static func ratio(_ comparison: ComparisonResult) -> String {
    guard comparison.ratio < .greatestFiniteMagnitude else { return "from 0" }
    let ratio = fixed(comparison.ratio)
    guard comparison.test != "exact", let interval = comparison.ratioCI95 else { return ratio }
    return "\(ratio) [\(fixed(interval.low)), \(fixed(interval.high))]"
  }

  /// Three decimals.
  private static func fixed(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let decimals = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals
  }

  private static func value(_ value: Double?, _ comparison: ComparisonResult) -> String {
    guard let value else { return "–" }
    let metric = comparison.metric.prefix { $0 != "@" }
    if ["throughput", "offered", "sent"].contains(metric) { return QuantityText.rate(perSecond: value) }
    if metric == "allocated_bytes_per_message" { return "\(QuantityText.significant(value)) B" }
    return QuantityText.duration(nanoseconds: value)
  }
}
