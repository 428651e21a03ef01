import ResultModel

/// All variants of a matrix in one table: for each normal phase the median over the trials of throughput and of the main
/// percentiles, with the 95 % interval of the median where there are enough trials.
struct VariantList {
  let variants: [VariantResult]
  let merged: [MergedVariant]
  let style: TerminalStyle

  var lines: [String] {
    let header = ["variant", "phase", "throughput", "p50", "p99", "p99.9", "series", "n", "verified"]
    let rows = zip(variants, merged).flatMap { variant, merged in
      let normal = merged.phases.filter { $0.sampleType == .normal }
      return normal.map { row(variant, $0, isOnlyPhase: normal.count == 1) }
    }
    let lines = TextTable(rows: ([header] + rows).map { $0.map(style.fit) }, rightColumns: [2, 3, 4, 5, 7]).lines
    return [style.paint(lines[0], .bold)] + lines.dropFirst()
  }

  private func row(_ variant: VariantResult, _ phase: MergedVariant.Phase, isOnlyPhase: Bool) -> [String] {
    func summary(_ metric: String) -> MetricSummary? {
      variant.summary[isOnlyPhase ? metric : "\(metric)@\(phase.name)"]
    }
    // Latency where there is one: then its closest substitute, named in its own column.
    let series = ["latency", "service_time"].first { name in phase.series.contains { $0.name == name } }
    let times = ["p50", "p99", "p99.9"].map { percentile in
      series.flatMap { summary("\($0).\(percentile)") }.map {
        Self.text($0) { QuantityText.duration(nanoseconds: $0) }
      } ?? "–"
    }
    let verified =
      phase.checks.contains { $0 == nil } ? "no" : phase.checks.allSatisfy { $0?.isClean == true } ? "clean" : "FAILED"
    let throughput = summary("throughput").map { Self.text($0) { QuantityText.rate(perSecond: $0) } } ?? "–"
    return [variant.slug + (variant.baseline ? "*" : ""), phase.name, throughput] + times
      + [series ?? "–", phase.isDisturbed ? "0" : "\(phase.parts.count)", verified]
  }

  /// The median, and the ends of its interval where there is one.
  private static func text(_ summary: MetricSummary, unit: (Double) -> String) -> String {
    let median = unit(summary.median)
    guard let interval = summary.ci95 else { return median }
    return "\(median) \(Words.interval(unit(interval.low), unit(interval.high), beside: median))"
  }
}
