import MessageBroker

extension ReferenceBroker {
  /// What a publisher hears.
  enum PublishAnswer: Equatable {
    case accepted, unroutable, returned, rejected, full
  }

  /// - Parameter mayReuseRoute: Whether a route that was asked for before is used, although its exchange may be gone.
  mutating func publish(
    _ id: UInt64, exchange: String, key: String, properties: ReferenceProperties, mayReuseRoute: Bool, in slot: Int
  ) throws(Refusal) -> PublishAnswer {
    let route = ReferenceSession.Route(exchange: exchange, key: key, headers: properties.headers)
    let isKnown = sessions[slot]?.routes.contains(route) == true
    if !(mayReuseRoute && isKnown) {
      guard exchange.isEmpty || exchanges[exchange] != nil else { throw .notFound }
      guard exchanges[exchange]?.isInternal != true else { throw .accessRefused }
      sessions[slot]?.routes.insert(route)
    }
    // A route that was asked for when the exchange was another one leads nowhere now that it is internal.
    let targets =
      exchanges[exchange]?.isInternal == true
      ? [] : self.route(exchange: exchange, key: key, headers: properties.headers)
    let byteCount = bodyByteCount(of: id)
    // All or nothing for queues that make the publisher wait: it keeps the message as if it had not been tried.
    for name in targets {
      if queues[name]!.options.overflow == .block, queues[name]!.wouldOverflow(with: byteCount) { return .full }
    }
    publishes.messages += 1
    sessions[slot]?.advanceSequence()
    guard !targets.isEmpty else {
      if properties.isMandatory { publishes.returned += 1 } else { publishes.unroutable += 1 }
      return properties.isMandatory ? .returned : .unroutable
    }
    let message = ReferenceMessage(id: id, exchange: exchange, key: key, properties: properties)
    // A queue that refuses does not keep the others from taking theirs (RabbitMQ: the confirm is negative all the same). All have theirs
    // before anything comes of it.
    let arrivals = targets.map { enqueue(message, into: $0, isDeadLetter: false) }
    for (name, arrival) in zip(targets, arrivals) { settle(arrival, of: message, in: name) }
    publishes.routedCopies += arrivals.count { $0 != .refused }
    if arrivals.contains(.refused) {
      publishes.rejected += 1
      if let session = sessions[slot], session.hasConfirms { sessions[slot]?.nacks.append(session.lastSequence) }
      return .rejected
    }
    publishes.accepted += 1
    return .accepted
  }

  /// Returns how far publishes are settled, how many that are since the last call, and which of these were refused.
  mutating func pollConfirms(in slot: Int) -> (through: UInt64, count: Int, nacks: [UInt64]) {
    let session = sessions[slot]!
    sessions[slot]?.reportedSequence = session.lastSequence
    sessions[slot]?.nacks = []
    return (session.lastSequence, Int(session.lastSequence - session.reportedSequence), session.nacks)
  }

  /// What a queue did with a message.
  private enum Arrival: Equatable {
    case refused, taken
    /// Its time was over at once: it never took the place of another.
    case expired(ReferenceMessage)
  }

  /// `settle` is owed.
  private mutating func enqueue(_ message: ReferenceMessage, into name: String, isDeadLetter: Bool) -> Arrival {
    guard let queue = queues[name] else { return .refused }
    if queue.wouldOverflow(with: message.byteCount) {
      switch queue.options.overflow {
      case .rejectPublish, .rejectPublishDeadLetter:
        queues[name]?.counts.rejected += 1
        return .refused
      // A dead letter for a queue that blocks its publishers has no publisher that could wait: it exceeds the limit, as a message
      // does that comes back.
      case .block, .dropHead: break
      }
    }
    queues[name]?.counts.published += 1
    if isDeadLetter { publishes.deadLetterCopies += 1 }
    if let delay = message.properties.delay, delay > 0 {
      queues[name]?.held.append(.init(due: now + delay, message: message, isNew: true))
      return .taken
    }
    return insertReady(message, in: name)
  }

  /// What comes of a message that a queue took or refused.
  private mutating func settle(_ arrival: Arrival, of message: ReferenceMessage, in name: String) {
    guard let queue = queues[name] else { return }
    switch arrival {
    case .taken: break
    case .expired(let message): leave(message, from: queue, reason: .expired)
    case .refused where queue.options.overflow == .rejectPublishDeadLetter:
      republish(message, from: queue, reason: .maxlen)
    case .refused: break
    }
    expireMessages(of: name)
    dropHead(of: name)
  }

  /// A message becomes ready for the first time: it gets its place, and its time begins to run.
  ///
  /// It expires at the earlier of the queue's and its own time; at that very moment it is gone, so that a time of 0 is never delivered.
  mutating func makeReady(_ message: ReferenceMessage, in name: String) {
    settle(insertReady(message, in: name), of: message, in: name)
  }

  private mutating func insertReady(_ message: ReferenceMessage, in name: String) -> Arrival {
    guard var queue = queues[name] else { return .refused }
    var message = message
    message.position = queue.nextPosition
    queue.nextPosition += 1
    let wait = [queue.options.messageTTL, message.properties.expiration].compactMap { $0 }.min()
    message.expiresAt = wait.map { now + $0 }
    if wait != 0 { queue.insert(message) }
    queues[name] = queue
    return wait == 0 ? .expired(message) : .taken
  }

  /// `drop_head` drops until the limits hold again; also after messages came back, as in RabbitMQ.
  mutating func dropHead(of name: String) {
    while var queue = queues[name], queue.options.overflow == .dropHead, queue.isOverLimit {
      let dropped = queue.removeHead()
      queues[name] = queue
      leave(dropped, from: queue, reason: .maxlen)
    }
  }

  // MARK: Dead letters

  /// A message that was taken out of `queue` leaves it for good without having been acknowledged.
  mutating func leave(_ message: ReferenceMessage, from queue: ReferenceQueue, reason: DeathReason) {
    withQueue(queue.name, number: queue.number) { queue in
      switch reason {
      case _ where queue.options.deadLetter != nil: queue.counts.deadLettered += 1
      case .rejected, .deliveryLimit: queue.counts.discarded += 1
      case .expired: queue.counts.expired += 1
      case .maxlen: queue.counts.dropped += 1
      }
    }
    if defect == .miscountsDiscarded, reason == .rejected { queues[queue.name]?.counts.discarded += 1 }
    republish(message, from: queue, reason: reason)
  }

  /// Publishes a dead letter. What then finds no exchange, no queue, a full queue with `reject_publish` or itself in a circle is
  /// dropped: nobody waits for its confirm (RabbitMQ's "at most once" dead-lettering).
  private mutating func republish(_ message: ReferenceMessage, from queue: ReferenceQueue, reason: DeathReason) {
    guard let letter = queue.options.deadLetter else { return }
    let dead = message.dead(of: reason, in: queue.name, at: now, exchange: letter.exchange, key: letter.key)
    for target in route(exchange: dead.exchange, key: dead.key, headers: dead.properties.headers) {
      // RabbitMQ looks for circles only when no consumer rejected the message just now.
      if reason != .rejected, dead.isInCycle(with: target) { continue }
      settle(enqueue(dead, into: target, isDeadLetter: true), of: dead, in: target)
    }
  }
}
