/// What a publisher says about a message beside its body and its route.
@frozen
public struct MessageProperties: Sendable, Equatable {
  /// `correlation_id`: ties a reply to its request. Numeric, so that it costs nothing.
  public var correlation: UInt64
  /// `reply_to`: the queue where an answer is expected.
  public var replyTo: QueueHandle
  /// `priority`, 0 to 255. Decides in queues that are declared with priorities; carried to the consumer in any case.
  public var priority: UInt8
  /// `delivery_mode` 2. Carried to the consumer; queues live in memory.
  public var isPersistent: Bool
  /// `mandatory`: a message without a queue is `returned` and counted so, instead of `unroutable`.
  public var isMandatory = false
  /// `expiration`: how many nanoseconds the message may be ready before it expires; nil for as long as its queue allows.
  ///
  /// The first message with an expiration or a delay turns a plain queue into one with a store; a consumer that is taking at that very
  /// moment may get a few messages out of order, once.
  public var expiration: Int64?
  /// How many nanoseconds the message is held before it can be delivered; nil or 0 for not at all.
  public var delay: Int64?
  /// When the message can be delivered at the earliest, in nanoseconds of the broker's clock. The later of this and `delay` counts.
  public var deliverAt: Int64?

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

  /// Whether time decides when the message can be delivered: one that is constant and plain costs nothing to ask.
  @inlinable @inline(__always)
  var isTimed: Bool { expiration != nil || delay != nil || deliverAt != nil }
}
