import Glibc
import ResultModel

/// All variants at a glance: a heat map where the matrix has two axes, and a line for each variant and phase in any case.
struct MatrixSection {
  private let result: RunResult
  private let merged: [MergedVariant]

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  var blocks: [ReportBlock] {
    [.heading(result.variants.count > 1 ? "Variants" : "Figures")] + heatMaps + [.table(list)]
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
      rightColumns: [3, 4, 5, 6, 8])
  }

  private func row(_ variant: VariantResult, _ phase: MergedVariant.Phase, isOnlyPhase: Bool) -> [ReportTable.Cell] {
    let series = Self.series(of: phase)
    func text(_ metric: String) -> String {
      guard let summary = variant.summary[isOnlyPhase ? metric : "\(metric)@\(phase.name)"] else { return "–" }
      let median = Words.value(summary.median, ofMetric: metric)
      return summary.ci95.map {
        "\(median) [\(Words.value($0.low, ofMetric: metric)), \(Words.value($0.high, ofMetric: metric))]"
      } ?? median
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

  // MARK: - Heat maps

  /// One for each normal phase: rows one axis, columns the other.
  private var heatMaps: [ReportBlock] {
    let axes = Set(result.variants.flatMap(\.parameters.keys)).sorted()
    guard axes.count == 2, result.variants.count > 2 else { return [] }
    var phases: [String] = []
    for phase in merged.flatMap(\.phases) where phase.sampleType == .normal && !phases.contains(phase.name) {
      phases.append(phase.name)
    }
    return phases.map { .table(heatMap($0, rows: axes[0], columns: axes[1], isOnlyPhase: phases.count == 1)) }
  }

  private func heatMap(_ phase: String, rows: String, columns: String, isOnlyPhase: Bool) -> ReportTable {
    let suffix = isOnlyPhase ? "" : "@\(phase)"
    let metric =
      result.variants.contains { $0.summary["latency.p99\(suffix)"] != nil }
      ? "latency.p99"
      : result.variants.contains { $0.summary["service_time.p99\(suffix)"] != nil } ? "service_time.p99" : "throughput"
    let rowValues = values(on: rows)
    let columnValues = values(on: columns)
    let medians = result.variants.compactMap { $0.summary[metric + suffix]?.median }.filter { $0 > 0 }
    let cells = rowValues.map { row -> [ReportTable.Cell] in
      [.init(row)]
        + columnValues.map { column in
          guard
            let variant = result.variants.first(where: {
              Self.text($0.parameters[rows]) == row && Self.text($0.parameters[columns]) == column
            })
          else { return "–" }
          return cell(variant, metric, suffix, among: medians)
        }
    }
    return ReportTable(
      caption:
        "\(metric == "throughput" ? metric : "\(metric) and throughput") of phase \(phase): \(rows) downwards, \(columns) to the right; arrows only where the "
        + "difference from the baseline is significant",
      header: ["\(rows) \\ \(columns)"] + columnValues, rows: cells, rightColumns: Set(1...columnValues.count))
  }

  private func cell(
    _ variant: VariantResult, _ metric: String, _ suffix: String, among medians: [Double]
  ) -> ReportTable.Cell {
    guard let summary = variant.summary[metric + suffix] else { return "–" }
    var text = Words.value(summary.median, ofMetric: metric)
    if metric != "throughput", let rate = variant.summary["throughput" + suffix] {
      text += " · \(QuantityText.rate(perSecond: rate.median))"
    }
    let found = result.comparisons.first { $0.candidate == variant.slug && $0.metric == metric + suffix }
    switch found?.verdict {
    case .worse: text += " ▼"
    case .better: text += " ▲"
    default: break
    }
    return .init(text, shade: shade(summary.median, among: medians, isRate: metric == "throughput"))
  }

  /// Dark is bad: from 0 for the best to 1 for the worst, on a logarithmic scale.
  private func shade(_ value: Double, among medians: [Double], isRate: Bool) -> Double? {
    guard value > 0, let low = medians.min(), let high = medians.max(), high > low else { return nil }
    let share = log(value / low) / log(high / low)
    guard share.isFinite else { return nil }  // Quotients that overflow.
    return isRate ? 1 - share : share
  }

  private func values(on axis: String) -> [String] {
    var values: [String] = []
    for variant in result.variants {
      let text = Self.text(variant.parameters[axis])
      if !values.contains(text) { values.append(text) }
    }
    return values
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): text
    case let value?: value.text
    case nil: "–"
    }
  }
}
