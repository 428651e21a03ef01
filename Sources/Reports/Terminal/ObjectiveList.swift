import ResultModel

/// The objectives of a run with what was observed, one line for each phase that they are about.
struct ObjectiveList {
  let lines: [String]

  /// The list of the objectives in `verdicts`; no lines when there are none.
  init(_ verdicts: [Verdict], style: TerminalStyle) {
    let objectives = verdicts.filter { $0.kind == .slo }
    guard !objectives.isEmpty else {
      lines = []
      return
    }
    let header = ["objective", "observed [95 %]", "limit", ""]
    let rows = objectives.map { verdict in
      [
        verdict.id, Words.observed(verdict) ?? "–", verdict.limit.map { Words.value($0, verdict.unit) } ?? "–",
        Words.outcome(verdict),
      ]
    }
    let table = TextTable(rows: ([header] + rows).map { $0.map(style.fit) }, rightColumns: [1, 2]).lines
    lines =
      [style.paint(table[0], .bold)]
      + zip(table.dropFirst(), objectives).map { line, verdict in
        style.paint(line, verdict.ok ? .green : verdict.severity == .warn ? .yellow : .red)
      }
  }
}
