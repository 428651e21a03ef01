extension Broker {
  // MARK: Exchanges

  /// Declares an exchange; declaring it again equally succeeds.
  ///
  /// Errors: 403 (the default exchange, or a reserved name), 406 (another type), 506 (limit), 540 (a type that is not supported yet).
  public func declareExchange(_ name: String, type: ExchangeType = .direct) throws(BrokerError) {
    try change { (control) throws(BrokerError) in
      if try control.declareExchange(name, type: type) { routing.advance() }
    }
  }

  /// Deletes an exchange and its bindings; one that does not exist is no error. Its cached routes become unroutable.
  ///
  /// Errors: 403 (the default exchange, or a reserved name), 406 (`ifUnused` and there are bindings).
  public func deleteExchange(_ name: String, ifUnused: Bool = false) throws(BrokerError) {
    try change { (control) throws(BrokerError) in
      if try control.deleteExchange(name, ifUnused: ifUnused) { routing.advance() }
    }
  }

  // MARK: Queues

  /// Declares a queue; an empty name asks for one of the broker's choice (`amq.gen-…`). Declaring it again equally succeeds.
  ///
  /// An empty queue takes less than 16 KiB, whatever its `max_length`: it grows with its length. Errors: 403 (reserved name), 405 (another session's),
  /// 406 (other options, or a `max_length` out of range), 506 (limit), 530 (exclusive without a session).
  @discardableResult
  public func declareQueue(
    _ name: String = "", options: QueueOptions = QueueOptions(), by session: SessionIdentifier? = nil
  ) throws(BrokerError) -> QueueDeclaration {
    guard options.maxLength > 0, options.maxLength <= limits.queueLength else {
      throw BrokerError(
        code: .preconditionFailed,
        message: "invalid arg 'x-max-length' for queue '\(name)': "
          + "\(options.maxLength) is not in 1...\(limits.queueLength)")
    }
    guard !options.isExclusive || session != nil else {
      throw BrokerError(code: .notAllowed, message: "exclusive queue '\(name)' needs a session to belong to")
    }
    let queue = try change { (control) throws(BrokerError) in
      if !name.isEmpty, let known = try control.equivalentQueue(name, options: options, by: session) { return known }
      let queue = MessageQueue(
        name: name.isEmpty ? control.serverName() : name, handle: try control.reserveQueueHandle(), options: options,
        owner: options.isExclusive ? session : nil, bodies: bodies, sessions: sessions)
      control.insert(queue)
      routing.advance()
      return queue
    }
    return QueueDeclaration(
      name: queue.name, handle: queue.handle, messageCount: queue.readyCount, consumerCount: queue.consumerCount)
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
      routing.advance()
      return queue
    }
    // Outside the lock: whoever finds the ring closed from here on asks for the routing, and finds the new one.
    return queue?.close() ?? 0
  }

  /// Throws away the ready messages of a queue; returns how many. Errors: 404, 405.
  @discardableResult
  public func purgeQueue(_ name: String, by session: SessionIdentifier? = nil) throws(BrokerError) -> Int {
    try queue(name, by: session).purge()
  }

  // MARK: Bindings

  /// Binds a queue to an exchange; binding twice is the same as once.
  ///
  /// Errors: 403 (the default exchange), 404 (no such queue or exchange), 405 (another session's queue), 506 (limit).
  public func bind(
    queue: String, to exchange: String, key: String, by session: SessionIdentifier? = nil
  ) throws(BrokerError) {
    try change { (control) throws(BrokerError) in
      let found = try control.queue(queue, by: session)
      if try control.bind(found, to: exchange, key: key) { routing.advance() }
    }
  }

  /// Removes a binding; one that does not exist is no error.
  ///
  /// Errors: 403 (the default exchange), 404 (no such queue or exchange), 405 (another session's queue).
  public func unbind(
    queue: String, from exchange: String, key: String, by session: SessionIdentifier? = nil
  ) throws(BrokerError) {
    try change { (control) throws(BrokerError) in
      let found = try control.queue(queue, by: session)
      if try control.unbind(found, from: exchange, key: key) { routing.advance() }
    }
  }
}
