import ResultModel

/// All variants at a glance: heat maps where the matrix has two axes or more, and a line for each variant and phase in any case.
struct MatrixSection {
  private let result: RunResult
  private let merged: [MergedVariant]

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  var blocks: [ReportBlock] {
    [.heading(result.variants.count > 1 ? "Variants" : "Figures")] + MatrixHeatMaps(result, merged).blocks
      + [.table(list)]
  }

  // MARK: - One line each

  private var list: ReportTable {
    let rows = zip(result.variants, merged).flatMap { variant, merged in
      let normal = merged.phases.filter { $0.sampleType == .normal }
      return normal.map { row(variant, $0, isOnlyPhase: normal.count == 1) }
    }
    return ReportTable(
      caption: "Medians over the trials, with 95 % intervals where there are enough of them",
      header: ["variant", "phase", "load", "throughput", "p50", "p99", "p99.9", "times", "trials", "verified"],
      rows: rows,
      rightColumns: [3, 4, 5, 6, 8], wordColumns: [2])
  }

  private func row(_ variant: VariantResult, _ phase: MergedVariant.Phase, isOnlyPhase: Bool) -> [ReportTable.Cell] {
    let series = Self.series(of: phase)
    func text(_ metric: String) -> String {
      guard let summary = variant.summary[isOnlyPhase ? metric : "\(metric)@\(phase.name)"] else { return "–" }
      let median = Words.value(summary.median, ofMetric: metric)
      guard let interval = summary.ci95 else { return median }
      let ends = [interval.low, interval.high].map { Words.value($0, ofMetric: metric) }
      return "\(median) \(Words.interval(ends[0], ends[1], beside: median))"
    }
    let times = ["p50", "p99", "p99.9"].map { percentile in
      ReportTable.Cell(series.map { text("\($0).\(percentile)") } ?? "–")
    }
    let isVerified = phase.checks.contains { $0 == nil } ? nil : phase.checks.allSatisfy { $0?.isClean == true }
    let verified =
      isVerified.map { ReportTable.Cell($0 ? "clean" : "FAILED", tone: $0 ? .good : .bad) }
      ?? .init("no", tone: .warning)
    return [
      .init(Self.name(variant)), .init(phase.name), .init(phase.parts[0].load ?? "–"), .init(text("throughput")),
    ] + times + [.init(series ?? "–"), .init("\(phase.isDisturbed ? 0 : phase.parts.count)"), verified]
  }

  private static func name(_ variant: VariantResult) -> String {
    variant.slug + (variant.baseline ? " (baseline)" : "")
  }

  /// Latency where there is one: then its closest substitute.
  private static func series(of phase: MergedVariant.Phase) -> String? {
    ["latency", "service_time"].first { name in phase.series.contains { $0.name == name } }
  }
}
