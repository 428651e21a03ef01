/// What to do with a message for a queue that holds `max_length` messages.
public enum OverflowPolicy: String, Sendable, CaseIterable {
  /// The publisher keeps the message and tries again: nothing is lost, the publisher slows down.
  case block
  /// The message is refused: `PublishOutcome.rejected`, and a nack when confirms are on.
  case rejectPublish = "reject_publish"
}

/// How a queue is declared. Redeclaring a queue with other options is refused with 406.
public struct QueueOptions: Sendable, Equatable {
  /// The exact number of ready messages that the queue holds, from 1 to `BrokerLimits.queueLength`.
  ///
  /// Messages that come back (requeue, a consumer that goes) may exceed it: they have nowhere else to go.
  public var maxLength = 65_536
  /// What happens to the next message.
  public var overflow = OverflowPolicy.block
  /// Whether only the declaring session may use the queue, which then goes when the session does.
  public var isExclusive = false

  /// Whether the queue goes when its last consumer goes (one that never had a consumer stays).
  public var isAutoDelete = false

  /// Options of a queue; the defaults are those of the properties.
  public init(
    maxLength: Int = 65_536, overflow: OverflowPolicy = .block, isExclusive: Bool = false, isAutoDelete: Bool = false
  ) {
    self.maxLength = maxLength
    self.overflow = overflow
    self.isExclusive = isExclusive
    self.isAutoDelete = isAutoDelete
  }
}
