public import DriverInterface

/// What a worker keeps of a message while its task is in hand.
@frozen @usableFromInline
struct TaskInHand: BitwiseCopyable, Sendable {
  /// What to acknowledge it by.
  @usableFromInline let tag: UInt64
  /// The client's number, and where results go, its own or those of what follows it; 0 for nowhere.
  @usableFromInline let correlation: UInt64
  @usableFromInline let replyTo: UInt64
  /// Whether its own result goes there.
  @usableFromInline let wantsResult: Bool
  /// The task's place in the table.
  @usableFromInline let index: Int
  @usableFromInline let isRedelivered: Bool
  /// Whether the message is still unacknowledged.
  @usableFromInline var isOwed: Bool

  @inlinable @inline(__always)
  init(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    tag = message.tag
    // A message that was sent on has its address in itself; what the broker says then is not the client's.
    let isForwarded = envelope.replyTo != 0
    correlation = isForwarded ? envelope.correlation : message.correlation
    replyTo = isForwarded ? envelope.replyTo : message.replyTo
    wantsResult = replyTo != 0 && !envelope.flags.contains(.ignoresResult)
    self.index = index
    isRedelivered = message.isRedelivered || envelope.flags.contains(.isRedelivered)
    isOwed = true
  }

  /// Nothing but an address.
  init(correlation: UInt64, replyTo: UInt64) {
    tag = 0
    self.correlation = correlation
    self.replyTo = replyTo
    wantsResult = replyTo != 0
    index = -1
    isRedelivered = false
    isOwed = false
  }
}
