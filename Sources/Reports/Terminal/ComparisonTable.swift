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
    let sorted = comparisons.enumerated().sorted { one, other in
      let ranks = (one.element.decides == true ? 0 : 1, other.element.decides == true ? 0 : 1)
      return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : one.offset < other.offset
    }.map(\.element)
    let table = TextTable(
      rows: ([ComparisonCells.header] + sorted.map(Self.row)).map { $0.map(style.fit) },
      rightColumns: ComparisonCells.rightColumns
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
    let cells = ComparisonCells(comparison)
    let metric = comparison.metric + (comparison.decides == true ? "*" : "")
    return [cells.candidate, metric] + cells.figures + [cells.verdict]
  }
}
