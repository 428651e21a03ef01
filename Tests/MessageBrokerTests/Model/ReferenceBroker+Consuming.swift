import MessageBroker

extension ReferenceBroker {
  /// Returns the consumer's number within its session.
  mutating func consume(
    _ name: String, options: ReferenceConsumerOptions, in slot: Int
  ) throws(Refusal) -> Int {
    guard options.prefetch >= 0 else { throw .preconditionFailed }
    let queue = try queue(name, by: sessions[slot]!.number)
    let others = consumers(of: queue).map(\.consumer)
    guard !others.contains(where: \.options.isExclusive) else { throw .accessRefused }
    guard !options.isExclusive || others.isEmpty else { throw .accessRefused }
    // RabbitMQ does not combine the two.
    guard !(options.isExclusive && queue.options.isSingleActive) else { throw .accessRefused }
    consumerCount += 1
    let number = sessions[slot]!.nextConsumer
    sessions[slot]?.nextConsumer += 1
    sessions[slot]?.consumers.append(
      ReferenceConsumer(
        number: number, queue: name, queueNumber: queue.number, options: options, order: consumerCount))
    queues[name]?.hadConsumer = true
    return number
  }

  /// Stops a consumer. What it did not acknowledge goes back at once; RabbitMQ leaves it with the channel, whose consumers are done with.
  mutating func cancel(_ consumer: Int, in slot: Int) {
    let loses = defect == .losesOnCancel
    if loses { sessions[slot]?.unacknowledged.removeAll { $0.consumer == consumer } }
    giveBack(in: slot, isFailure: false) { $0.consumer == consumer }
    guard let place = sessions[slot]!.consumers.firstIndex(where: { $0.number == consumer }) else { return }
    let gone = sessions[slot]!.consumers.remove(at: place)
    sessions[slot]?.turn = 0
    consumerWent(gone)
  }

  /// What follows when a consumer is no more: an auto-delete queue goes with its last one.
  mutating func consumerWent(_ consumer: ReferenceConsumer) {
    guard let queue = queues[consumer.queue], queue.number == consumer.queueNumber else { return }
    queues[queue.name]?.lastUsedAt = now
    if queue.options.isAutoDelete, consumers(of: queue).isEmpty { removeQueue(queue.name) }
  }

  /// Takes up to `limit` messages for the session's consumers, who take turns.
  mutating func poll(_ slot: Int, limit: Int) -> [ReferenceDelivery] {
    var room = min(limit, sessions[slot]!.makeRoom())
    let session = sessions[slot]!
    var taken: [ReferenceDelivery] = []
    for offset in session.consumers.indices where room > 0 {
      let consumer = session.consumers[(session.turn + offset) % session.consumers.count]
      guard let queue = queues[consumer.queue], queue.number == consumer.queueNumber else { continue }
      guard mayTake(consumer, from: queue) else { continue }
      let wanted = min(room, prefetchRoom(of: consumer, in: slot))
      let deliveries = take(
        wanted, of: queue, consumer: consumer.number, acknowledgement: consumer.options.acknowledgement, in: slot)
      taken += deliveries
      room -= deliveries.count
    }
    if session.consumers.count > 1 { sessions[slot]?.turn = (session.turn + 1) % session.consumers.count }
    return taken
  }

  /// Takes one message without a consumer; nil when there is none or the window is full.
  mutating func get(
    _ name: String, acknowledgement: AcknowledgementMode, in slot: Int
  ) throws(Refusal) -> ReferenceDelivery? {
    let queue = try queue(name, by: sessions[slot]!.number)
    queues[name]?.lastUsedAt = now
    guard sessions[slot]!.makeRoom() > 0 else { return nil }
    return take(1, of: queue, consumer: nil, acknowledgement: acknowledgement, in: slot).first
  }

  /// A prefetch of 0, or automatic acknowledgement, means as many as the window holds.
  private func prefetchRoom(of consumer: ReferenceConsumer, in slot: Int) -> Int {
    guard consumer.options.prefetch > 0, consumer.options.acknowledgement == .manual else { return .max }
    if defect == .ignoresPrefetch { return .max }
    return consumer.options.prefetch - sessions[slot]!.unacknowledged.count { $0.consumer == consumer.number }
  }

  /// Whether it is this consumer's turn: not while the queue is paused; of a queue with a single active consumer only the one that came
  /// first; and with priorities only when no consumer with a higher one has room.
  private func mayTake(_ consumer: ReferenceConsumer, from queue: ReferenceQueue) -> Bool {
    let all = consumers(of: queue)
    if queue.options.isSingleActive { return all.first?.consumer.order == consumer.order }
    guard queue.options.hasConsumerPriorities else { return true }
    return !all.contains { other in
      other.consumer.options.priority > consumer.options.priority
        && prefetchRoom(of: other.consumer, in: other.session) > 0
    }
  }

  private mutating func take(
    _ limit: Int, of queue: ReferenceQueue, consumer: Int?, acknowledgement: AcknowledgementMode, in slot: Int
  ) -> [ReferenceDelivery] {
    guard !queue.isPaused else { return [] }
    let extra = defect == .takesOneTooMany && limit == 3 ? 1 : 0
    // The limit of unacknowledged messages is the queue's, over all its consumers.
    let room = acknowledgement == .automatic ? .max : queue.options.unacknowledgedLimit - unacknowledgedCount(of: queue)
    let messages = queue.ready.prefix(max(0, min(limit + extra, room)))
    queues[queue.name]?.ready.removeFirst(messages.count)
    queues[queue.name]?.counts.delivered += messages.count
    queues[queue.name]?.counts.redelivered += messages.count { $0.returnCount > 0 }
    let first = sessions[slot]!.nextTag
    let next = first + UInt64(messages.count)
    sessions[slot]?.nextTag = next
    if !messages.isEmpty { sessions[slot]?.tagAfterLast = next }
    let taken = messages.enumerated().map { index, message in
      ReferenceDelivery(
        tag: first + UInt64(index), consumer: consumer, queue: queue.name, queueNumber: queue.number, message: message,
        deliveredAt: now)
    }
    if acknowledgement == .automatic {
      queues[queue.name]?.counts.acknowledged += messages.count
    } else {
      sessions[slot]?.unacknowledged += taken
    }
    return taken
  }
}
