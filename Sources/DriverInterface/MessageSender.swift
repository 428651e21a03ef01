/// One thread's end for sending messages.
///
/// Sending is lazy: `send` stages, `flush` hands over. Whoever stops sending owes a `flush` before it idles.
public protocol MessageSender: WaitingEndpoint, ~Copyable {
  /// Stages a copy of one message.
  /// - Parameters:
  ///   - body: Read during the call only.
  ///   - route: Index of one of the routes that the end was made for.
  ///   - correlation: Comes back with the reply; 0 for a message that expects none.
  ///   - priority: How urgent it is, from 0.
  ///   - now: The present time, for the subject's own time stamps.
  /// - Returns: false when nothing more can be staged: flush first.
  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool

  /// Hands over what is staged, as far as the subject takes it.
  mutating func flush(now: Int64) -> FlushOutcome

  /// How many messages handed over since the beginning the subject has confirmed or refused; counts only with confirms on.
  mutating func confirmedCount() -> UInt64
}

/// What became of the staged messages.
@frozen
public struct FlushOutcome: Sendable, Equatable {
  /// Now the subject's responsibility.
  public var acceptedCount: Int
  /// Refused by a full queue.
  public var rejectedCount: Int
  /// No queue was bound to their key.
  public var unroutableCount: Int
  /// No queue was bound to their key, and they asked to come back then.
  public var returnedCount: Int
  /// Still staged: a full queue holds its publisher back.
  public var remainingCount: Int

  /// Creates an outcome.
  @inlinable
  public init(
    acceptedCount: Int = 0, rejectedCount: Int = 0, unroutableCount: Int = 0, returnedCount: Int = 0,
    remainingCount: Int = 0
  ) {
    self.acceptedCount = acceptedCount
    self.rejectedCount = rejectedCount
    self.unroutableCount = unroutableCount
    self.returnedCount = returnedCount
    self.remainingCount = remainingCount
  }
}
