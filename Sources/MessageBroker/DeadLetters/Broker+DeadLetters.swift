import Platform
import RingBuffers
import Synchronization

/// What leaves a queue without having been acknowledged: counted, and published to the queue's dead-letter exchange if it has one.
///
/// A cold path, behind one lock of the broker where there is a dead-letter exchange. No queue's lock is held meanwhile.
extension Broker {
  /// Makes a queue let go of what expired and of what exceeds its limits.
  func expel(from queue: MessageQueue, at desk: DeadLetterDesk? = nil) {
    expelExpired(from: queue, at: desk)
    expelExcess(from: queue, at: desk)
  }

  func expelExpired(from queue: MessageQueue, at desk: DeadLetterDesk? = nil) {
    while let message = queue.withStore({ $0.takeExpired(at: clock.now) }) {
      leave(message, from: queue, reason: .expired, at: desk)
    }
  }

  func expelExcess(from queue: MessageQueue, at desk: DeadLetterDesk? = nil) {
    while let message = queue.withStore({ $0.takeOverLimit() }) {
      leave(message, from: queue, reason: .maxlen, at: desk)
    }
  }

  /// What is owed after messages were put into a queue's store.
  func finish(_ arrivals: MessageQueue.Arrivals, in queue: MessageQueue, at desk: DeadLetterDesk? = nil) {
    for message in arrivals.expired { leave(message, from: queue, reason: .expired, at: desk) }
    if arrivals.mayLeave { expel(from: queue, at: desk) }
  }

  /// The same for a message that was in the hands of a consumer.
  func leave(delivered message: MessageStore.Taken, from queue: MessageQueue, reason: DeathReason) {
    queue.countRefused()
    leave(message, from: queue, reason: reason, at: nil)
    if queue.options.unacknowledgedLimit != nil { queue.wakeConsumers(1) }
  }

  /// A message that was taken out of a queue leaves it for good.
  private func leave(
    _ message: MessageStore.Taken, from queue: MessageQueue, reason: DeathReason, at desk: DeadLetterDesk?
  ) {
    queue.count(1, gone: reason)
    queue.wakePublishers(1)
    if queue.options.deadLetter == nil {
      bodies.release(CollectionOfOne(message.descriptor))
    } else {
      sendDeadLetter(message.descriptor, from: queue, reason: reason, at: desk)
    }
  }

  /// Publishes a message that left `queue`, or never got in, to the queue's dead-letter exchange. Its one reference is taken over.
  ///
  /// What finds no exchange, no queue, a full queue that rejects, or itself in a circle is dropped: nobody waits for its confirm
  /// (RabbitMQ's "at most once" dead-lettering).
  func sendDeadLetter(
    _ message: MessageDescriptor, from queue: MessageQueue, reason: DeathReason, at desk: DeadLetterDesk? = nil
  ) {
    guard let address = queue.options.deadLetter else { return bodies.release(CollectionOfOne(message)) }
    if let desk {
      send(message, from: queue, to: address, reason: reason, at: desk)
    } else {
      deadLetterDesk.withLock { send(message, from: queue, to: address, reason: reason, at: $0) }
    }
  }

  private func send(
    _ message: MessageDescriptor, from queue: MessageQueue, to address: DeadLetterAddress, reason: DeathReason,
    at desk: DeadLetterDesk
  ) {
    let oldKey = routingKey(RoutingKeyNumber(index: message.routingKey))
    let key = address.routingKey ?? oldKey
    var headers = desk.headers(of: message)
    DeathRecord.add(
      DeathRecord(
        queue: queue.name, reason: reason, time: clock.now,
        exchange: exchangeName(ExchangeNumber(index: message.exchange)), routingKey: oldKey,
        originalExpiration: bodies.pool.expiration(of: message)),
      to: &headers)
    let deaths = DeathRecord.all(in: headers)
    var (targets, exchange, keyNumber) = control.withLock { control in
      (
        control.snapshot(version: routing.current)
          .queues(exchange: address.exchange, key: key, headers: headers, allowsInternal: true) ?? [],
        control.exchanges[address.exchange]?.number ?? 0, (try? control.internRoutingKey(key)) ?? 0
      )
    }
    // RabbitMQ looks for circles only when no consumer rejected the message just now.
    if reason != .rejected { targets.removeAll { DeathRecord.isCycle(deaths, backTo: $0.name) } }
    guard !targets.isEmpty else { return desk.release(message) }
    let envelope = MessageDescriptor(
      properties: MessageProperties(
        correlation: message.correlation, replyTo: message.replyTo, priority: message.priority,
        isPersistent: message.has(MessageDescriptor.isPersistent)),
      routingKey: keyNumber, exchange: exchange, route: MessageDescriptor.noRoute, now: message.publishedAtNanoseconds)
    guard let letter = desk.letter(message, as: envelope, headers: headers) else {
      deadLettersLost.wrappingAdd(1, ordering: .relaxed)
      return
    }
    desk.share(letter, among: targets.count)
    for target in targets { deliver(letter, to: target, at: desk) }
  }

  private func deliver(_ letter: MessageDescriptor, to queue: MessageQueue, at desk: DeadLetterDesk) {
    if queue.options.overflow.rejects, queue.wouldOverflow(with: letter.bodyByteCount) {
      queue.countRejected()
      guard queue.options.overflow == .rejectPublishDeadLetter, let address = queue.options.deadLetter else {
        return desk.release(letter)
      }
      return send(letter, from: queue, to: address, reason: .maxlen, at: desk)
    }
    guard let arrivals = queue.acceptAnyhow(letter) else { return desk.release(letter) }
    queue.countDeadLetterIn()
    queue.wakeConsumers(1)
    finish(arrivals, in: queue, at: desk)
  }
}

extension OverflowPolicy {
  /// Whether a message is refused when the queue is full.
  var rejects: Bool { self == .rejectPublish || self == .rejectPublishDeadLetter }
}
