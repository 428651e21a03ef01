/// A message as it lies in a queue: all that routing, dispatch and acknowledgement need, in one cache line beside the
/// slot's 8-byte sequence number. Bodies to 16 bytes ride inside, larger ones lie in a block of the payload pool.
///
/// Seven whole words, because it is built, copied and marked once per message: fields of their own would be written one by
/// one and then copied as vectors, and a vector load that spans several fresh stores waits for all of them (measured: half the
/// time of a poll).
@frozen
public struct MessageDescriptor: BitwiseCopyable, Sendable {
  /// When the message was published, in nanoseconds of the caller's time source.
  @usableFromInline var publishedAtNanoseconds: Int64
  /// `correlation_id`.
  @usableFromInline var correlation: UInt64
  /// `reply_to` (a `QueueHandle`, or 0) below, the routing key's number above.
  @usableFromInline var replyToAndKey: UInt64
  /// The body's block below (0 for bodies that ride inside), its size in bytes above.
  @usableFromInline var blockAndByteCount: UInt64 = 0
  /// From the lowest: 8 bits of flags, 8 of priority, 16 of return count, 16 of exchange number, and 16 that are private to the
  /// holder: the route's index while staged, the consumer's index while unacknowledged.
  @usableFromInline var marks: UInt64
  /// The body, if it rides inside, bytes in memory order; or the extension, if the message has one.
  @usableFromInline var inlineBody: (UInt64, UInt64) = (0, 0)

  /// A message without its body.
  @inlinable @inline(__always)
  init(properties: MessageProperties, routingKey: UInt32, exchange: UInt16, route: UInt16, now: Int64) {
    publishedAtNanoseconds = now
    correlation = properties.correlation
    replyToAndKey = UInt64(properties.replyTo.rawValue) | UInt64(routingKey) << 32
    marks =
      (properties.isPersistent ? MessageDescriptor.isPersistent : 0) | UInt64(properties.priority) << 8
      | UInt64(exchange) << 32 | UInt64(route) << 48
  }

  /// In `holder` while staged: published straight to a queue.
  @inlinable static var noRoute: UInt16 { .max }
  /// Bodies up to this size ride inside.
  @inlinable static var inlineByteCountLimit: Int { 16 }
  /// Where `inlineBody` lies.
  @inlinable static var inlineBodyOffset: Int { 40 }

  /// What a change of holder leaves: all but the holder and its marks.
  @inlinable static var kept: UInt64 { 0x0000_FFFF_FFFF_FFFF ^ (isSettled | isAutomatic | isTracked) }

  // What the lowest bits of `marks` mean.
  @inlinable static var isPersistent: UInt64 { 1 }
  /// Published to several queues: a copy whose queue is gone is not routed again.
  @inlinable static var isFannedOut: UInt64 { 2 }
  @inlinable static var isRedelivered: UInt64 { 4 }
  /// In an acknowledgement window: settled, waiting for older ones to be so.
  @inlinable static var isSettled: UInt64 { 8 }
  /// In an acknowledgement window: acknowledged by delivery.
  @inlinable static var isAutomatic: UInt64 { 16 }
  /// In an acknowledgement window: the queue's store knows of the delivery, because its consumer has a time-out.
  @inlinable static var isTracked: UInt64 { 128 }
}

extension MessageDescriptor {
  @inlinable @inline(__always)
  func has(_ mark: UInt64) -> Bool { marks & mark != 0 }

  @inlinable @inline(__always)
  var hasBlock: Bool { block != 0 }

  @inlinable @inline(__always)
  var block: UInt32 { UInt32(truncatingIfNeeded: blockAndByteCount) }

  @inlinable @inline(__always)
  var bodyByteCount: Int { Int(truncatingIfNeeded: blockAndByteCount >> 32) }

  @inlinable @inline(__always)
  mutating func setBody(block: UInt32, byteCount: Int) {
    blockAndByteCount = UInt64(block) | UInt64(truncatingIfNeeded: byteCount) << 32
  }

  @inlinable @inline(__always)
  var replyTo: QueueHandle { QueueHandle(rawValue: UInt32(truncatingIfNeeded: replyToAndKey)) }

  @inlinable @inline(__always)
  var routingKey: UInt32 { UInt32(truncatingIfNeeded: replyToAndKey >> 32) }

  @inlinable @inline(__always)
  var priority: UInt8 { UInt8(truncatingIfNeeded: marks >> 8) }

  /// How often the message came back, up to 65,535.
  @inlinable @inline(__always)
  var returnCount: Int { Int(truncatingIfNeeded: marks >> 16 & 0xFFFF) }

  @inlinable @inline(__always)
  var exchange: UInt16 { UInt16(truncatingIfNeeded: marks >> 32) }

  @inlinable @inline(__always)
  var holder: UInt16 { UInt16(truncatingIfNeeded: marks >> 48) }

  /// The message as its next holder keeps it.
  @inlinable @inline(__always)
  func held(by holder: UInt16, marks added: UInt64) -> MessageDescriptor {
    var copy = self
    copy.marks = marks & MessageDescriptor.kept | UInt64(holder) << 48 | added
    return copy
  }

  /// The message as it goes back into its queue.
  func returned() -> MessageDescriptor {
    var copy = held(by: 0, marks: MessageDescriptor.isRedelivered)
    if returnCount < 0xFFFF { copy.marks += 1 << 16 }
    return copy
  }

  /// Copies a body of up to 16 bytes inside.
  @inlinable @inline(__always)
  mutating func setInlineBody(_ body: BodyView) {
    setBody(block: 0, byteCount: body.count)
    if body.count == 16, let start = unsafe body.start {
      inlineBody.0 = unsafe start.loadUnaligned(as: UInt64.self)
      inlineBody.1 = unsafe start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    } else {
      setOddInlineBody(body)
    }
  }

  @inlinable
  mutating func setOddInlineBody(_ body: BodyView) {
    unsafe withUnsafeMutableBytes(of: &inlineBody) { unsafe $0.copyMemory(from: body.bytes) }
  }
}
