import DriverInterface
import MessageBroker
import Platform
import TaskWorkers

/// A session of the embedded broker in the harness's terms: every kind of end at once, since a session is all of them.
///
/// With `publishBatch` 1 each message goes out in `send` and its outcome is known there; one that a full queue holds back is kept here
/// until `flush`. With more, the session stages and `flush` pushes; what a queue refuses then, and makes no dead letter, is rejected.
struct BrokerEndpoint: ~Copyable {
  var session: Session
  private var routes: EndpointRoutes
  /// What all messages of this end have in common; their correlation and priority are added.
  private let properties: MessageProperties
  /// Whether that is nothing: then constants say so, and nobody asks for each message.
  private let isPlain: Bool
  let pushesAtOnce: Bool
  let acknowledges: Bool
  /// Its consumer, where its prefetch may change.
  private let consumer: ConsumerTag?
  private var held: HeldMessage
  private var outcome = FlushOutcome()
  private var stagedCount = 0
  /// `Session.droppedCount` before the first message since the last `flush`; nil without one.
  private var droppedBefore: Int?

  /// An end that publishes by `routes`, with the given properties (and asks for replies when they say where);
  /// `acknowledges` says that its consumers do, and `consumer` whose prefetch `setPrefetch` changes.
  init(
    _ session: consuming Session, routes: [Route] = [], properties: MessageProperties = MessageProperties(),
    publishBatch: Int,
    acknowledges: Bool = false, consumer: ConsumerTag? = nil, largestBodyByteCount: Int
  ) {
    self.session = session
    self.routes = EndpointRoutes(routes)
    self.properties = properties
    isPlain = properties == MessageProperties(replyTo: properties.replyTo)
    pushesAtOnce = publishBatch == 1
    self.acknowledges = acknowledges
    self.consumer = consumer
    held = HeldMessage(capacity: max(1, largestBodyByteCount))
  }

  @inline(__always)
  private mutating func publish(
    _ body: BodyView, route: Route, correlation: UInt64, priority: UInt8, now: Int64
  ) -> PublishOutcome {
    guard isPlain else {
      return publishSpecially(body, route: route, correlation: correlation, priority: priority, now: now)
    }
    return session.publish(
      body, route: route,
      properties: MessageProperties(
        correlation: correlation, replyTo: correlation == 0 ? .none : properties.replyTo, priority: priority), now: now)
  }

  @inline(never)
  private mutating func publishSpecially(
    _ body: BodyView, route: Route, correlation: UInt64, priority: UInt8, now: Int64
  ) -> PublishOutcome {
    var properties = properties
    properties.correlation = correlation
    if correlation == 0 { properties.replyTo = .none }
    properties.priority = priority
    return session.publish(body, route: route, properties: properties, now: now)
  }
}

extension BrokerEndpoint: MessageSender {
  @inline(__always)
  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool {
    post(body, route: route, correlation: correlation, priority: priority, now: now)
  }

  /// A function of its own: what the compiler finds too large to inline is called as the protocol's witness otherwise, and in
  /// witnesses it inlines no C (Swift 6.3.1).
  @inline(never)
  private mutating func post(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool
  {
    // A refused message ends its batch, so that the refused ones are always the last.
    if outcome.rejectedCount | outcome.unroutableCount | outcome.returnedCount | outcome.remainingCount != 0 {
      return false
    }
    if !pushesAtOnce, droppedBefore == nil {
      // Replies that are refused are nobody's business.
      _ = session.flush()
      droppedBefore = session.droppedCount
    }
    let view = unsafe BodyView(body.bytes)
    switch publish(view, route: routes[route], correlation: correlation, priority: priority, now: now) {
    case .accepted:
      stagedCount &+= 1
    case .unroutable:
      outcome.unroutableCount = 1
    case .returned:
      outcome.returnedCount = 1
    case .rejected:
      outcome.rejectedCount = 1
    case .full, .noMemory:
      guard pushesAtOnce else { return false }
      held.hold(body, route: route, correlation: correlation, priority: priority)
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
    if droppedBefore != nil { noteDropped(left) }
    outcome.acceptedCount = stagedCount &- left
    stagedCount = left
    let result = FlushOutcome(
      acceptedCount: outcome.acceptedCount, rejectedCount: outcome.rejectedCount,
      unroutableCount: outcome.unroutableCount,
      returnedCount: outcome.returnedCount, remainingCount: outcome.remainingCount &+ left)
    outcome = FlushOutcome(remainingCount: outcome.remainingCount)
    return result
  }

  /// Of those that were staged some were refused when they were pushed; one whose refusal was known at once is counted already.
  @inline(never)
  private mutating func noteDropped(_ left: Int) {
    guard let before = droppedBefore else { return }
    droppedBefore = nil
    let count = min(max(0, session.droppedCount - before - outcome.rejectedCount), stagedCount - left)
    outcome.rejectedCount += count
    stagedCount -= count
  }

  private mutating func retryHeld(_ now: Int64) {
    let body = unsafe BodyView(held.body.bytes)
    let again = publish(
      body, route: routes[held.route], correlation: held.correlation, priority: held.priority, now: now)
    switch again {
    case .accepted: stagedCount &+= 1
    case .unroutable: outcome.unroutableCount = 1
    case .returned: outcome.returnedCount = 1
    case .rejected: outcome.rejectedCount = 1
    case .full, .noMemory, .bodyTooLarge: return
    }
    outcome.remainingCount = 0
  }

  @inline(__always)
  mutating func confirmedCount() -> UInt64 { session.pollConfirms().settledThrough }
}

extension BrokerEndpoint: RoutingSender {
  mutating func route(exchange: String, key: String) throws(DriverError) -> Int {
    try routes.index(exchange: exchange, key: key, in: &session)
  }

  mutating func sendAtOnce(_ body: MessageBody, route: Int, priority: UInt8, now: Int64) -> FlushOutcome {
    guard post(body, route: route, correlation: 0, priority: priority, now: now) else {
      _ = flush(now: now)
      return FlushOutcome(rejectedCount: 1)
    }
    let result = flush(now: now)
    guard result.remainingCount > 0, withdraw(route: route) else { return result }
    return FlushOutcome(rejectedCount: 1)
  }

  mutating func withdraw(route: Int) -> Bool {
    if pushesAtOnce {
      guard outcome.remainingCount > 0, held.route == route else { return false }
      outcome = FlushOutcome()
    } else {
      guard stagedCount > 0, session.withdraw(routes[route]) else { return false }
      stagedCount -= 1
    }
    return true
  }
}

extension BrokerEndpoint: AdjustableReceiver {
  mutating func setPrefetch(_ count: Int) {
    guard let consumer else { preconditionFailure("an end that consumes nothing has no prefetch") }
    session.widenWindow(to: SessionOptions.window(forPrefetch: count))
    // One that is gone, because its queue was deleted, needs none.
    do { try session.setPrefetch(count, of: consumer) } catch { return }
  }
}
