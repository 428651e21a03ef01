public import Distributions

/// How urgent each message is: drawn from its number, so that it is the same under every policy.
@frozen
public struct MessagePriorities: Sendable {
  @usableFromInline let table: DistributionTable
  @usableFromInline let seed: UInt64
  /// The priority of all messages; nil when they differ.
  @usableFromInline let fixed: UInt8?

  /// Priorities by this distribution, with the run's seed; what is above 255 counts as 255.
  public init(_ distribution: ValueDistribution = .fixed(0), seed: UInt64 = 0) {
    table = DistributionTable([distribution])
    self.seed = MessageBits.seed(seed, for: .priority)
    fixed = distribution.isFixed ? UInt8(clamping: distribution.lowest) : nil
  }

  /// The priority of one message.
  @inlinable @inline(__always)
  public func priority(of number: SequenceNumber) -> UInt8 {
    if let fixed { return fixed }
    return UInt8(
      clamping: table.value(
        of: 0, seed: seed, producer: UInt64(truncatingIfNeeded: number.stream), sequence: number.sequence))
  }
}
