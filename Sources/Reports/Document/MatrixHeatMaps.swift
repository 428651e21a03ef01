import Glibc
import ResultModel

/// A matrix as tables whose shades show where it is fast: rows one axis, columns another, and of more axes a table for each
/// combination of the others.
struct MatrixHeatMaps {
  private let result: RunResult
  private let merged: [MergedVariant]

  /// More tables than these say less than the list of all variants.
  private static let limit = 12

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  /// One table for each normal phase and slice; none where the matrix has not two axes.
  var blocks: [ReportBlock] {
    let slices = slices
    guard !slices.isEmpty else { return [] }
    var phases: [String] = []
    for phase in merged.flatMap(\.phases) where phase.sampleType == .normal && !phases.contains(phase.name) {
      phases.append(phase.name)
    }
    let maps = phases.flatMap { phase in slices.map { (phase: phase, slice: $0) } }
    let rest = maps.count - Self.limit
    return maps.prefix(Self.limit).map { phase, slice in
      .table(heatMap(phase, slice, suffix: phases.count == 1 ? "" : "@\(phase)"))
    } + (rest > 0 ? [.paragraph("\(Words.plural(rest, "more table")) like these: see the list of all variants.")] : [])
  }

  /// The variants that differ on two axes only.
  private struct Slice {
    var rows: String
    var columns: String
    /// Where the other axes stand: `, serializer = json`; empty without others.
    var place: String
    var variants: [VariantResult]
  }

  /// The two axes with the most values, by name, make the tables, so that there are few of them.
  private var slices: [Slice] {
    let axes = Set(result.variants.flatMap(\.parameters.keys)).sorted()
    guard axes.count >= 2, result.variants.count > 2 else { return [] }
    let byLength = axes.enumerated().sorted { one, other in
      let counts = (
        values(on: one.element, of: result.variants).count, values(on: other.element, of: result.variants).count
      )
      return counts.0 != counts.1 ? counts.0 > counts.1 : one.offset < other.offset
    }.map(\.element)
    let shown = byLength.prefix(2).sorted()
    let others = axes.filter { !shown.contains($0) }
    var slices: [Slice] = []
    for variant in result.variants {
      let place = others.map { ", \($0) = \(Self.text(variant.parameters[$0]))" }.joined()
      if let index = slices.firstIndex(where: { $0.place == place }) {
        slices[index].variants.append(variant)
      } else {
        slices.append(Slice(rows: shown[0], columns: shown[1], place: place, variants: [variant]))
      }
    }
    return slices
  }

  private func heatMap(_ phase: String, _ slice: Slice, suffix: String) -> ReportTable {
    let (rows, columns) = (slice.rows, slice.columns)
    let metric =
      result.variants.contains { $0.summary["latency.p99\(suffix)"] != nil }
      ? "latency.p99"
      : result.variants.contains { $0.summary["service_time.p99\(suffix)"] != nil } ? "service_time.p99" : "throughput"
    let rowValues = values(on: rows, of: slice.variants)
    let columnValues = values(on: columns, of: slice.variants)
    // The same value has the same shade on every slice.
    let medians = result.variants.compactMap { $0.summary[metric + suffix]?.median }.filter { $0 > 0 }
    let cells = rowValues.map { row -> [ReportTable.Cell] in
      [.init(row)]
        + columnValues.map { column in
          guard
            let variant = slice.variants.first(where: {
              Self.text($0.parameters[rows]) == row && Self.text($0.parameters[columns]) == column
            })
          else { return "–" }
          return cell(variant, metric, suffix, among: medians)
        }
    }
    return ReportTable(
      caption:
        "\(metric == "throughput" ? metric : "\(metric) and throughput") of phase \(phase)\(slice.place): \(rows) downwards, "
        + "\(columns) to the right; better and worse are said only where the difference from the baseline is significant",
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
    case .worse: text += " ▼ worse"
    case .better: text += " ▲ better"
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

  private func values(on axis: String, of variants: [VariantResult]) -> [String] {
    var values: [String] = []
    for variant in variants {
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
