import Histograms
import ResultModel
import Statistics

/// The latest intervals of a phase that together have a given length, and their messages in one histogram: percentiles of a window are
/// true ones, of all messages in it.
///
/// Cost: merging one interval and taking one away per interval, whatever the length. The window is as long as whole intervals make it,
/// within half of one.
struct SlidingWindow {
  private let length: Int64
  private let interval: Int64
  private let series: String
  private var rows: [IntervalSampler.Row] = []
  private var covered: Int64 = 0
  private var merged: LatencyHistogram?

  /// A window of `length` nanoseconds over rows of about `interval`, whose histograms are of `series`.
  init(length: Int64, interval: Int64, series: String) {
    self.length = length
    self.interval = interval
    self.series = series
  }

  /// When the window begins, from the start of the phase.
  var start: Int64 { rows.first?.sample.startNanoseconds ?? 0 }

  /// Moves on by one interval; whether there is a whole window now.
  mutating func add(_ row: IntervalSampler.Row) -> Bool {
    let histogram = LatencyHistogram(row.histogram)
    if merged == nil { merged = histogram } else { merged?.merge(histogram) }
    rows.append(row)
    covered += row.sample.lengthNanoseconds
    while let oldest = rows.first, covered - oldest.sample.lengthNanoseconds >= leastLength {
      rows.removeFirst()
      covered -= oldest.sample.lengthNanoseconds
      merged = merged?.subtracting(LatencyHistogram(oldest.histogram))
    }
    return covered >= leastLength
  }

  private var leastLength: Int64 { max(1, length - interval / 2) }

  /// A figure of the window by the name of its metric; nil when it has none.
  func figure(ofMetric name: String) -> PhaseResult.Figure? {
    switch name {
    case "sent": return rate { $0.sent }
    case "throughput": return rate { $0.received }
    case "offered": return rows.contains { $0.sample.offered == nil } ? nil : rate { $0.offered ?? 0 }
    default:
      let parts = name.split(separator: ".", maxSplits: 1)
      guard parts.count == 2, parts[0] == series, let merged, !merged.isEmpty else { return nil }
      return figure(named: String(parts[1]), of: merged)
    }
  }

  private func rate(_ count: (IntervalSample) -> Int) -> PhaseResult.Figure {
    .known(Double(rows.reduce(0) { $0 + count($1.sample) }) * 1e9 / Double(max(1, covered)))
  }

  private func figure(named name: String, of histogram: LatencyHistogram) -> PhaseResult.Figure? {
    switch name {
    // The intervals know their extremes better than their difference does.
    case "min": return rows.filter { $0.histogram.count > 0 }.map(\.histogram.min).min().map { .known(Double($0)) }
    case "max": return rows.map(\.histogram.max).max().map { .known(Double($0)) }
    case "mean": return .known(histogram.mean)
    case "stddev": return .known(histogram.standardDeviation)
    default:
      guard name.hasPrefix("p"), let percent = Double(name.dropFirst()) else { return nil }
      // Nothing is longer than the longest, which the intervals know exactly.
      let longest = rows.map(\.histogram.max).max() ?? .max
      let value = Double(min(histogram.value(atPercentile: percent), longest))
      if isSupported(percent, by: histogram) { return .known(value) }
      let lower = LatencySummary.reportedPercentiles.last {
        $0.percent < percent && isSupported($0.percent, by: histogram)
      }
      return .uncertain(
        value, atLeast: Double(lower.map { histogram.value(atPercentile: $0.percent) } ?? histogram.min))
    }
  }

  private func isSupported(_ percent: Double, by histogram: LatencyHistogram) -> Bool {
    PercentileInterval.isSupported(count: histogram.count, percentile: percent)
      && histogram.rank(atPercentile: percent) <= histogram.count - histogram.saturatedCount
  }
}
