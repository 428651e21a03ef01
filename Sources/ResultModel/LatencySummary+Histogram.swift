public import Histograms
import Statistics

extension LatencySummary {
  /// The percentiles that are reported, in rising order; 100 is the maximum.
  public static let reportedPercentiles: [(name: String, percent: Double)] = [
    ("50", 50), ("75", 75), ("90", 90), ("95", 95), ("99", 99), ("99.9", 99.9), ("99.99", 99.99), ("100", 100),
  ]

  /// Sums a histogram up; `nil` when nothing was recorded, since an absent series says that better than zeros.
  ///
  /// A percentile is supported when at least ten recorded values are expected beyond it, so never at 100, and when it is not one of
  /// the values above the histogram's range: of those only the largest is known.
  /// - Parameters:
  ///   - keepingHistogram: Whether the encoded histogram goes along, without which trials cannot be merged.
  ///   - saturatedCount: How many values were above the range, for a histogram that was decoded and does not know; nil to ask it.
  public init?(histogram: LatencyHistogram, keepingHistogram: Bool = true, saturatedCount saturated: Int? = nil) {
    guard !histogram.isEmpty else { return nil }
    let saturated = saturated ?? histogram.saturatedCount
    let trackableCount = histogram.count - saturated
    self.init(
      count: histogram.count, min: histogram.min, mean: histogram.mean,
      standardDeviation: histogram.standardDeviation, max: histogram.max, percentiles: [:])
    if saturated > 0 { saturatedCount = saturated }
    if histogram.negativeCount > 0 { negativeCount = histogram.negativeCount }
    for (name, percent) in Self.reportedPercentiles {
      let value = histogram.value(atPercentile: percent)
      percentiles[name] = value
      countsAtOrBelow[name] = histogram.countAtOrBelow(value)
      guard histogram.rank(atPercentile: percent) <= trackableCount else { continue }
      if PercentileInterval.isSupported(count: count, percentile: percent) { supported.append(name) }
      let ranks = PercentileInterval.orderStatistic(count: count, percentile: percent)
      if let ranks, ranks.highRank <= trackableCount {
        percentileCI95[name] = Interval(
          histogram.value(atRank: ranks.lowRank), histogram.value(atRank: ranks.highRank))
      }
    }
    if keepingHistogram { histogramBase64 = HistogramEncoding.encodeBase64(histogram) }
  }

  /// The whole histogram; `nil` when it was not kept. Minimum and maximum are those of the buckets.
  public func histogram() throws(HistogramDecodingError) -> LatencyHistogram? {
    guard let histogramBase64 else { return nil }
    return try HistogramEncoding.decodeBase64(histogramBase64)
  }
}
