import MessageBroker

extension ReferenceBroker {
  /// Lets time pass: everything happens at its own moment, one moment after the other.
  ///
  /// At one moment: held messages become ready, then messages expire, then consumers time out, then queues expire; queues in the order of
  /// their declaration.
  mutating func advance(to target: Int64) {
    precondition(target >= now, "time goes forwards")
    while let moment = nextMoment, moment <= target {
      now = moment
      for queue in queues.values.sorted(by: { $0.number < $1.number }) { releaseHeld(of: queue.name) }
      for queue in queues.values.sorted(by: { $0.number < $1.number }) { expireMessages(of: queue.name) }
      endOverdueConsumers()
      for queue in queues.values.sorted(by: { $0.number < $1.number }) {
        if let end = end(of: queue), end <= now { removeQueue(queue.name) }
      }
    }
    now = target
  }

  /// When something happens next by itself.
  var nextMoment: Int64? {
    var moments: [Int64] = []
    for queue in queues.values {
      moments += queue.ready.compactMap(\.expiresAt) + queue.held.map(\.due)
      if let end = end(of: queue) { moments.append(end) }
    }
    for (slot, session) in sessions {
      for consumer in session.consumers {
        if let deadline = deadline(of: consumer, in: slot) { moments.append(deadline) }
      }
    }
    return moments.min()
  }

  /// When a queue without consumers expires: after nobody declared it, got from it or stopped consuming it for so long.
  private func end(of queue: ReferenceQueue) -> Int64? {
    guard let expires = queue.options.expires, consumers(of: queue).isEmpty else { return nil }
    return queue.lastUsedAt + expires
  }

  private mutating func releaseHeld(of name: String) {
    let due = (queues[name]?.held ?? []).filter { $0.due <= now }.sorted { $0.due < $1.due }
    queues[name]?.held.removeAll { $0.due <= now }
    for held in due {
      if held.isNew { makeReady(held.message, in: name) } else { queues[name]?.insert(held.message) }
    }
    dropHead(of: name)
  }

  /// Removes expired messages wherever they are, the next to be delivered first. RabbitMQ looks at the head only.
  mutating func expireMessages(of name: String) {
    while var queue = queues[name],
      let place = queue.ready.firstIndex(where: { $0.expiresAt.map { $0 <= now } == true })
    {
      let message = queue.ready.remove(at: place)
      queues[name] = queue
      leave(message, from: queue, reason: .expired)
    }
  }

  // MARK: Consumer time-outs

  private func deadline(of consumer: ReferenceConsumer, in slot: Int) -> Int64? {
    guard let timeout = consumer.options.timeout else { return nil }
    return sessions[slot]!.unacknowledged.filter { $0.consumer == consumer.number }.map { $0.deliveredAt + timeout }
      .min()
  }

  /// A consumer that keeps a message for too long is cancelled, which gives its messages back. RabbitMQ closes its channel.
  private mutating func endOverdueConsumers() {
    let overdue = sessions.flatMap { slot, session in session.consumers.map { (slot, $0) } }
      .filter { slot, consumer in deadline(of: consumer, in: slot).map { $0 <= now } == true }
      .sorted { $0.1.order < $1.1.order }
    for (slot, consumer) in overdue { cancel(consumer.number, in: slot) }
  }
}
