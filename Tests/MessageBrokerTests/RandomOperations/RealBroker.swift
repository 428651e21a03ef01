import MessageBroker

/// The broker itself, behind the operations of the random test.
final class RealBroker: BrokerSubject {
  final class OpenSession {
    var session: Session
    var nextTag: UInt64 = 1
    var nextConsumer = 0
    var consumers: [(number: Int, tag: ConsumerTag)] = []
    var routes: [ReferenceSession.Route: Route] = [:]

    init(_ session: consuming Session) { self.session = session }
  }

  let broker: Broker
  private var sessions: [Int: OpenSession] = [:]

  private var now: Int64 = 0

  init(limits: BrokerLimits = BrokerLimits()) { broker = Broker(limits: limits, retryDraw: { 1 }) }

  func advance(to moment: Int64) {
    now = moment
    broker.advance(to: moment)
    for opened in sessions.values {
      let timedOut = opened.session.takeTimedOutConsumers()
      opened.consumers.removeAll { timedOut.contains($0.tag) }
    }
  }

  /// No body may stay in memory when no queue and no session holds it.
  func end() -> String? {
    sessions = [:]
    for queue in broker.listQueues() { _ = try? broker.deleteQueue(queue.name) }
    let left = broker.statistics()
    guard left.queueCount > 0 || left.bodyByteCount > 0 || left.lostAtClose > 0 else { return nil }
    return "left when all is closed and deleted: \(left)"
  }

  func perform(_ operation: BrokerOperation) -> OperationOutcome {
    do {
      return try attempt(operation)
    } catch { return .refused(error.code) }
  }

  private func attempt(_ operation: BrokerOperation) throws(BrokerError) -> OperationOutcome {
    switch operation {
    case .openSession(let slot, let windowCapacity, let confirms):
      guard sessions[slot] == nil else { return .skipped }
      let opened = OpenSession(try broker.openSession(SessionOptions(windowCapacity: windowCapacity)))
      if confirms { opened.session.confirmSelect() }
      sessions[slot] = opened
    case .closeSession(let slot): sessions[slot] = nil
    case .declareExchange(let exchange):
      try broker.declareExchange(
        exchange.name, type: exchange.type,
        options: ExchangeOptions(
          isInternal: exchange.isInternal, isAutoDelete: exchange.isAutoDelete, alternateExchange: exchange.alternate))
    case .deleteExchange(let name, let ifUnused): try broker.deleteExchange(name, ifUnused: ifUnused)
    case .declareQueue(let name, let options, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      let made = try broker.declareQueue(name, options: self.options(options), by: identifier(of: slot))
      return .declared(name: made.name, ready: made.messageCount, consumers: made.consumerCount)
    case .deleteQueue(let name, let ifUnused, let ifEmpty, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      return .count(
        try broker.deleteQueue(name, ifUnused: ifUnused, ifEmpty: ifEmpty, by: identifier(of: slot)))
    case .purgeQueue(let name, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      return .count(try broker.purgeQueue(name, by: identifier(of: slot)))
    case .bind(let binding, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      let arguments = table(binding.arguments)
      switch binding.destination {
      case .queue(let name):
        try broker.bind(
          queue: name, to: binding.source, key: binding.key, arguments: arguments, by: identifier(of: slot))
      case .exchange(let name):
        try broker.bind(exchange: name, to: binding.source, key: binding.key, arguments: arguments)
      }
    case .unbind(let binding, let slot):
      guard slot == nil || sessions[slot!] != nil else { return .skipped }
      let arguments = table(binding.arguments)
      switch binding.destination {
      case .queue(let name):
        try broker.unbind(
          queue: name, from: binding.source, key: binding.key, arguments: arguments, by: identifier(of: slot))
      case .exchange(let name):
        try broker.unbind(exchange: name, from: binding.source, key: binding.key, arguments: arguments)
      }
    case .look: return .view(view)
    case .setPaused(true, let name): try broker.pauseQueue(name)
    case .setPaused(false, let name): try broker.resumeQueue(name)
    case .advance(let duration): advance(to: now + duration)
    case .publish, .pollConfirms, .consume, .cancel, .poll, .get, .settle: return try attemptInSession(operation)
    }
    return .done
  }

  private func attemptInSession(_ operation: BrokerOperation) throws(BrokerError) -> OperationOutcome {
    switch operation {
    case .publish(let id, let exchange, let key, let properties, let mayReuseRoute, let slot):
      guard let opened = sessions[slot] else { return .skipped }
      let name = ReferenceSession.Route(exchange: exchange, key: key, headers: properties.headers)
      return try publish(id, to: name, properties, mayReuseRoute: mayReuseRoute, in: opened)
    case .pollConfirms(let slot):
      guard let opened = sessions[slot] else { return .skipped }
      let batch = opened.session.pollConfirms()
      return .confirms(
        through: batch.settledThrough, count: batch.settledCount,
        nacks: (0..<batch.nackCount).map { opened.session.nack(at: $0) })
    case .consume(let name, let options, let slot):
      guard let opened = sessions[slot] else { return .skipped }
      let tag = try opened.session.consume(
        queue: name, prefetch: options.prefetch, acknowledgement: options.acknowledgement, priority: options.priority,
        isExclusive: options.isExclusive, timeout: options.timeout)
      opened.consumers.append((opened.nextConsumer, tag))
      opened.nextConsumer += 1
      return .consumer(opened.nextConsumer - 1)
    case .cancel(let pick, let slot):
      guard let opened = sessions[slot], !opened.consumers.isEmpty else { return .skipped }
      let index = pick % opened.consumers.count
      try opened.session.cancel(opened.consumers[index].tag)
      opened.consumers.remove(at: index)
    case .poll(let slot, let limit):
      guard let opened = sessions[slot] else { return .skipped }
      let count = opened.session.poll(limit: limit)
      return .deliveries((0..<count).map { seen(opened.session.delivery(at: $0), in: opened) })
    case .get(let name, let mode, let slot):
      guard let opened = sessions[slot] else { return .skipped }
      guard let delivery = try opened.session.get(queue: name, acknowledgement: mode) else { return .deliveries([]) }
      return .deliveries([seen(delivery, in: opened)])
    case .settle(let back, let multiple, let how, let slot):
      guard let opened = sessions[slot] else { return .skipped }
      let tag = tag(back, before: opened.nextTag)
      switch how {
      case .acknowledge: try opened.session.acknowledge(tag, multiple: multiple)
      case .requeue: try opened.session.nack(tag, multiple: multiple, requeue: true)
      case .discard where multiple: try opened.session.nack(tag, multiple: true, requeue: false)
      case .discard: try opened.session.reject(tag, requeue: false)
      }
    default: return .surprise("\(operation) is not a session's")
    }
    return .done
  }

  private func publish(
    _ id: UInt64, to name: ReferenceSession.Route, _ wanted: ReferenceProperties, mayReuseRoute: Bool,
    in opened: OpenSession
  ) throws(BrokerError) -> OperationOutcome {
    let known = mayReuseRoute ? opened.routes[name] : nil
    let route =
      if let known { known } else {
        try opened.session.route(exchange: name.exchange, key: name.key, headers: table(name.headers))
      }
    opened.routes[name] = route
    var properties = MessageProperties(correlation: id, priority: wanted.priority)
    properties.isMandatory = wanted.isMandatory
    properties.expiration = wanted.expiration
    properties.delay = wanted.delay
    let outcome = opened.session.publish(body(of: id), route: route, properties: properties, now: now)
    let answer: ReferenceBroker.PublishAnswer
    switch outcome {
    case .accepted: answer = .accepted
    case .unroutable: answer = .unroutable
    case .returned: answer = .returned
    case .rejected: answer = .rejected
    case .full: answer = .full
    case .noMemory, .bodyTooLarge: return .surprise("\(outcome)")
    }
    return .published(answer, sequence: opened.session.lastPublishSequence)
  }

  private func seen(_ delivery: Delivery, in opened: OpenSession) -> SeenDelivery {
    opened.nextTag = delivery.deliveryTag + 1
    return SeenDelivery(
      tag: delivery.deliveryTag, consumer: opened.consumers.first { $0.tag == delivery.consumer }?.number,
      id: delivery.correlation, position: delivery.queuePosition, exchange: broker.exchangeName(delivery.exchange),
      key: broker.routingKey(delivery.routingKey), priority: delivery.priority, isRedelivered: delivery.isRedelivered,
      returnCount: delivery.returnCount,
      deaths: DeathRecord.all(in: delivery.headers.copied()).map(ReferenceDeath.init),
      hasRightBody: delivery.body.copied() == body(of: delivery.correlation))
  }

  // MARK: Names of the one and of the other

  private func identifier(of slot: Int?) -> SessionIdentifier? {
    slot.flatMap { sessions[$0] }?.session.identifier
  }

  private func table(_ entries: [String: String]) -> FieldTable {
    FieldTable(entries.map { ($0.key, FieldValue.string($0.value)) })
  }

  private func options(_ options: ReferenceQueueOptions) -> QueueOptions {
    var made = QueueOptions(
      maxLength: options.maxLength, isExclusive: options.isExclusive, isAutoDelete: options.isAutoDelete)
    switch options.order {
    case .fifo: made.order = .fifo
    case .lifo: made.order = .lifo
    case .priority(let levels): made.order = .priority(levels: Int(levels))
    }
    switch options.overflow {
    case .block: made.overflow = .block
    case .rejectPublish: made.overflow = .rejectPublish
    case .rejectPublishDeadLetter: made.overflow = .rejectPublishDeadLetter
    case .dropHead: made.overflow = .dropHead
    }
    if options.maxByteCount < .max { made.maxByteCount = options.maxByteCount }
    made.messageTTL = options.messageTTL
    made.expires = options.expires
    made.deadLetter = options.deadLetter.map { DeadLetterAddress(exchange: $0.exchange, routingKey: $0.key) }
    made.deliveryLimit = options.deliveryLimit
    // Of a wait of which all is drawn the share that this broker's draw of 1 leaves.
    made.retry = options.retry.map { RetryPolicy(backoff: $0.backoff, limit: $0.limit, jitter: 1 - $0.jitter) }
    if options.unacknowledgedLimit < .max { made.unacknowledgedLimit = options.unacknowledgedLimit }
    if options.hasConsumerPriorities { made.dispatch = .consumerPriority }
    if options.isSingleActive { made.dispatch = .singleActive }
    return made
  }

  private var view: BrokerView {
    let queues = broker.listQueues().map { queue in
      var counts = ReferenceCounts()
      counts.published = Int(queue.totals.published)
      counts.delivered = Int(queue.totals.delivered)
      counts.redelivered = Int(queue.totals.redelivered)
      counts.acknowledged = Int(queue.totals.acknowledged)
      counts.returned = Int(queue.totals.returned)
      counts.discarded = Int(queue.totals.discarded)
      counts.purged = Int(queue.totals.purged)
      counts.rejected = Int(queue.totals.rejected)
      counts.dropped = Int(queue.totals.dropped)
      counts.expired = Int(queue.totals.expired)
      counts.deadLettered = Int(queue.totals.deadLettered)
      return BrokerView.Queue(
        name: queue.name, ready: queue.ready, unacknowledged: queue.unacknowledged, consumers: queue.consumers,
        counts: counts)
    }
    return BrokerView(
      queues: queues,
      exchanges: broker.listExchanges().filter { !$0.name.isEmpty && !$0.name.hasPrefix("amq.") }
        .map { "\($0.name): \($0.type)" }.sorted(),
      bindings: broker.listBindings().filter { !$0.exchange.isEmpty }
        .map { binding in
          BrokerView.binding(
            binding.exchange, binding.destination.kind, binding.destination.name, binding.routingKey,
            Dictionary(uniqueKeysWithValues: binding.arguments.map { ($0.name, $0.value.description) }))
        }.sorted(),
      unroutable: Int(broker.statistics().unroutable),
      cancelled: sessions.mapValues { opened in opened.consumers.map { opened.session.isCancelled($0.tag) } })
  }
}
