/// One thread's end for receiving messages.
public protocol MessageReceiver: WaitingEndpoint, ~Copyable {
  /// Takes up to `limit` messages, at most as many as prefetch allows; they form the current batch. Never waits.
  /// - Parameter now: A time that the caller knows: it may be that of an earlier call, because a look that finds nothing is not
  ///   worth a look at the clock.
  /// - Returns: how many there are, 0 when nothing is ready.
  mutating func receive(limit: Int, now: Int64) -> Int

  /// Tells when the current batch was there: called at most once for a batch, with a time read after `receive`. For subjects that
  /// measure how long messages wait; others need not have it.
  mutating func received(now: Int64)

  /// Message `index` of the current batch.
  func message(at index: Int) -> ReceivedMessage

  /// When message `index` of the current batch came about: asked with a time that was read after `receive`, and usually just that. An end
  /// that tells of what happened elsewhere before knows better.
  func completionTime(at index: Int, receivedAt: Int64) -> Int64

  /// Bytes of the body that `message`, at `index` of the current batch, counts for: its own, unless it stands for the answer to a larger
  /// one.
  func byteCount(of message: ReceivedMessage, at index: Int) -> Int

  /// Acknowledges one message, or with `multiple` it and all before it. Does nothing with automatic acknowledgement.
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64)

  /// Gives one message back as failed: into its queue, or (without `requeue`) to the queue's dead letters, if it has those. Does
  /// nothing with automatic acknowledgement.
  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64)
}

extension MessageReceiver where Self: ~Copyable {
  /// Nothing to note.
  @inlinable @inline(__always)
  public mutating func received(now: Int64) {}

  /// When it was received.
  @inlinable @inline(__always)
  public func completionTime(at index: Int, receivedAt: Int64) -> Int64 { receivedAt }

  /// Those of its body.
  @inlinable @inline(__always)
  public func byteCount(of message: ReceivedMessage, at index: Int) -> Int { message.body.count }
}

/// One thread's end that may be given more or fewer messages ahead while it receives.
public protocol AdjustableReceiver: MessageReceiver, ~Copyable {
  /// How many messages may be unacknowledged from now on. One that has more in hand gets nothing until it has fewer. Without effect where
  /// the queue decides that.
  mutating func setPrefetch(_ count: Int)
}

/// One message as it was received.
@frozen
public struct ReceivedMessage: Sendable {
  /// Its bytes.
  public var body: MessageBody
  /// What to acknowledge it by.
  public var tag: UInt64
  /// Its correlation id, 0 for none.
  public var correlation: UInt64
  /// Where a reply goes, in the driver's own terms; 0 for nowhere.
  public var replyTo: UInt64
  /// Whether it was handed out before.
  public var isRedelivered: Bool
  /// How often it came back from a consumer.
  public var returnCount: Int

  /// Creates a message.
  @inlinable @inline(__always)
  public init(
    body: MessageBody, tag: UInt64, correlation: UInt64, replyTo: UInt64, isRedelivered: Bool, returnCount: Int = 0
  ) {
    self.body = body
    self.tag = tag
    self.correlation = correlation
    self.replyTo = replyTo
    self.isRedelivered = isRedelivered
    self.returnCount = returnCount
  }
}

/// One thread's end that receives requests and sends the replies.
public protocol ReplyingReceiver: MessageReceiver, ~Copyable {
  /// Stages the reply to a message, of which the correlation id and the address count.
  /// - Returns: false when nothing more can be staged: flush first.
  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool

  /// Hands over the staged replies, as far as the subject takes them.
  mutating func flushReplies(now: Int64) -> FlushOutcome
}

extension ReplyingReceiver where Self: ~Copyable {
  /// Stages a reply to an address and correlation id that were kept from a message of an earlier batch.
  /// - Returns: false when nothing more can be staged: flush first.
  @inlinable @inline(__always)
  public mutating func reply(to address: UInt64, correlation: UInt64, with body: MessageBody, now: Int64) -> Bool {
    // Of the message that is answered, an end looks at these two only.
    let asked = ReceivedMessage(body: body, tag: 0, correlation: correlation, replyTo: address, isRedelivered: false)
    return reply(to: asked, with: body, now: now)
  }
}
