/// One message in the hands of a consumer.
@frozen
public struct Delivery: Sendable {
  /// The body, valid until the delivery is acknowledged (automatic acknowledgement: until the session polls again).
  public let body: BodyView
  /// The headers, valid as long as the body; read when asked for.
  public let headers: HeadersView
  /// Numbers the session's deliveries from 1, rising; without gaps as long as none is left unacknowledged for as many others as the
  /// session's window holds (`SessionOptions.windowCapacity`).
  public let deliveryTag: UInt64
  /// The consumer it was delivered to.
  public let consumer: ConsumerTag
  /// Whether it was delivered before and came back.
  public let isRedelivered: Bool
  /// How often it came back, up to 65,535.
  public let returnCount: Int
  /// `correlation_id`.
  public let correlation: UInt64
  /// `reply_to`, or `.none`.
  public let replyTo: QueueHandle
  /// `priority`.
  public let priority: UInt8
  /// `delivery_mode` 2.
  public let isPersistent: Bool
  /// When it was published, in nanoseconds of the publisher's time source.
  public let publishedAtNanoseconds: Int64
  /// Its number in the order of its queue. Kept when the message comes back.
  public let queuePosition: UInt64
  /// The routing key's number; `Broker.routingKey(_:)` has the text.
  public let routingKey: RoutingKeyNumber
  /// The exchange's number; `Broker.exchangeName(_:)` has the text.
  public let exchange: ExchangeNumber

  @inlinable @inline(__always)
  init(_ entry: WindowEntry, tag: UInt64, body: BodyView, headers: HeadersView) {
    let descriptor = entry.descriptor
    self.body = body
    self.headers = headers
    deliveryTag = tag
    consumer = ConsumerTag(index: descriptor.holder)
    isRedelivered = descriptor.has(MessageDescriptor.isRedelivered)
    returnCount = descriptor.returnCount
    correlation = descriptor.correlation
    replyTo = descriptor.replyTo
    priority = descriptor.priority
    isPersistent = descriptor.has(MessageDescriptor.isPersistent)
    publishedAtNanoseconds = descriptor.publishedAtNanoseconds
    queuePosition = entry.position
    routingKey = RoutingKeyNumber(index: descriptor.routingKey)
    exchange = ExchangeNumber(index: descriptor.exchange)
  }
}

/// Names a consumer within its session.
@frozen
public struct ConsumerTag: Hashable, Sendable {
  @usableFromInline let index: UInt16

  @inlinable
  init(index: UInt16) { self.index = index }
}

/// A routing key's number in its broker.
@frozen
public struct RoutingKeyNumber: Hashable, Sendable {
  @usableFromInline let index: UInt32

  @inlinable
  init(index: UInt32) { self.index = index }
}

/// An exchange's number in its broker.
@frozen
public struct ExchangeNumber: Hashable, Sendable {
  @usableFromInline let index: UInt16

  @inlinable
  init(index: UInt16) { self.index = index }
}
