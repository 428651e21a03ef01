import ResultModel

/// Every trial, also those that do not count.
struct TrialsSection {
  private let result: RunResult

  init(_ result: RunResult) { self.result = result }

  var blocks: [ReportBlock] {
    let rows = result.variants.flatMap { variant in
      variant.trials.flatMap { trial in
        let phases = trial.phases.filter { $0.sampleType == .normal }
        return phases.isEmpty
          ? [row(variant, trial, nil)] : phases.map { row(variant, trial, $0) }
      }
    }
    let table = ReportTable(
      caption: "Every trial, in the order of variants",
      header: ["variant", "trial", "order", "phase", "status", "throughput", "p50", "p99", "max", "remarks"],
      rows: rows,
      rightColumns: [1, 2, 5, 6, 7, 8], proseColumns: [9])
    return [.heading("Trials"), .fold("All \(Words.plural(rows.count, "row"))", [.table(table)])]
  }

  private func row(_ variant: VariantResult, _ trial: TrialResult, _ phase: PhaseResult?) -> [ReportTable.Cell] {
    let series = phase?.latency ?? phase?.serviceTime
    func time(_ value: Int64?) -> ReportTable.Cell {
      .init(value.map { QuantityText.duration(nanoseconds: $0) } ?? "–")
    }
    let remarks =
      trial.reasons + (trial.repeats.map { ["repeats trial \($0)"] } ?? [])
      + (trial.batch.map { ["confirmation \($0)"] } ?? [])
    return [
      .init(variant.slug), .init("\(trial.index)"), .init("\(trial.order)"), .init(phase?.name ?? "–"),
      .init(trial.status.rawValue, tone: trial.status == .ok ? .neutral : .bad),
      .init(phase.map { QuantityText.rate(perSecond: $0.rates.receivedPerSecond) } ?? "–"),
      time(series?.percentiles["50"]), time(series?.percentiles["99"]), time(series?.max),
      .init(remarks.joined(separator: "; ")),
    ]
  }
}
