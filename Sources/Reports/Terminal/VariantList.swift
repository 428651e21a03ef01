import ResultModel

/// All variants of a matrix in one table: throughput and the main percentiles of each normal phase.
struct VariantList {
  let variants: [VariantResult]
  let merged: [MergedVariant]
  let style: TerminalStyle

  var lines: [String] {
    let header = ["variant", "phase", "throughput", "p50", "p99", "p99.9", "series", "verified"]
    let rows = zip(variants, merged).flatMap { variant, merged in
      merged.phases.filter { $0.sampleType == .normal }.map { row(variant, $0) }
    }
    let lines = TextTable(rows: ([header] + rows).map { $0.map(style.fit) }, rightColumns: [2, 3, 4, 5]).lines
    return [style.paint(lines[0], .bold)] + lines.dropFirst()
  }

  private func row(_ variant: VariantResult, _ phase: MergedVariant.Phase) -> [String] {
    let rates = phase.parts.map(\.rates.receivedPerSecond).sorted()
    let throughput = (rates[(rates.count - 1) / 2] + rates[rates.count / 2]) / 2
    // Latency where there is one: then its closest substitute, named in its own column.
    let series = phase.series.first { $0.name == "latency" } ?? phase.series.first { $0.name == "service_time" }
    let times = ["50", "99", "99.9"].map { name -> String in
      guard let summary = series?.summary, summary.supported.contains(name), let value = summary.percentiles[name]
      else { return "–" }
      return QuantityText.duration(nanoseconds: value)
    }
    let verified =
      phase.checks.contains { $0 == nil } ? "no" : phase.checks.allSatisfy { $0?.isClean == true } ? "clean" : "FAILED"
    return [variant.slug + (variant.baseline ? "*" : ""), phase.name, QuantityText.rate(perSecond: throughput)] + times
      + [series?.name ?? "–", verified]
  }
}
