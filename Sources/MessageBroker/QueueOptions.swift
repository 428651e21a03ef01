/// What to do with a message for a queue that holds `max_length` messages or `max_bytes` of bodies.
public enum OverflowPolicy: String, Sendable, CaseIterable {
  /// The publisher keeps the message and tries again: nothing is lost, the publisher slows down.
  case block
  /// The message is refused: `PublishOutcome.rejected`, and a nack when confirms are on.
  case rejectPublish = "reject_publish"
  /// The same, and the refused message is a dead letter.
  case rejectPublishDeadLetter = "reject_publish_dlx"
  /// The message is taken, and the next ones to be delivered are dropped until the limits hold; in a last-in-first-out
  /// queue, the oldest ones.
  case dropHead = "drop_head"
}

/// Which ready message is delivered next.
public enum QueueOrder: Sendable, Hashable {
  /// The oldest.
  case fifo
  /// The newest.
  case lifo
  /// The oldest of those with the highest priority, from 0 to `levels` (1 to 255); higher ones count as `levels`.
  case priority(levels: Int)
}

/// Where a queue publishes messages that leave it without having been acknowledged.
public struct DeadLetterAddress: Sendable, Hashable {
  /// The exchange; "" is the default one. One that does not exist drops the messages.
  public var exchange: String
  /// The routing key, or nil for the one that the message came with.
  public var routingKey: String?

  /// An address.
  public init(exchange: String, routingKey: String? = nil) {
    self.exchange = exchange
    self.routingKey = routingKey
  }
}

/// How a queue is declared. Redeclaring a queue with other options is refused with 406. Times in nanoseconds.
public struct QueueOptions: Sendable, Equatable {
  /// The exact number of ready messages that the queue holds, from 1 to `BrokerLimits.queueLength`.
  ///
  /// Messages that come back (requeue, a consumer that goes) may exceed it, and so may dead letters: they have nowhere else to go.
  public var maxLength = 65_536
  /// How many bytes of bodies the ready messages may have together; nil for no limit. An empty queue takes a message of any size.
  public var maxByteCount: Int?
  /// What happens to the next message.
  public var overflow = OverflowPolicy.block
  /// Which message is next.
  public var order = QueueOrder.fifo
  /// Which consumer gets it.
  ///
  /// Where publishers choose (`DispatchPolicy.Moment.push`), a message stays with the consumer it was chosen for, unless that one goes:
  /// then it comes back, marked as redelivered. Timed messages and dead letters are not chosen for anybody: whoever asks first gets
  /// them; one with an expiration that came back does not expire any more.
  public var dispatch = DispatchPolicy.shared
  /// How long a message may be ready before it expires (`x-message-ttl`); nil for ever. With 0 nothing is ever delivered (RabbitMQ
  /// delivers it to a consumer that waits at that very moment).
  public var messageTTL: Int64?
  /// How long the queue may be without consumers, `get` and declarations before it is deleted (`x-expires`); nil for ever.
  public var expires: Int64?
  /// Where rejected, expired and overflowing messages go; nil throws them away.
  public var deadLetter: DeadLetterAddress?
  /// How often a message may come back; one more time and it is a dead letter. Nil for any number.
  public var deliveryLimit: Int?
  /// How long a message waits after a consumer requeued it; nil for not at all.
  public var retry: RetryPolicy?
  /// How many deliveries may be unacknowledged, over all consumers together; nil for no limit.
  public var unacknowledgedLimit: Int?
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
