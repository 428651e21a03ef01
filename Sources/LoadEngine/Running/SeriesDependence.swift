import ResultModel
import Statistics

/// Whether the messages of a phase can be taken as independent of each other, as the intervals of its percentiles assume.
///
/// A level that wanders makes neighbouring slices of the time series alike, and one that drifts slowly makes the last ones unlike the
/// first, however different neighbours are. Their medians then say how well the level is known: blocks of neighbours are drawn again,
/// and every interval is widened to at least as large a share of its value.
/// Cost: nothing for independent series, else some hundred medians of as many values as there are slices.
struct SeriesDependence {
  /// How far the level of the middle and of the tail may lie from what was measured, as factors; nil where slices are independent of
  /// each other and of the time.
  private let middle: ClosedRange<Double>?
  private let tail: ClosedRange<Double>?

  init(_ intervals: [IntervalSample]) {
    middle = Self.factors(intervals.compactMap(\.p50))
    tail = Self.factors(intervals.compactMap(\.p99))
  }

  /// Whether there is something to widen.
  var isDependent: Bool { middle != nil || tail != nil }

  /// Widens the intervals of latency and service time, which are of the same messages: where the one wanders, so does the other.
  func widen(_ phase: inout PhaseResult) {
    phase.latency = widened(phase.latency)
    phase.serviceTime = widened(phase.serviceTime)
  }

  /// The summary with intervals as wide as the series deserves.
  func widened(_ summary: LatencySummary?) -> LatencySummary? {
    guard isDependent, var summary else { return summary }
    for (name, percent) in LatencySummary.reportedPercentiles {
      guard let value = summary.percentiles[name], let known = summary.percentileCI95[name],
        let factors = percent > 90 ? tail : middle
      else { continue }
      summary.percentileCI95[name] = Interval(
        min(known.low, Int64(Double(value) * factors.lowerBound)),
        max(known.high, Int64(Double(value) * factors.upperBound)))
    }
    return summary
  }

  private static func factors(_ values: [Int64]) -> ClosedRange<Double>? {
    let series = TimeSeries(values.map(Double.init))
    guard series.isAutocorrelated || !series.isStationary, let median = SampleStatistics.median(series.values),
      median > 0,
      let interval = series.medianInterval(resamples: min(400, max(100, 400_000 / series.values.count)))
    else { return nil }
    return interval.lowerBound / median...interval.upperBound / median
  }
}
