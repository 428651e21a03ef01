import Glibc
import Histograms
import ResultModel

/// How times grow towards the rare ones: for each normal phase a picture over the share of messages, and the figures.
struct SpectrumSection {
  private let result: RunResult
  private let merged: [MergedVariant]

  /// Variants beyond these are in the tables only.
  private static let variantLimit = 6

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  var blocks: [ReportBlock] {
    var phases: [String] = []
    for phase in merged.flatMap(\.phases)
    where phase.sampleType == .normal && !phase.series.isEmpty && !phases.contains(phase.name) {
      phases.append(phase.name)
    }
    guard !phases.isEmpty else { return [] }
    return [.heading("Percentile spectrum")]
      + phases.flatMap { [.chart(chart($0)), .fold("Figures of \($0)", [.table(table($0))])] }
  }

  private func parts(_ name: String) -> [(variant: MergedVariant, phase: MergedVariant.Phase)] {
    merged.compactMap { variant in
      variant.phases.first { $0.name == name && $0.sampleType == .normal }.map { (variant, $0) }
    }
  }

  private func chart(_ name: String) -> Chart {
    let parts = parts(name)
    let floor = parts.lazy.compactMap { $0.phase.parts.lazy.compactMap { $0.platform?.hiccup }.first }.first
    var series: [Chart.Series] = []
    if let floor { series.append(Chart.Series(name: "hiccup (the machine)", points: points(floor), isFloor: true)) }
    for (variant, phase) in parts.prefix(Self.variantLimit) {
      for name in ["latency", "service_time"] {
        guard let found = phase.series.first(where: { $0.name == name }) else { continue }
        // One curve for each of several variants: both of a single one.
        if parts.count > 1, name == "service_time", phase.series.contains(where: { $0.name == "latency" }) { continue }
        series.append(
          Chart.Series(
            name: parts.count > 1 ? "\(variant.slug) \(name)" : name, points: points(found.histogram)))
      }
    }
    return Chart(
      title: "Phase \(name)", x: .init(title: "share of messages", unit: .percentile, isLogarithmic: true),
      y: .init(title: "time", unit: .nanoseconds, isLogarithmic: true), series: series)
  }

  /// Eight points to each factor of ten of rarity, as far as ten values lie beyond.
  private func points(_ histogram: LatencyHistogram) -> [Chart.Series.Point] {
    var points: [Chart.Series.Point] = []
    var step = 0
    while true {
      let oneIn = pow(10, Double(step) / 8)
      guard Double(histogram.count) / oneIn >= 10 else { return points }
      points.append(.init(x: oneIn, y: max(1, Double(histogram.value(atPercentile: 100 * (1 - 1 / oneIn))))))
      step += 1
    }
  }

  private func points(_ summary: LatencySummary) -> [Chart.Series.Point] {
    LatencySummary.reportedPercentiles.compactMap { name, percent in
      guard summary.supported.contains(name), let value = summary.percentiles[name] else { return nil }
      return .init(x: 1 / (1 - percent / 100), y: max(1, Double(value)))
    }
  }

  private func table(_ name: String) -> ReportTable {
    let percentiles = ["50", "90", "99", "99.9", "99.99"]
    let rows = parts(name).flatMap { variant, phase in
      phase.series.map { series -> [ReportTable.Cell] in
        [.init(variant.slug), .init(series.name), .init(QuantityText.count(series.summary.count))]
          + percentiles.map { .init(text(series.summary, $0)) }
          + [.init(QuantityText.duration(nanoseconds: series.summary.max))]
      }
    }
    return ReportTable(
      caption: "Percentiles of all trials merged, with 95 % intervals; – where fewer than ten values lie beyond",
      header: ["variant", "series", "values"] + percentiles.map { "p\($0)" } + ["max"], rows: rows,
      rightColumns: Set(2...(percentiles.count + 3)))
  }

  private func text(_ summary: LatencySummary, _ percentile: String) -> String {
    guard summary.supported.contains(percentile), let value = summary.percentiles[percentile] else { return "–" }
    let text = QuantityText.duration(nanoseconds: value)
    guard let interval = summary.percentileCI95[percentile] else { return text }
    let ends = [interval.low, interval.high].map { QuantityText.duration(nanoseconds: $0) }
    return "\(text) \(Words.interval(ends[0], ends[1], beside: text))"
  }
}
