/// A histogram in little memory: what keeps hundreds of intervals for the time series.
///
/// Holds the counters as the V2 payload does (a run of empty ones is one number), two or three bytes for each non-empty
/// bucket; so an interval with 200 different latencies takes half a kilobyte instead of 80.
public struct SparseHistogram: Sendable, Equatable {
  /// Where values fall.
  public let layout: HistogramLayout
  /// How many values were recorded.
  public let count: Int
  /// The smallest value recorded; 0 when there is none.
  public let min: Int64
  /// The largest value recorded; 0 when there is none.
  public let max: Int64
  /// How many of the values were above `layout.highestTrackable`.
  public let saturatedCount: Int
  /// How many of the values were below 0.
  public let negativeCount: Int
  let bytes: [UInt8]

  /// The same histogram, smaller. Linear in the index of the largest value.
  public init(_ histogram: LatencyHistogram) {
    layout = histogram.layout
    count = histogram.count
    min = histogram.min
    max = histogram.max
    saturatedCount = histogram.saturatedCount
    negativeCount = histogram.negativeCount
    var bytes: [UInt8] = []
    CountsCoding.append(histogram.counts, to: &bytes)
    self.bytes = Array(bytes)  // A copy without the room to grow.
  }

  init(
    layout: HistogramLayout, count: Int, min: Int64, max: Int64, saturatedCount: Int, negativeCount: Int,
    bytes: [UInt8]
  ) {
    self.layout = layout
    self.count = count
    self.min = min
    self.max = max
    self.saturatedCount = saturatedCount
    self.negativeCount = negativeCount
    self.bytes = bytes
  }

  /// The bytes that the counters take.
  public var byteCount: Int { bytes.count }
}

extension LatencyHistogram {
  /// The same histogram with its counters spread out again: equal to the one that was made sparse.
  public init(_ sparse: SparseHistogram) {
    guard let counts = try? CountsCoding.decode(sparse.bytes[...], counterCount: sparse.layout.counterCount) else {
      preconditionFailure("a sparse histogram is only ever made of a histogram")
    }
    self.init(layout: sparse.layout, counts: counts)
    min = sparse.min
    max = sparse.max
    saturatedCount = sparse.saturatedCount
    negativeCount = sparse.negativeCount
  }
}
