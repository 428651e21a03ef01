public import Distributions

/// Which deliveries fail: decided by the message and by how often it came back, so that it is the same under every policy.
@frozen
public struct FailurePlan: Sendable, Equatable {
  /// Bits below this fail.
  @usableFromInline let threshold: UInt64
  /// Whether what failed goes back into the queue, instead of to its dead letters.
  public let requeues: Bool
  @usableFromInline let seed: UInt64

  /// A share of all deliveries, from 0 to 1.
  public init(share: Double, requeues: Bool, seed: UInt64) {
    precondition((0...1).contains(share), "a share of \(share)")
    threshold = share == 1 ? .max : UInt64(share * 0x1p64)
    self.requeues = requeues
    self.seed = MessageBits.seed(seed, for: .failure)
  }

  /// Whether this delivery of a message fails.
  @inlinable
  public func hits(_ number: SequenceNumber, returnCount: Int) -> Bool {
    let attempt = UInt64(truncatingIfNeeded: number.stream) | UInt64(truncatingIfNeeded: returnCount) << 32
    return MessageBits.of(seed, attempt, number.sequence) < threshold
  }
}
