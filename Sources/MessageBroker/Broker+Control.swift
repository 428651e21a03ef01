extension Broker {
  // MARK: Exchanges

  /// Declares an exchange; declaring it again equally succeeds.
  ///
  /// Errors: 403 (the default exchange, or a reserved name), 406 (another type or other options, an argument of a wrong type),
  /// 502 (a name that is too long), 506 (limit).
  public func declareExchange(
    _ name: String, type: ExchangeType = .direct, options: ExchangeOptions = ExchangeOptions()
  ) throws(BrokerError) {
    try change { (control) throws(BrokerError) in
      try control.declareExchange(name, type: type, options: options)
    }
  }

  /// Asks whether an exchange exists, the protocol's passive declaration. Errors: 403 (the default exchange), 404.
  public func declareExchangePassively(_ name: String) throws(BrokerError) {
    try change { (control) throws(BrokerError) in _ = try control.exchange(name) }
  }

  /// Deletes an exchange and its bindings; one that does not exist is no error. Its cached routes become unroutable.
  ///
  /// Errors: 403 (the default exchange, or a reserved name), 406 (`ifUnused` and there are bindings from it).
  public func deleteExchange(_ name: String, ifUnused: Bool = false) throws(BrokerError) {
    try change { (control) throws(BrokerError) in try control.deleteExchange(name, ifUnused: ifUnused) }
  }

  // MARK: Queues

  /// Declares a queue; an empty name asks for one of the broker's choice (`amq.gen-…`). Declaring it again equally succeeds.
  ///
  /// An empty queue takes less than 16 KiB, whatever its `max_length`: it grows with its length. Errors: 403 (reserved name),
  /// 405 (another session's), 406 (other options, or options that are out of range or contradict each other), 502 (a name that is too long), 506 (limit),
  /// 530 (exclusive without a session).
  @discardableResult
  public func declareQueue(
    _ name: String = "", options: QueueOptions = QueueOptions(), by session: SessionIdentifier? = nil
  ) throws(BrokerError) -> QueueDeclaration {
    try options.check(for: name, limits: limits)
    guard !options.isExclusive || session != nil else {
      throw BrokerError(code: .notAllowed, message: "exclusive queue '\(name)' needs a session to belong to")
    }
    let queue = try change { (control) throws(BrokerError) in
      if !name.isEmpty, let known = try control.equivalentQueue(name, options: options, by: session) {
        known.touch()
        return known
      }
      let queue = MessageQueue(
        name: name.isEmpty ? control.serverName() : name, handle: try control.reserveQueueHandle(),
        number: control.numberDeclaration(), options: options, owner: options.isExclusive ? session : nil,
        bodies: bodies, sessions: sessions, clock: clock, retryDraw: retryDraw)
      control.insert(queue)
      return queue
    }
    return QueueDeclaration(queue)
  }

  /// Asks for a queue that exists, the protocol's passive declaration. Errors: 404, 405 (another session's).
  public func declareQueuePassively(
    _ name: String, by session: SessionIdentifier? = nil
  ) throws(BrokerError) -> QueueDeclaration {
    QueueDeclaration(try queue(name, by: session))
  }

  /// Deletes a queue with its bindings and ready messages; returns how many these were. One that does not exist is no error.
  ///
  /// Its consumers get nothing more (`Session.isCancelled`); what they still hold can be acknowledged; what they requeue is thrown away.
  /// Errors: 405 (another session's), 406 (`ifUnused` or `ifEmpty` and it is not).
  @discardableResult
  public func deleteQueue(
    _ name: String, ifUnused: Bool = false, ifEmpty: Bool = false, by session: SessionIdentifier? = nil
  ) throws(BrokerError) -> Int {
    let queue = try change { (control) throws(BrokerError) -> MessageQueue? in
      guard control.queues[name] != nil else { return nil }
      let queue = try control.queue(name, by: session)
      if ifUnused, queue.consumerCount > 0 {
        throw BrokerError(code: .preconditionFailed, message: "queue '\(name)' in use")
      }
      if ifEmpty, queue.readyCount > 0 {
        throw BrokerError(code: .preconditionFailed, message: "queue '\(name)' not empty")
      }
      control.remove(queue)
      return queue
    }
    // Outside the lock: whoever finds the ring closed from here on asks for the routing, and finds the new one.
    return queue?.close() ?? 0
  }

  /// Deletes a queue that is to go with its last consumer, when it has none. Asked for whenever a consumer has gone.
  func deleteIfAbandoned(_ queue: MessageQueue) {
    let isGone = try? change { (control) throws(BrokerError) in
      // Still the one of that name, and no consumer has come in between.
      guard control.queues[queue.name] === queue, queue.consumerCount == 0 else { return false }
      control.remove(queue)
      return true
    }
    if isGone == true { _ = queue.close() }
  }

  /// Throws away the ready messages of a queue; returns how many. Errors: 404, 405.
  @discardableResult
  public func purgeQueue(_ name: String, by session: SessionIdentifier? = nil) throws(BrokerError) -> Int {
    try queue(name, by: session).purge()
  }

  // MARK: Bindings

  /// Binds a queue to an exchange; binding twice is the same as once.
  /// - Parameters:
  ///   - queue: Where the messages go.
  ///   - exchange: Where they come from.
  ///   - key: The routing key; for a topic exchange a pattern. Fanout and headers exchanges do not look at it.
  ///   - arguments: What a headers exchange matches with, `x-match` among them.
  ///   - session: Who asks.
  /// - Throws: 403 (the default exchange), 404 (no such queue or exchange), 405 (another session's queue), 406 (arguments), 502 (a key
  ///   that is too long), 506 (limit).
  public func bind(
    queue: String, to exchange: String, key: String = "", arguments: FieldTable = [:],
    by session: SessionIdentifier? = nil
  ) throws(BrokerError) {
    let binding = BindingDescription(
      exchange: exchange, destination: .queue(queue), routingKey: key, arguments: arguments)
    try change { (control) throws(BrokerError) in try control.bind(binding, by: session) }
  }

  /// Binds an exchange to another: what reaches `source` with a matching key is routed on by `exchange`. Cycles are allowed; a queue gets
  /// each message at most once. Parameters and errors as for a queue.
  public func bind(
    exchange: String, to source: String, key: String = "", arguments: FieldTable = [:]
  ) throws(BrokerError) {
    let binding = BindingDescription(
      exchange: source, destination: .exchange(exchange), routingKey: key, arguments: arguments)
    try change { (control) throws(BrokerError) in try control.bind(binding, by: nil) }
  }

  /// Removes a binding, which key and arguments name; one that does not exist is no error.
  ///
  /// Errors: 403 (the default exchange), 404 (no such queue or exchange), 405 (another session's queue).
  public func unbind(
    queue: String, from exchange: String, key: String = "", arguments: FieldTable = [:],
    by session: SessionIdentifier? = nil
  ) throws(BrokerError) {
    let binding = BindingDescription(
      exchange: exchange, destination: .queue(queue), routingKey: key, arguments: arguments)
    try change { (control) throws(BrokerError) in try control.unbind(binding, by: session) }
  }

  /// Removes a binding between exchanges; one that does not exist is no error. Errors: 403, 404.
  public func unbind(
    exchange: String, from source: String, key: String = "", arguments: FieldTable = [:]
  ) throws(BrokerError) {
    let binding = BindingDescription(
      exchange: source, destination: .exchange(exchange), routingKey: key, arguments: arguments)
    try change { (control) throws(BrokerError) in try control.unbind(binding, by: nil) }
  }
}
