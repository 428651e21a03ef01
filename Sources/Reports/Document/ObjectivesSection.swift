import ResultModel

/// The limits that the scenario set, each with what was observed and where it is written.
struct ObjectivesSection {
  private let objectives: [Verdict]

  init(_ result: RunResult) { objectives = result.verdicts.filter { $0.kind == .slo } }

  var blocks: [ReportBlock] {
    guard !objectives.isEmpty else { return [] }
    let rows = objectives.map { verdict -> [ReportTable.Cell] in
      [
        .init(verdict.id), .init(Words.observed(verdict) ?? "–"),
        .init(verdict.limit.map { Words.value($0, verdict.unit) } ?? "–"),
        .init(Words.outcome(verdict), tone: verdict.ok ? .good : verdict.severity == .warn ? .warning : .bad),
        .init(verdict.source.map { "\($0.file):\($0.line)" } ?? "–"), .init(verdict.detail ?? ""),
      ]
    }
    return [
      .heading("Objectives"),
      .table(
        ReportTable(
          caption: "Limits and what was observed, with 95 % intervals",
          header: ["objective", "observed", "limit", "outcome", "written in", "remark"], rows: rows,
          rightColumns: [1, 2],
          proseColumns: [5])),
    ]
  }
}
