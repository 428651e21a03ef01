extension LatencyHistogram {
  /// The value that `percentile` (0...100) per cent of the recorded values do not exceed; 0 when there are none.
  ///
  /// HdrHistogram's definition: the upper end of the bucket that holds rank `rank(atPercentile:)`. Where more is known
  /// the answer is better: the first and the last rank are the exact minimum and maximum, and no answer lies outside
  /// the two.
  public func value(atPercentile percentile: Double) -> Int64 {
    value(atRank: rank(atPercentile: percentile))
  }

  /// The rank (1...count) of `percentile`: the least that is not below `percentile / 100 * count`; 0 when empty.
  public func rank(atPercentile percentile: Double) -> Int {
    // One step down first, as HdrHistogram does: else 99.9 % of 1000 is 999.0000000000001 and becomes rank 1000.
    let requested = Swift.min(Swift.max(percentile.nextDown, 0), 100)
    let rank = Int((requested * Double(count) / 100).rounded(.up))
    return Swift.min(Swift.max(rank, 1), count)
  }

  /// The value of `rank` in rising order, 1 being the smallest; ranks outside `1...count` mean the nearest inside.
  public func value(atRank rank: Int) -> Int64 {
    if rank <= 1 { return min }
    if rank >= count { return max }
    return Swift.min(Swift.max(layout.highestEquivalent(atIndex: index(atRank: rank)), min), max)
  }

  /// How many recorded values are in the bucket of `value` or below.
  public func countAtOrBelow(_ value: Int64) -> Int {
    guard value >= 0 else { return 0 }
    if value > layout.highestTrackable { return count }
    let end = Swift.min(layout.index(of: value) + 1, counts.count)
    var total = 0
    for index in 0..<end { total += counts[index] }
    return total
  }

  /// The mean of the middles of the buckets; 0 when empty.
  public var mean: Double {
    guard !isEmpty else { return 0 }
    var total = 0.0
    for bucket in buckets { total += Double(layout.medianEquivalent(atIndex: bucket.index)) * Double(bucket.count) }
    return total / Double(count)
  }

  /// The standard deviation of the middles of the buckets, of the population (divided by `count`); 0 when empty.
  public var standardDeviation: Double {
    guard !isEmpty else { return 0 }
    let mean = mean
    var total = 0.0
    for bucket in buckets {
      let deviation = Double(layout.medianEquivalent(atIndex: bucket.index)) - mean
      total += deviation * deviation * Double(bucket.count)
    }
    return (total / Double(count)).squareRoot()
  }

  /// The index of the bucket that holds `rank`, which lies in `1...count`.
  private func index(atRank rank: Int) -> Int {
    var total = 0
    for index in counts.indices {
      total += counts[index]
      if total >= rank { return index }
    }
    preconditionFailure("rank \(rank) of \(count)")
  }
}
