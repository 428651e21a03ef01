public import Distributions

/// `random`: any lane, all equally likely. With exponential service each lane is an M/M/1 queue of its own.
@frozen
public struct RandomDispatch: PushDispatch {
  @usableFromInline var random: SplitMix64

  /// A policy whose choices depend on `seed` alone.
  @inlinable
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  @inlinable @inline(__always)
  public mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
    // The high word of the product, as in Lemire's "Fast Random Integer Generation in an Interval": no division. Without his
    // rejection step the bias is below laneCount / 2^64.
    Int(truncatingIfNeeded: random.next().multipliedFullWidth(by: UInt64(lanes.laneCount)).high)
  }
}
