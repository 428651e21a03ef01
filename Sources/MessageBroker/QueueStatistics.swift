/// One queue, as `list_queues` shows it. The totals are exact when nobody is publishing or consuming; in between each
/// number is one that was true at some moment during the call.
public struct QueueStatistics: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The number.
  public let handle: QueueHandle
  /// Ready and unacknowledged messages together.
  public var messages: Int { ready + unacknowledged }
  /// Messages waiting for a consumer.
  public let ready: Int
  /// Messages delivered and not yet acknowledged.
  public let unacknowledged: Int
  /// Consumers, those of `get` not counted.
  public let consumers: Int
  /// Bytes that the queue itself takes, without bodies.
  public let memoryByteCount: Int
  /// Totals since the declaration.
  public let totals: QueueTotals
}

/// What happened to a queue's messages since its declaration.
///
/// When nobody works on the queue: `published == acknowledged + discarded + purged + ready + unacknowledged`.
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
  /// Messages refused by a consumer without requeue.
  public var discarded: UInt64 = 0
  /// Messages thrown away by `purge`.
  public var purged: UInt64 = 0
  /// Publishes refused because the queue was full.
  public var rejected: UInt64 = 0

  /// Nothing happened yet.
  @inlinable
  public init() {}
}
