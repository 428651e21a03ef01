/// One non-empty counter of a histogram: how often values in a range were recorded.
public struct HistogramBucket: Sendable, Equatable {
  /// The place of the counter in the layout.
  public let index: Int
  /// The values that it stands for.
  public let values: ClosedRange<Int64>
  /// How many of them were recorded; at least 1.
  public let count: Int
}

/// The non-empty buckets of a histogram, in rising order of value.
public struct HistogramBuckets: Sequence, IteratorProtocol, Sendable {
  private let layout: HistogramLayout
  private let counts: [Int]
  private var index: Int

  init(layout: HistogramLayout, counts: [Int], from index: Int) {
    self.layout = layout
    self.counts = counts
    self.index = index
  }

  /// The next non-empty bucket. Walking all of them is linear in the index of the largest value.
  public mutating func next() -> HistogramBucket? {
    while index < counts.count {
      defer { index += 1 }
      if counts[index] != 0 {
        let range = layout.lowestEquivalent(atIndex: index)...layout.highestEquivalent(atIndex: index)
        return HistogramBucket(index: index, values: range, count: counts[index])
      }
    }
    return nil
  }
}
