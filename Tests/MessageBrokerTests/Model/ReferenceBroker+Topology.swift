import MessageBroker

extension ReferenceBroker {
  // MARK: Exchanges

  mutating func declareExchange(_ exchange: ReferenceExchange) throws(Refusal) {
    guard !exchange.name.isEmpty else { throw .accessRefused }
    if let known = exchanges[exchange.name] {
      guard known == exchange else { throw .preconditionFailed }
      return
    }
    guard !exchange.name.hasPrefix("amq.") else { throw .accessRefused }
    exchanges[exchange.name] = exchange
  }

  mutating func deleteExchange(_ name: String, ifUnused: Bool) throws(Refusal) {
    guard !name.isEmpty, !name.hasPrefix("amq.") else { throw .accessRefused }
    guard exchanges[name] != nil else { return }
    guard !ifUnused || !bindings.contains(where: { $0.source == name }) else { throw .preconditionFailed }
    removeExchange(name)
  }

  private mutating func removeExchange(_ name: String) {
    exchanges[name] = nil
    bindings.removeAll { $0.source == name }
    removeBindings { $0.destination == .exchange(name) }
  }

  /// Removes bindings and then the auto-delete exchanges that lost their last one.
  private mutating func removeBindings(where isMeant: (ReferenceBinding) -> Bool) {
    let sources = Set(bindings.filter(isMeant).map(\.source))
    bindings.removeAll(where: isMeant)
    for source in sources.sorted() where exchanges[source]?.isAutoDelete == true {
      if !bindings.contains(where: { $0.source == source }) { removeExchange(source) }
    }
  }

  // MARK: Queues

  /// Returns the name, the ready messages and the consumers. An empty name asks for one of the broker's choice.
  mutating func declareQueue(
    _ name: String, options: ReferenceQueueOptions, by session: Int?
  ) throws(Refusal) -> (name: String, ready: Int, consumers: Int) {
    guard options.maxLength > 0 else { throw .preconditionFailed }
    guard !options.isExclusive || session != nil else { throw .notAllowed }
    if let known = queues[name] {
      if known.owner != nil && known.owner != session { throw .resourceLocked }
      guard known.options.isExclusive == options.isExclusive else { throw .resourceLocked }
      guard known.options == options else { throw .preconditionFailed }
      queues[name]?.lastUsedAt = now
      return (name, known.ready.count, consumers(of: known).count)
    }
    guard !name.hasPrefix("amq.") else { throw .accessRefused }
    if name.isEmpty { serverNamedCount += 1 }
    let chosen = name.isEmpty ? "amq.gen-\(serverNamedCount)" : name
    queueCount += 1
    queues[chosen] = ReferenceQueue(
      name: chosen, number: queueCount, options: options, owner: options.isExclusive ? session : nil, now: now)
    return (chosen, 0, 0)
  }

  /// Returns how many ready messages there were. They are thrown away, not dead-lettered, as in RabbitMQ.
  mutating func deleteQueue(
    _ name: String, ifUnused: Bool = false, ifEmpty: Bool = false, by session: Int?
  ) throws(Refusal) -> Int {
    guard queues[name] != nil else { return 0 }
    let queue = try queue(name, by: session)
    if ifUnused, !consumers(of: queue).isEmpty { throw .preconditionFailed }
    if ifEmpty, !queue.ready.isEmpty { throw .preconditionFailed }
    removeQueue(name)
    return queue.ready.count
  }

  mutating func removeQueue(_ name: String) {
    guard let queue = queues.removeValue(forKey: name) else { return }
    publishes.deletedCopies += queue.counts.published
    removeBindings { $0.destination == .queue(name) }
  }

  mutating func purgeQueue(_ name: String, by session: Int?) throws(Refusal) -> Int {
    let queue = try queue(name, by: session)
    queues[name]?.counts.purged += queue.ready.count
    queues[name]?.ready = []
    return queue.ready.count
  }

  /// A paused queue takes messages and gives none.
  mutating func setPaused(_ isPaused: Bool, queue name: String) throws(Refusal) {
    guard queues[name] != nil else { throw .notFound }
    queues[name]?.isPaused = isPaused
  }

  // MARK: Bindings

  /// Binding twice is the same as once.
  mutating func bind(_ binding: ReferenceBinding, by session: Int?) throws(Refusal) {
    try check(binding, by: session)
    if !bindings.contains(binding) { bindings.append(binding) }
  }

  /// A binding that does not exist is no error.
  mutating func unbind(_ binding: ReferenceBinding, by session: Int?) throws(Refusal) {
    try check(binding, by: session)
    removeBindings { $0 == binding }
  }

  private func check(_ binding: ReferenceBinding, by session: Int?) throws(Refusal) {
    switch binding.destination {
    case .queue(let name): _ = try queue(name, by: session)
    case .exchange(let name):
      guard !name.isEmpty else { throw .accessRefused }
      guard exchanges[name] != nil else { throw .notFound }
    }
    guard !binding.source.isEmpty else { throw .accessRefused }
    guard exchanges[binding.source] != nil else { throw .notFound }
  }

  // MARK: Routing

  /// The queues for a message, each once, however many ways lead there, in the order of their declaration. An exchange through which it goes nowhere hands it to its
  /// alternate exchange, if that exists. A circle of exchanges is gone through once.
  func route(exchange: String, key: String, headers: [String: String]) -> [String] {
    var found: [String] = []
    var pending = [exchange]
    var seen: Set<String> = []
    while let name = pending.popLast() {
      guard seen.insert(name).inserted else { continue }
      if name.isEmpty {
        if queues[key] != nil, !found.contains(key) { found.append(key) }
        continue
      }
      guard let exchange = exchanges[name] else { continue }
      let matching = bindings.filter {
        $0.source == name && $0.matches(type: exchange.type, key: key, headers: headers)
      }
      for binding in matching {
        switch binding.destination {
        case .queue(let queue): if !found.contains(queue) { found.append(queue) }
        case .exchange(let next): pending.append(next)
        }
      }
      if matching.isEmpty, let alternate = exchange.alternate { pending.append(alternate) }
    }
    return found.sorted { queues[$0]!.number < queues[$1]!.number }
  }
}
