/// One queue, as `list_queues` shows it. The totals are exact when nobody is publishing or consuming; in between each
/// number is one that was true at some moment during the call.
public struct QueueStatistics: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The number.
  public let handle: QueueHandle
  /// Ready, delayed and unacknowledged messages together.
  public var messages: Int { ready + delayed + unacknowledged }
  /// Messages waiting for a consumer.
  public let ready: Int
  /// Messages that are held until their delay, or the wait before their next attempt, is over.
  public let delayed: Int
  /// Messages delivered and not yet acknowledged.
  public let unacknowledged: Int
  /// When the oldest unacknowledged message was published, in nanoseconds of the publishers' time source; nil when there is none. As its
  /// consumer knew when it last had a look: at every 64th message of a queue, and when it finds nothing to take. Only consumers that poll
  /// with a time have one.
  public let oldestUnacknowledgedAt: Int64?
  /// Consumers, those of `get` not counted.
  public let consumers: Int
  /// Bytes that the queue itself takes, without bodies.
  public let memoryByteCount: Int
  /// Totals since the declaration.
  public let totals: QueueTotals
}

/// What happened to a queue's messages since its declaration.
///
/// When nobody works on the queue: `published == acknowledged + discarded + expired + dropped + deadLettered + purged + ready + delayed
/// + unacknowledged`. Each message leaves under one heading.
@frozen
public struct QueueTotals: Sendable, Equatable {
  /// Messages that entered the queue (returned ones are not counted again).
  public var published: UInt64 = 0
  /// Deliveries, redeliveries included.
  public var delivered: UInt64 = 0
  /// Deliveries of a message that had been delivered before.
  public var redelivered: UInt64 = 0
  /// Messages acknowledged, by the consumer or by delivery.
  public var acknowledged: UInt64 = 0
  /// Deliveries that came back: requeued, or given back by a consumer that went.
  public var returned: UInt64 = 0
  /// Messages that a consumer refused without requeue, or that came back more often than `delivery_limit`, where no dead-letter
  /// exchange takes them.
  public var discarded: UInt64 = 0
  /// Messages that expired, where no dead-letter exchange takes them.
  public var expired: UInt64 = 0
  /// Messages that `drop_head` dropped, where no dead-letter exchange takes them.
  public var dropped: UInt64 = 0
  /// Messages handed to the queue's dead-letter exchange, for whatever reason, whether or not that found a queue. Publishes that
  /// `reject_publish_dlx` refused are not among them: they never were in the queue.
  public var deadLettered: UInt64 = 0
  /// Deliveries that ended as `discarded` or `deadLettered`.
  var refused: UInt64 = 0
  /// Messages thrown away by `purge`.
  public var purged: UInt64 = 0
  /// Publishes refused because the queue was full.
  public var rejected: UInt64 = 0

  /// Nothing happened yet.
  @inlinable
  public init() {}
}
