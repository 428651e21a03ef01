/// Where values fall in a log-linear histogram: the arithmetic of Gil Tene's HdrHistogram, bit for bit.
///
/// Values are cut into buckets that double in width; each bucket is cut into equally wide sub-buckets, just enough of
/// them that a sub-bucket is never wider than `10^-significantDigits` of the values in it. The lower half of every
/// bucket but the first repeats the bucket before it, so that only upper halves are stored:
/// `index = (bucket << halfCountMagnitude) + (value >> (bucket + unitMagnitude))`.
///
/// Source: `AbstractHistogram.java` of HdrHistogram 2.x (public domain), `establishSize` and `countsArrayIndex`.
@frozen
public struct HistogramLayout: Sendable, Equatable, Hashable {
  /// The largest value that is recorded as it is; larger ones saturate.
  public let highestTrackable: Int64
  /// The decimal digits that survive recording, 0...5.
  public let significantDigits: Int
  /// The smallest difference that matters; differences below the power of two under it are lost.
  public let lowestDiscernible: Int64

  /// The binary logarithm of the unit, i.e. of `lowestDiscernible` rounded down to a power of two.
  public let unitMagnitude: Int
  /// The binary logarithm of half the number of sub-buckets.
  public let halfCountMagnitude: Int
  /// The number of buckets needed to reach `highestTrackable`.
  public let bucketCount: Int

  /// What ringside keeps latencies in: 1 ns to 60 s at three digits (221 KB when every counter is stored).
  public static let latency = HistogramLayout(highestTrackable: 60_000_000_000, significantDigits: 3)

  /// A layout for values from 0 to `highestTrackable`.
  ///
  /// - Parameters:
  ///   - highestTrackable: At least twice `lowestDiscernible`.
  ///   - significantDigits: 0...5.
  ///   - lowestDiscernible: At least 1, and small enough that one bucket of such units fits in 62 bits.
  public init(highestTrackable: Int64, significantDigits: Int, lowestDiscernible: Int64 = 1) {
    guard
      let layout = Self(
        validatingHighestTrackable: highestTrackable, significantDigits: significantDigits,
        lowestDiscernible: lowestDiscernible)
    else {
      preconditionFailure(
        "no histogram layout for \(lowestDiscernible)...\(highestTrackable) at \(significantDigits) digits")
    }
    self = layout
  }

  /// The same for numbers that come from outside: nil when they describe no layout.
  public init?(validatingHighestTrackable highest: Int64, significantDigits digits: Int, lowestDiscernible: Int64) {
    guard (0...5).contains(digits), lowestDiscernible >= 1 else { return nil }
    guard lowestDiscernible <= Int64.max / 2, highest >= 2 * lowestDiscernible else { return nil }
    var singleUnitLimit: Int64 = 2
    for _ in 0..<digits { singleUnitLimit *= 10 }
    let countMagnitude = 64 - (singleUnitLimit - 1).leadingZeroBitCount  // The logarithm, rounded up.
    unitMagnitude = 63 - lowestDiscernible.leadingZeroBitCount
    halfCountMagnitude = countMagnitude - 1
    guard unitMagnitude + countMagnitude <= 62 else { return nil }

    var buckets = 1
    var firstUntrackable: Int64 = 1 << Int64(unitMagnitude + countMagnitude)
    while firstUntrackable <= highest {
      buckets += 1
      if firstUntrackable > Int64.max / 2 { break }  // The next power of two is not a number any more.
      firstUntrackable <<= 1
    }
    bucketCount = buckets
    highestTrackable = highest
    significantDigits = digits
    self.lowestDiscernible = lowestDiscernible
  }

  /// The number of sub-buckets in one bucket.
  @inlinable public var subBucketCount: Int { 2 << halfCountMagnitude }

  /// The number of counters, including those above `highestTrackable` that complete the last bucket.
  @inlinable public var counterCount: Int { (bucketCount + 1) << halfCountMagnitude }

  /// The counter of `value`, which lies in `0...highestTrackable`. O(1).
  public func index(of value: Int64) -> Int {
    let firstBucketBits = (Int64(subBucketCount) - 1) << Int64(unitMagnitude)
    let bitLength = 64 - (value | firstBucketBits).leadingZeroBitCount
    let bucket = bitLength - (unitMagnitude + halfCountMagnitude + 1)
    return (bucket << halfCountMagnitude) + Int(value >> Int64(bucket + unitMagnitude))
  }

  /// The smallest value that the counter at `index` stands for.
  public func lowestEquivalent(atIndex index: Int) -> Int64 {
    let (bucket, subBucket) = position(ofIndex: index)
    return Int64(subBucket) << Int64(bucket + unitMagnitude)
  }

  /// The largest value that the counter at `index` stands for.
  public func highestEquivalent(atIndex index: Int) -> Int64 {
    lowestEquivalent(atIndex: index) + (rangeSize(atIndex: index) - 1)
  }

  /// The middle of the values that the counter at `index` stands for, rounded up: the one means are made of.
  public func medianEquivalent(atIndex index: Int) -> Int64 {
    lowestEquivalent(atIndex: index) + rangeSize(atIndex: index) / 2
  }

  /// How many values share the counter at `index`.
  public func rangeSize(atIndex index: Int) -> Int64 {
    1 << Int64(position(ofIndex: index).bucket + unitMagnitude)
  }

  private func position(ofIndex index: Int) -> (bucket: Int, subBucket: Int) {
    let half = 1 << halfCountMagnitude
    if index < 2 * half { return (0, index) }
    return ((index >> halfCountMagnitude) - 1, (index & (half - 1)) + half)
  }
}
