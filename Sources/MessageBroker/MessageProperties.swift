/// What a publisher says about a message beside its body and its route.
@frozen
public struct MessageProperties: Sendable, Equatable {
  /// `correlation_id`: ties a reply to its request. Numeric, so that it costs nothing.
  public var correlation: UInt64
  /// `reply_to`: the queue where an answer is expected.
  public var replyTo: QueueHandle
  /// `priority`, 0 to 255. Carried to the consumer; queues are first in, first out.
  public var priority: UInt8
  /// `delivery_mode` 2. Carried to the consumer; queues live in memory.
  public var isPersistent: Bool

  /// Properties of a message; the defaults say "nothing".
  @inlinable
  public init(
    correlation: UInt64 = 0, replyTo: QueueHandle = .none, priority: UInt8 = 0, isPersistent: Bool = false
  ) {
    self.correlation = correlation
    self.replyTo = replyTo
    self.priority = priority
    self.isPersistent = isPersistent
  }
}
