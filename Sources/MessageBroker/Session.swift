public import Platform

/// One thread's way into a broker, AMQP's channel: it publishes, consumes and acknowledges.
///
/// Roles: owned by one thread at a time; moving it to another is fine. It never waits and reads no clock: what cannot be done now is an
/// answer (`PublishOutcome.full`, a `poll` of 0), times are passed in, and parking is the caller's decision.
///
/// Cost: publish, poll, acknowledge and confirms take no lock, allocate nothing and call no system, except that messages that come
/// back go through their queue's lock, and that a parked partner is woken by one system call.
///
/// Dropping a session is a crash of its owner as far as the broker is concerned: everything unacknowledged goes back in order.
@safe @frozen
public struct Session: ~Copyable, @unchecked Sendable {
  // Unchecked, because: the core belongs to this value alone, and the value to one thread.
  @usableFromInline let core: UnsafeMutablePointer<SessionCore>

  init(core: consuming SessionCore) {
    unsafe self.core = ThreadMemory.allocate(SessionCore.self, capacity: 1)
    unsafe self.core.initialize(to: core)
  }

  deinit {
    _ = unsafe core.pointee.close()
    unsafe core.deinitialize(count: 1)
    unsafe ThreadMemory.deallocate(core)
  }

  /// The session's name on the control path, for exclusive queues (`by:`).
  public var identifier: SessionIdentifier { unsafe core.pointee.identifier }

  /// The broker.
  public var broker: Broker { unsafe core.pointee.broker }

  /// Ends the session: pushes what is staged, gives back what is unacknowledged, deletes its exclusive queues.
  ///
  /// Returns how many staged messages were lost because their queue was full; `Broker.statistics()` counts them too.
  @discardableResult
  public consuming func close() -> Int {
    let lost = unsafe core.pointee.close()
    unsafe core.deinitialize(count: 1)
    unsafe ThreadMemory.deallocate(core)
    discard self
    return lost
  }

  /// Declares a queue, which may belong to this session alone. See `Broker.declareQueue`.
  public mutating func declareQueue(
    _ name: String = "", options: QueueOptions = QueueOptions()
  ) throws(BrokerError) -> QueueDeclaration {
    try broker.declareQueue(name, options: options, by: identifier)
  }
}

// MARK: - Publishing

extension Session {
  /// The route for (exchange, key), resolved once: keep it and publish with it. It follows later changes by itself.
  ///
  /// The default exchange, "", leads to the queue whose name is the key.
  /// - Parameters:
  ///   - exchange: The name of an exchange that is not internal.
  ///   - key: The routing key.
  ///   - headers: What all messages of this route carry, and what a headers exchange looks at. Encoded once here; each message
  ///     only counts a reference.
  /// - Throws: 403 (an internal exchange), 404 (no such exchange), 502 (key or headers that the protocol cannot say), 506 (limits).
  public mutating func route(
    exchange: String, key: String, headers: FieldTable = [:]
  ) throws(BrokerError) -> Route {
    Route(index: unsafe try core.pointee.route(exchange: exchange, key: key, headers: headers))
  }

  /// How many queues the last publish along `route` went to; 0 before the first and when that was unroutable.
  ///
  /// Of these, queues with `reject_publish` may have refused their copy (`PublishOutcome.rejected`, `QueueTotals.rejected`).
  public func queueCount(of route: Route) -> Int { unsafe core.pointee.queueCount(of: route.index) }

  /// Publishes one message.
  ///
  /// The body is copied: to 16 bytes into the descriptor, larger ones once into a block, whatever the number of queues.
  /// - Parameters:
  ///   - body: The bytes; needed during the call only.
  ///   - route: From `route(exchange:key:)` of this session.
  ///   - properties: What else the message carries.
  ///   - now: The time stamp that deliveries carry, in nanoseconds: of any time source, but of the one that `Broker.advance(to:)` is told
  ///     where messages expire or are delayed.
  @inlinable @inline(__always)
  public mutating func publish(
    _ body: BodyView, route: Route, properties: MessageProperties = MessageProperties(), now: Int64
  ) -> PublishOutcome {
    unsafe core.pointee.publish(body, route: route.index, properties: properties, now: now)
  }

  /// Publishes one message straight into a queue, as the default exchange does by name: the way of replies.
  ///
  /// `queue` is a delivery's `replyTo`; a queue that is gone makes the message `unroutable`.
  @inlinable @inline(__always)
  public mutating func publish(
    _ body: BodyView, to queue: QueueHandle, properties: MessageProperties = MessageProperties(), now: Int64
  ) -> PublishOutcome {
    unsafe core.pointee.publish(body, to: queue, properties: properties, now: now)
  }

  /// Publishes a copy of `bytes`. For convenience; the hot path has a `BodyView`.
  public mutating func publish(
    _ bytes: [UInt8], route: Route, properties: MessageProperties = MessageProperties(), now: Int64
  ) -> PublishOutcome {
    unsafe bytes.withUnsafeBytes { unsafe publish(BodyView($0), route: route, properties: properties, now: now) }
  }

  /// The same straight into a queue.
  public mutating func publish(
    _ bytes: [UInt8], to queue: QueueHandle, properties: MessageProperties = MessageProperties(), now: Int64
  ) -> PublishOutcome {
    unsafe bytes.withUnsafeBytes { unsafe publish(BodyView($0), to: queue, properties: properties, now: now) }
  }

  /// Pushes everything staged; returns how many messages are left because a queue with `block` is full (0: all are out).
  ///
  /// Owed before the session idles when `SessionOptions.publishBatch` is more than 1. A message for a queue that was deleted since is
  /// routed again.
  @inlinable @inline(__always)
  @discardableResult
  public mutating func flush() -> Int { unsafe core.pointee.flush() }

  /// Messages staged and not yet in all their queues.
  @inlinable
  public var stagedCount: Int { unsafe core.pointee.stagedCount }

  /// Takes back the newest message that was published along `route`, if it is still staged; false when it is not, or the route leads
  /// to several queues. Not for publishes with confirms, which count it as published.
  public mutating func withdraw(_ route: Route) -> Bool { unsafe core.pointee.withdraw(route: route.index) }

  /// Messages that full queues have refused, staged ones included, and that are nowhere now: not dead letters.
  public var droppedCount: Int { unsafe core.pointee.droppedCount }

  /// Switches publisher confirms on: from now on publishes are numbered, from 1.
  public mutating func confirmSelect() { unsafe core.pointee.ledger.step = 1 }

  /// The number of the last publish that took one; 0 before the first.
  @inlinable
  public var lastPublishSequence: UInt64 { unsafe core.pointee.ledger.last }

  /// The confirms since the last call. Staged messages are confirmed when they have been pushed.
  @inlinable @inline(__always)
  public mutating func pollConfirms() -> ConfirmBatch { unsafe core.pointee.pollConfirms() }

  /// The number of the `index`-th refused publish of the last `ConfirmBatch`, rising.
  public func nack(at index: Int) -> UInt64 { unsafe core.pointee.ledger.reportedNacks[index] }
}

// MARK: - Consuming

extension Session {
  /// Starts to consume a queue; several consumers of a session take turns.
  /// - Parameters:
  ///   - queue: The queue's name; or "amq.rabbitmq.reply-to", once and with automatic acknowledgement, for the direct way of replies
  ///     (`directReplyTo`).
  ///   - prefetch: How many deliveries may be unacknowledged; 0 means as many as the session's window holds. Does not bind
  ///     automatic acknowledgement. The queue's policy overrides it (`DispatchPolicy.prescribedPrefetch`).
  ///   - acknowledgement: Who says that a delivery is done.
  ///   - priority: In a queue with `DispatchPolicy.consumerPriority`, a consumer gets messages only when none with a higher priority
  ///     has room; other queues do not look at it.
  ///   - isExclusive: Whether it refuses to share the queue: there must be no other consumer, and none can come while it is there.
  ///     Not with `DispatchPolicy.singleActive`.
  ///   - timeout: How many nanoseconds of the broker's clock a delivery may stay unacknowledged; then the consumer is cancelled
  ///     (`takeTimedOutConsumers`) and its messages go back, whatever its thread is doing. Nil for ever. A queue with such a
  ///     consumer keeps its messages in its store from then on. Not in a queue whose policy decides at publishing.
  /// - Throws: 403 (exclusive use), 404 (no such queue), 405 (another session's), 406 (negative prefetch), 506 (limit).
  public mutating func consume(
    queue: String, prefetch: Int = 0, acknowledgement: AcknowledgementMode = .manual, priority: Int = 0,
    isExclusive: Bool = false, timeout: Int64? = nil
  ) throws(BrokerError) -> ConsumerTag {
    if queue == SessionCore.directReplyName {
      return unsafe try core.pointee.consumeReplies(acknowledgement: acknowledgement)
    }
    return unsafe try core.pointee.consume(
      queue: queue, prefetch: prefetch, acknowledgement: acknowledgement, priority: priority, isExclusive: isExclusive,
      timeout: timeout)
  }

  /// Where replies to this session go (`MessageProperties.replyTo`), once it consumes "amq.rabbitmq.reply-to"; else none.
  public var directReplyTo: QueueHandle { unsafe core.pointee.directReplyTo }

  /// The consumers that were cancelled since the last call because they had kept a delivery for longer than their time-out. What they
  /// had not acknowledged is back in its queue, and its tags are unknown. Ends the validity of their bodies, as the next `poll` does.
  public mutating func takeTimedOutConsumers() -> [ConsumerTag] { unsafe core.pointee.takeTimedOutConsumers() }

  /// Changes how many deliveries of a consumer may be unacknowledged (`basic.qos`); 0 means as many as the session's window holds. One that
  /// has more in hand gets nothing until it has fewer. Has no effect where the queue's policy says how many, or with automatic
  /// acknowledgement. Errors: 404 (no such consumer), 406 (negative).
  public mutating func setPrefetch(_ count: Int, of consumer: ConsumerTag) throws(BrokerError) {
    unsafe try core.pointee.setPrefetch(count, of: consumer)
  }

  /// Has the session's window (`SessionOptions.windowCapacity`) hold at least so many deliveries, as when prefetches grow; it never
  /// becomes smaller. What was delivered stays readable where it is. O(window), whose former memory stays as long as the session.
  public mutating func widenWindow(to count: Int) { unsafe core.pointee.widenWindow(to: count) }

  /// Stops a consumer. What it has not acknowledged goes back in order, and its tags become unknown. Error: 404.
  public mutating func cancel(_ consumer: ConsumerTag) throws(BrokerError) {
    unsafe try core.pointee.cancel(consumer)
  }

  /// Whether the consumer's queue was deleted: it will get nothing more.
  public func isCancelled(_ consumer: ConsumerTag) -> Bool { unsafe core.pointee.isCancelled(consumer) }

  /// Takes up to `limit` messages for the session's consumers; returns how many.
  ///
  /// They replace the batch before, whose automatically acknowledged deliveries lose their bodies now. One compare-and-swap
  /// per queue.
  @inlinable @inline(__always)
  public mutating func poll(limit: Int) -> Int { unsafe core.pointee.poll(limit: limit) }

  /// The same, and measures a sample of how long messages were in their queues: `Broker.timeInQueue(of:)`.
  /// - Parameter now: On the publishers' time source, in nanoseconds.
  @inlinable @inline(__always)
  public mutating func poll(limit: Int, now: Int64) -> Int { unsafe core.pointee.poll(limit: limit, now: now) }

  /// Measures the batch of the last `poll(limit:)`, as `poll(limit:now:)` does: for callers that read the clock only when they got
  /// something, and then after it. Once per batch, before any of it is settled; of an empty batch it says so, too.
  /// - Parameter now: On the publishers' time source, in nanoseconds.
  @inlinable @inline(__always)
  public mutating func noteTimes(now: Int64) { unsafe core.pointee.noteTimes(now: now) }

  /// The `index`-th delivery of the last `poll`.
  @inlinable @inline(__always)
  public func delivery(at index: Int) -> Delivery { unsafe core.pointee.delivery(at: index) }

  /// Takes one message of a queue without a consumer (`basic.get`), or nil when there is none. Replaces the last batch. It waits for no
  /// consumer's turn, and leaves alone what was chosen for a consumer when it was published.
  ///
  /// Errors: 404 (no such queue), 405 (another session's), 506 (limit).
  public mutating func get(
    queue: String, acknowledgement: AcknowledgementMode = .manual
  ) throws(BrokerError) -> Delivery? {
    unsafe try core.pointee.get(queue: queue, acknowledgement: acknowledgement) ? delivery(at: 0) : nil
  }

  /// Done with one delivery, or (`multiple`) with all up to it; 0 with `multiple` means all.
  ///
  /// Error: 406 when the tag is not outstanding. O(1) per delivery; O(log n), n such, for one that was kept while as many others as the
  /// window holds came after it.
  @inlinable @inline(__always)
  public mutating func acknowledge(_ deliveryTag: UInt64, multiple: Bool = false) throws(BrokerError) {
    unsafe try core.pointee.acknowledge(deliveryTag, multiple: multiple)
  }

  /// Refuses one delivery: back into the queue at its old place, or thrown away. Error: 406.
  public mutating func reject(_ deliveryTag: UInt64, requeue: Bool) throws(BrokerError) {
    unsafe try core.pointee.refuse(deliveryTag, multiple: false, requeue: requeue)
  }

  /// Refuses one delivery or all up to it, like `acknowledge`. Error: 406.
  public mutating func nack(_ deliveryTag: UInt64, multiple: Bool = false, requeue: Bool) throws(BrokerError) {
    unsafe try core.pointee.refuse(deliveryTag, multiple: multiple, requeue: requeue)
  }
}

// MARK: - Waiting

extension Session {
  /// Announces that the session is about to sleep. It must look once more (poll, or the publish that was `full`), then call
  /// `cancelPark()` or `park`.
  ///
  /// What wakes it: messages for a consumer that has room, room in a queue that held up a publish, the deletion of such a queue.
  public mutating func prepareToPark() { unsafe core.pointee.prepareToPark() }

  /// Withdraws `prepareToPark()`.
  public mutating func cancelPark() { unsafe core.pointee.cancelPark() }

  /// Sleeps until there is something for this session, or for the given time. May return early.
  public mutating func park(timeoutNanoseconds: Int64? = nil) {
    unsafe core.pointee.park(timeoutNanoseconds: timeoutNanoseconds)
  }

  /// Sleeps until there is something for this session, until another doorbell is rung, or for the given time, after a
  /// `prepareToPark()` here and a `prepareToWait()` there; withdraws both. May return early.
  public mutating func park(
    or other: Doorbell, _ otherTicket: Doorbell.Ticket, timeoutNanoseconds: Int64? = nil
  ) {
    unsafe core.pointee.park(or: other, otherTicket, timeoutNanoseconds: timeoutNanoseconds)
  }

  /// Spends one idle turn: call it when `poll` returned 0 or a publish was held up, then look again.
  ///
  /// Parks when the strategy says so and there is nothing to do. Without a time-out it does not park when nothing could
  /// wake it (every consumer at its prefetch limit, nothing held up).
  @inlinable @inline(__always)
  public mutating func wait<Strategy: WaitStrategy>(
    using strategy: inout Strategy, timeoutNanoseconds: Int64? = nil
  ) {
    if strategy.shouldPark() { unsafe core.pointee.waitParked(timeoutNanoseconds: timeoutNanoseconds) }
  }
}
