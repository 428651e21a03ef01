import MessageBroker

extension ReferenceBroker: BrokerSubject {
  mutating func perform(_ operation: BrokerOperation) -> OperationOutcome {
    do {
      return try attempt(operation)
    } catch { return .refused(error.code) }
  }

  func end() -> String? { nil }

  /// The number of the session in a slot; the administrator has none, and an empty slot is nobody.
  private func number(of slot: Int?) -> Int? { slot.map { sessions[$0]?.number ?? -1 } }

  private mutating func attempt(_ operation: BrokerOperation) throws(Refusal) -> OperationOutcome {
    switch operation {
    case .openSession(let slot, let windowCapacity, let confirms):
      guard sessions[slot] == nil else { return .skipped }
      openSession(slot, windowCapacity: windowCapacity, confirms: confirms)
    case .closeSession(let slot): closeSession(slot)
    case .declareExchange(let exchange): try declareExchange(exchange)
    case .deleteExchange(let name, let ifUnused): try deleteExchange(name, ifUnused: ifUnused)
    case .declareQueue(let name, let options, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      let (name, ready, consumers) = try declareQueue(name, options: options, by: number(of: slot))
      return .declared(name: name, ready: ready, consumers: consumers)
    case .deleteQueue(let name, let ifUnused, let ifEmpty, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      return .count(try deleteQueue(name, ifUnused: ifUnused, ifEmpty: ifEmpty, by: number(of: slot)))
    case .purgeQueue(let name, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      return .count(try purgeQueue(name, by: number(of: slot)))
    case .setPaused(let isPaused, let name): try setPaused(isPaused, queue: name)
    case .bind(let binding, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      try bind(binding, by: number(of: slot))
    case .unbind(let binding, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      try unbind(binding, by: number(of: slot))
    case .advance(let duration): advance(to: now + duration)
    case .look: return .view(view)
    case .publish, .pollConfirms, .consume, .cancel, .poll, .get, .settle: return try attemptInSession(operation)
    }
    return .done
  }

  private mutating func attemptInSession(_ operation: BrokerOperation) throws(Refusal) -> OperationOutcome {
    switch operation {
    case .publish(let id, let exchange, let key, let properties, let mayReuseRoute, let slot):
      guard sessions[slot] != nil else { return .skipped }
      let answer = try publish(
        id, exchange: exchange, key: key, properties: properties, mayReuseRoute: mayReuseRoute, in: slot)
      return .published(answer, sequence: sessions[slot]!.lastSequence)
    case .pollConfirms(let slot):
      guard sessions[slot] != nil else { return .skipped }
      let (through, count, nacks) = pollConfirms(in: slot)
      return .confirms(through: through, count: count, nacks: nacks)
    case .consume(let name, let options, let slot):
      guard sessions[slot] != nil else { return .skipped }
      return .consumer(try consume(name, options: options, in: slot))
    case .cancel(let pick, let slot):
      guard let consumers = sessions[slot]?.consumers, !consumers.isEmpty else { return .skipped }
      cancel(consumers[pick % consumers.count].number, in: slot)
    case .poll(let slot, let limit):
      guard sessions[slot] != nil else { return .skipped }
      return .deliveries(poll(slot, limit: limit).map(seen))
    case .get(let name, let mode, let slot):
      guard sessions[slot] != nil else { return .skipped }
      return .deliveries((try get(name, acknowledgement: mode, in: slot)).map { [seen($0)] } ?? [])
    case .settle(let back, let multiple, let how, let slot):
      guard let session = sessions[slot] else { return .skipped }
      try settle(tag(back, before: session.tagAfterLast), multiple: multiple, how, in: slot)
    default: preconditionFailure("\(operation) is not a session's")
    }
    return .done
  }

  private func seen(_ delivery: ReferenceDelivery) -> SeenDelivery {
    let message = delivery.message
    return SeenDelivery(
      tag: delivery.tag, consumer: delivery.consumer, id: message.id, position: message.position,
      exchange: message.exchange, key: message.key,
      priority: message.properties.priority, isRedelivered: message.returnCount > 0, returnCount: message.returnCount,
      deaths: message.deaths)
  }

  private var view: BrokerView {
    let queueViews = queues.values.sorted { $0.name < $1.name }.map { queue in
      BrokerView.Queue(
        name: queue.name, ready: queue.ready.count, unacknowledged: unacknowledgedCount(of: queue),
        consumers: consumers(of: queue).count, counts: queue.counts)
    }
    let bindingViews = bindings.map { binding in
      let (kind, name) =
        switch binding.destination {
        case .queue(let name): ("queue", name)
        case .exchange(let name): ("exchange", name)
        }
      return BrokerView.binding(binding.source, kind, name, binding.key, binding.arguments)
    }
    return BrokerView(
      queues: queueViews,
      exchanges: exchanges.values.filter { !$0.name.hasPrefix("amq.") }.map { "\($0.name): \($0.type)" }.sorted(),
      bindings: bindingViews.sorted(), unroutable: publishes.unroutable,
      cancelled: sessions.mapValues { session in
        session.consumers.map { queues[$0.queue]?.number != $0.queueNumber }
      })
  }
}

/// The delivery tag that lies `back` before the one after next; 0 when there are not so many.
func tag(_ back: Int, before next: UInt64) -> UInt64 { UInt64(max(0, Int(next) + 1 - back)) }
