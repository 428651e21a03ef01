public import Histograms

/// The histogram of one series of one variant during one slice of time: a line of `run.hlog`.
public struct IntervalHistogram: Codable, Sendable, Equatable {
  /// The slug of the variant.
  public var slug: String
  /// The series, e.g. `latency`.
  public var series: String
  /// When the slice began, from the start of the run.
  public var startNanoseconds: Int64
  /// How long it was.
  public var lengthNanoseconds: Int64
  /// What was recorded in it, and in it only.
  public var histogram: SparseHistogram

  /// A slice of a series.
  public init(
    slug: String, series: String, startNanoseconds: Int64, lengthNanoseconds: Int64, histogram: SparseHistogram
  ) {
    self.slug = slug
    self.series = series
    self.startNanoseconds = startNanoseconds
    self.lengthNanoseconds = lengthNanoseconds
    self.histogram = histogram
  }

  enum CodingKeys: String, CodingKey {
    case slug, series
    case startNanoseconds = "start_ns"
    case lengthNanoseconds = "length_ns"
    case histogram
  }
}
