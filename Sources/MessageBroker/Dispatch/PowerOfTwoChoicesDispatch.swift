public import Distributions

/// `power_of_two_choices`: the less loaded of two different lanes drawn by lot.
///
/// Source: Michael Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996. It looks at two counters
/// instead of all, and the longest lane is nearly as short as with `least_outstanding`.
@frozen
public struct PowerOfTwoChoicesDispatch: PushDispatch {
  @usableFromInline var random: SplitMix64

  /// A policy whose draws depend on `seed` alone.
  @inlinable
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  @inlinable @inline(__always)
  public mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
    let count = UInt64(truncatingIfNeeded: lanes.laneCount)
    guard count > 1 else { return 0 }
    // One random number for both: 32 bits each are plenty for lanes.
    let bits = random.next()
    let first = Int(truncatingIfNeeded: ((bits >> 32) &* count) >> 32)
    var second = Int(truncatingIfNeeded: ((bits & 0xFFFF_FFFF) &* (count &- 1)) >> 32)
    if second >= first { second &+= 1 }
    // Of equal ones the first, which was drawn as fairly as the second.
    return lanes.outstandingCount(of: second) < lanes.outstandingCount(of: first) ? second : first
  }
}
