import DriverInterface
import MessageBroker
import Platform

/// A session of the embedded broker in the harness's terms: every kind of end at once, since a session is all of them.
///
/// With `publishBatch` 1 each message goes out in `send` and its outcome is known there; one that a full queue holds back is kept here
/// until `flush`. With more, the session stages and `flush` pushes.
struct BrokerEndpoint: ~Copyable {
  private var session: Session
  private let routes: [Route]
  private let replyTo: QueueHandle
  private let pushesAtOnce: Bool
  private let acknowledges: Bool
  private var held: HeldMessage
  private var outcome = FlushOutcome()
  private var stagedCount = 0

  /// An end that publishes by `routes` and asks for replies to `replyTo`; `acknowledges` says that its consumers do.
  init(
    _ session: consuming Session, routes: [Route] = [], replyTo: QueueHandle = .none, publishBatch: Int,
    acknowledges: Bool = false, largestBodyByteCount: Int
  ) {
    self.session = session
    self.routes = routes
    self.replyTo = replyTo
    pushesAtOnce = publishBatch == 1
    self.acknowledges = acknowledges
    held = HeldMessage(capacity: max(1, largestBodyByteCount))
  }

  @inline(__always)
  private func properties(correlation: UInt64) -> MessageProperties {
    MessageProperties(correlation: correlation, replyTo: correlation == 0 ? .none : replyTo)
  }
}

extension BrokerEndpoint: MessageSender {
  @inline(__always)
  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, now: Int64) -> Bool {
    post(body, route: route, correlation: correlation, now: now)
  }

  /// A function of its own: what the compiler finds too large to inline is called as the protocol's witness otherwise, and in
  /// witnesses it inlines no C (Swift 6.3.1).
  @inline(never)
  private mutating func post(_ body: MessageBody, route: Int, correlation: UInt64, now: Int64) -> Bool {
    // A refused message ends its batch, so that the refused ones are always the last.
    if outcome.rejectedCount | outcome.unroutableCount | outcome.remainingCount != 0 { return false }
    let view = unsafe BodyView(body.bytes)
    switch session.publish(view, route: routes[route], properties: properties(correlation: correlation), now: now) {
    case .accepted:
      stagedCount &+= 1
    case .unroutable, .returned:
      outcome.unroutableCount = 1
    case .rejected:
      outcome.rejectedCount = 1
    case .full, .noMemory:
      guard pushesAtOnce else { return false }
      held.hold(body, route: route, correlation: correlation)
      outcome.remainingCount = 1
    case .bodyTooLarge:
      preconditionFailure("a body of \(body.count) bytes was refused after the plan allowed it")
    }
    return true
  }

  @inline(__always)
  mutating func flush(now: Int64) -> FlushOutcome {
    if outcome.remainingCount != 0 { retryHeld(now) }
    // A message for several queues may have met one that another publisher had just filled: then it is staged even without
    // batches. The session counts it once per queue that it waits for.
    let left = session.stagedCount == 0 ? 0 : min(stagedCount, session.flush())
    outcome.acceptedCount = stagedCount &- left
    stagedCount = left
    let result = FlushOutcome(
      acceptedCount: outcome.acceptedCount, rejectedCount: outcome.rejectedCount,
      unroutableCount: outcome.unroutableCount, remainingCount: outcome.remainingCount &+ left)
    outcome = FlushOutcome(remainingCount: outcome.remainingCount)
    return result
  }

  private mutating func retryHeld(_ now: Int64) {
    let body = unsafe BodyView(held.body.bytes)
    let again = session.publish(
      body, route: routes[held.route], properties: properties(correlation: held.correlation), now: now)
    switch again {
    case .accepted: stagedCount &+= 1
    case .unroutable, .returned: outcome.unroutableCount = 1
    case .rejected: outcome.rejectedCount = 1
    case .full, .noMemory, .bodyTooLarge: return
    }
    outcome.remainingCount = 0
  }

  @inline(__always)
  mutating func confirmedCount() -> UInt64 { session.pollConfirms().settledThrough }
}

extension BrokerEndpoint: ReplyingReceiver {
  @inline(__always)
  mutating func receive(limit: Int, now: Int64) -> Int { session.poll(limit: limit, now: now) }

  @inline(__always)
  func message(at index: Int) -> ReceivedMessage {
    let delivery = session.delivery(at: index)
    let bytes = unsafe delivery.body.bytes
    return unsafe ReceivedMessage(
      body: MessageBody(start: bytes.baseAddress.unsafelyUnwrapped, count: bytes.count), tag: delivery.deliveryTag,
      correlation: delivery.correlation, replyTo: UInt64(delivery.replyTo.rawValue),
      isRedelivered: delivery.isRedelivered)
  }

  @inline(__always)
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    guard acknowledges else { return }
    // The harness acknowledges what it was just given, once: another tag would be its own mistake.
    do { try session.acknowledge(tag, multiple: multiple) } catch { preconditionFailure("\(error)") }
  }

  @inline(__always)
  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    let outcome = session.publish(
      unsafe BodyView(body.bytes), to: QueueHandle(rawValue: UInt32(truncatingIfNeeded: message.replyTo)),
      properties: MessageProperties(correlation: message.correlation), now: now)
    // A reply to a client that is gone has nowhere to go; the client's side accounts for it.
    return outcome != .full && outcome != .noMemory
  }

  @inline(__always)
  mutating func flushReplies(now: Int64) -> FlushOutcome {
    pushesAtOnce ? FlushOutcome() : FlushOutcome(remainingCount: session.flush())
  }
}

extension BrokerEndpoint {
  mutating func prepareToWait() { session.prepareToPark() }
  mutating func cancelWait() { session.cancelPark() }
  mutating func wait(timeoutNanoseconds: Int64) { session.park(timeoutNanoseconds: timeoutNanoseconds) }
}
