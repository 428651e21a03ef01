/// A series of times in a few numbers, with the whole histogram beside them. All times are nanoseconds.
///
/// Percentiles are keyed by their name in percent: `"50"`, `"99.9"`, `"100"`.
public struct LatencySummary: Codable, Sendable, Equatable {
  /// How many times were recorded.
  public var count: Int
  /// The smallest, exactly.
  public var min: Int64
  /// The mean; too small when `saturatedCount` is there, as is the standard deviation.
  public var mean: Double
  /// The standard deviation.
  public var standardDeviation: Double
  /// The largest, exactly.
  public var max: Int64
  /// The value at each percentile; the end of the histogram's range where it is one of the `saturatedCount` beyond it.
  public var percentiles: [String: Int64]
  /// The 95 % confidence interval of each percentile by order statistics, wider where the phase is labelled autocorrelated; absent
  /// where too few were recorded.
  public var percentileCI95: [String: Interval<Int64>]
  /// How many recorded times are at or below the value of each percentile.
  public var countsAtOrBelow: [String: Int]
  /// The percentiles with at least ten recorded times beyond them; the others are shown with care or not at all.
  public var supported: [String]
  /// How many times were longer than the histogram's range; absent when none was. They count in its last bucket, so that the mean
  /// and the percentiles that they reach are at least what is given; such percentiles are not `supported`. `max` is exact.
  public var saturatedCount: Int?
  /// How many times were below 0, which means that two clocks disagree; absent when none was. They count as 0.
  public var negativeCount: Int?
  /// The histogram, V2 compressed, in Base64 (`HISTF…`); absent when it was not kept.
  public var histogramBase64: String?

  /// A summary of given numbers.
  public init(
    count: Int, min: Int64, mean: Double, standardDeviation: Double, max: Int64, percentiles: [String: Int64],
    percentileCI95: [String: Interval<Int64>] = [:], countsAtOrBelow: [String: Int] = [:], supported: [String] = [],
    histogramBase64: String? = nil
  ) {
    self.count = count
    self.min = min
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.max = max
    self.percentiles = percentiles
    self.percentileCI95 = percentileCI95
    self.countsAtOrBelow = countsAtOrBelow
    self.supported = supported
    self.histogramBase64 = histogramBase64
  }

  enum CodingKeys: String, CodingKey {
    case count, min, mean
    case standardDeviation = "stddev"
    case max, percentiles
    case percentileCI95 = "percentile_ci95"
    case countsAtOrBelow = "percentile_counts"
    case supported
    case saturatedCount = "saturated"
    case negativeCount = "negative"
    case histogramBase64 = "hdr"
  }
}
