/// A log-linear histogram as a value: what is merged, encoded, decoded and reported.
///
/// The values are usually nanoseconds, but any non-negative number will do. Recording keeps
/// `layout.significantDigits` of a value; the smallest and the largest are kept exactly, beside the counters.
/// Values above `layout.highestTrackable` are counted in the bucket of that value and in `saturatedCount`; negative
/// ones (two clocks that disagree) as 0 and in `negativeCount`. Nothing is lost silently.
///
/// Cost: memory and every query are linear in the index of the largest value, at most 221 KB for `.latency`.
/// Threads that measure use a `HistogramRecorder` and take these as snapshots.
///
/// Invariants: `counts` ends with a counter that is not 0 (so that equal histograms have equal arrays);
/// `count` is the sum of the counters; `min` and `max` lie in the first and last non-empty bucket, saturation aside.
public struct LatencyHistogram: Sendable, Equatable {
  /// Where values fall.
  public let layout: HistogramLayout
  /// How many values were recorded.
  public internal(set) var count = 0
  /// The smallest value recorded, exactly; 0 when there is none. A decoded histogram only knows its bucket's lower end.
  public internal(set) var min: Int64 = 0
  /// The largest value recorded, exactly; 0 when there is none. A decoded histogram only knows its bucket's upper end.
  public internal(set) var max: Int64 = 0
  /// How many of the values were above `layout.highestTrackable`.
  public internal(set) var saturatedCount = 0
  /// How many of the values were below 0.
  public internal(set) var negativeCount = 0

  var counts: [Int] = []

  /// An empty histogram.
  public init(layout: HistogramLayout = .latency) {
    self.layout = layout
  }

  /// A histogram of counters that were found somewhere else; `min` and `max` are taken from the buckets.
  init(layout: HistogramLayout, counts: [Int]) {
    precondition(counts.count <= layout.counterCount)
    self.layout = layout
    self.counts = counts
    self.counts.removeSubrange(((counts.lastIndex { $0 != 0 } ?? -1) + 1)...)
    for value in self.counts { count += value }
    if let first = self.counts.firstIndex(where: { $0 != 0 }) {
      min = layout.lowestEquivalent(atIndex: first)
      max = layout.highestEquivalent(atIndex: self.counts.count - 1)
    }
  }

  /// Whether nothing was recorded.
  public var isEmpty: Bool { count == 0 }

  /// The non-empty buckets, in rising order of value.
  public var buckets: HistogramBuckets {
    HistogramBuckets(layout: layout, counts: counts, from: isEmpty ? 0 : firstIndex)
  }

  /// Adds `value`, `count` times.
  public mutating func record(_ value: Int64, count repeats: Int = 1) {
    precondition(repeats >= 0, "recorded \(repeats) times")
    guard repeats > 0 else { return }
    if value > layout.highestTrackable { saturatedCount += repeats }
    if value < 0 { negativeCount += repeats }
    let kept = Swift.max(value, 0)
    let index = layout.index(of: Swift.min(kept, layout.highestTrackable))
    grow(toHold: index)
    counts[index] += repeats
    min = isEmpty ? kept : Swift.min(min, kept)
    max = Swift.max(max, kept)
    count += repeats
  }

  /// Adds everything that `other` has recorded. Both have the same layout.
  public mutating func merge(_ other: LatencyHistogram) {
    precondition(layout == other.layout, "only histograms of one layout can be merged")
    guard !other.isEmpty else { return }
    grow(toHold: other.counts.count - 1)
    for index in other.firstIndex..<other.counts.count { counts[index] += other.counts[index] }
    min = isEmpty ? other.min : Swift.min(min, other.min)
    max = Swift.max(max, other.max)
    count += other.count
    saturatedCount += other.saturatedCount
    negativeCount += other.negativeCount
  }

  /// What was recorded since `earlier`, an older snapshot of the same recorder.
  ///
  /// `min` and `max` are exact when they lie outside those of `earlier`; else they are the ends of their buckets.
  public func subtracting(_ earlier: LatencyHistogram) -> LatencyHistogram {
    precondition(layout == earlier.layout, "only histograms of one layout can be subtracted")
    precondition(earlier.counts.count <= counts.count, "the other snapshot is not older")
    guard !earlier.isEmpty else { return self }
    var difference = counts
    for index in earlier.firstIndex..<earlier.counts.count {
      difference[index] -= earlier.counts[index]
      precondition(difference[index] >= 0, "the other snapshot is not older")
    }
    var interval = LatencyHistogram(layout: layout, counts: difference)
    interval.noteOutOfRange(
      saturated: saturatedCount - earlier.saturatedCount, negative: negativeCount - earlier.negativeCount)
    interval.narrowExtremes(min: min < earlier.min ? min : nil, max: max > earlier.max ? max : nil)
    return interval
  }

  /// Notes how many of the counted values were out of range, no more than the buckets at the ends can hold: the
  /// numbers may come from different moments.
  mutating func noteOutOfRange(saturated: Int, negative: Int) {
    let top = layout.index(of: layout.highestTrackable)
    saturatedCount = top < counts.count ? Swift.min(saturated, counts[top]) : 0
    negativeCount = counts.isEmpty ? 0 : Swift.min(negative, counts[0])
  }

  /// Replaces extremes taken from the buckets by exact ones, as far as the buckets agree with them.
  mutating func narrowExtremes(min exactMin: Int64?, max exactMax: Int64?) {
    guard !isEmpty else { return }
    let last = counts.count - 1
    if let exactMin {
      min = Swift.min(Swift.max(min, exactMin), layout.highestEquivalent(atIndex: firstIndex))
    }
    if let exactMax {
      let highest = saturatedCount > 0 ? Int64.max : layout.highestEquivalent(atIndex: last)
      max = Swift.min(Swift.max(exactMax, layout.lowestEquivalent(atIndex: last)), highest)
    }
    // Of several values in one bucket each may be the stale one.
    max = Swift.max(min, max)
  }

  /// The index of the first non-empty bucket of a histogram that is not empty.
  private var firstIndex: Int { layout.index(of: Swift.min(min, layout.highestTrackable)) }

  private mutating func grow(toHold index: Int) {
    if index >= counts.count { counts.append(contentsOf: repeatElement(0, count: index + 1 - counts.count)) }
  }
}
