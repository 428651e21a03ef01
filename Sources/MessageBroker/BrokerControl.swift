/// Everything the control path knows, behind the broker's mutex. A plain value: it decides, the broker acts.
struct BrokerControl: Sendable {
  /// The exchange that every broker has beside the default one.
  static let directExchange = "amq.direct"

  private(set) var exchanges: [String: Exchange] = [:]
  private(set) var queues: [String: MessageQueue] = [:]
  private var slots: [MessageQueue?] = [nil]
  private var generations: [UInt16] = [0]
  private var freeSlots: [Int] = []
  private var bindingsByQueue: [String: Set<BindingDescription>] = [:]
  private var bindingCount = 0
  private(set) var exchangeNames = NameTable()
  private(set) var routingKeys = NameTable()
  private var serverNamedCount: UInt64 = 0
  private var freeSessionSlots: [Int]
  private var sessionCount: UInt64 = 0
  /// Made when asked for, dropped at every change.
  private var cachedSnapshot: RoutingSnapshot?
  let limits: BrokerLimits

  init(limits: BrokerLimits) {
    self.limits = limits
    freeSessionSlots = Array((0..<limits.sessions).reversed())
    // Key 0 is the empty one, which stands in when no more keys may be numbered.
    _ = routingKeys.intern("", limit: limits.routingKeys)
    // Number 0 is the default exchange, which is not in the dictionary: it has no bindings to look up.
    _ = exchangeNames.intern("", limit: limits.exchanges)
    if let number = exchangeNames.intern(Self.directExchange, limit: limits.exchanges) {
      exchanges[Self.directExchange] = Exchange(name: Self.directExchange, type: .direct, number: UInt16(number))
    }
  }

  // MARK: Sessions

  mutating func openSession() throws(BrokerError) -> (slot: Int, identifier: SessionIdentifier) {
    guard let slot = freeSessionSlots.popLast() else {
      throw .limit("\(limits.sessions) sessions are open")
    }
    sessionCount += 1
    return (slot, SessionIdentifier(number: sessionCount))
  }

  mutating func closeSession(slot: Int) { freeSessionSlots.append(slot) }

  func queues(ownedBy session: SessionIdentifier) -> [String] {
    queues.values.lazy.filter { $0.owner == session }.map(\.name)
  }

  // MARK: Exchanges

  /// Returns whether the exchange is new.
  mutating func declareExchange(_ name: String, type: ExchangeType) throws(BrokerError) -> Bool {
    guard !name.isEmpty else { throw .defaultExchange }
    guard type == .direct else { throw .unsupportedExchange(type) }
    if let known = exchanges[name] {
      guard known.type == type else {
        throw .inequivalent("type", of: "exchange", name, received: type.rawValue, current: known.type.rawValue)
      }
      return false
    }
    guard !name.hasPrefix("amq.") else { throw .reserved("exchange", name) }
    guard let number = exchangeNames.intern(name, limit: limits.exchanges) else {
      throw .limit("\(limits.exchanges) exchange names were used")
    }
    exchanges[name] = Exchange(name: name, type: type, number: UInt16(number))
    cachedSnapshot = nil
    return true
  }

  /// Returns whether there was such an exchange.
  mutating func deleteExchange(_ name: String, ifUnused: Bool) throws(BrokerError) -> Bool {
    guard !name.isEmpty else { throw .defaultExchange }
    guard !name.hasPrefix("amq.") else { throw .reserved("exchange", name) }
    guard let exchange = exchanges[name] else { return false }
    guard !ifUnused || exchange.queuesByKey.isEmpty else {
      throw BrokerError(code: .preconditionFailed, message: "exchange '\(name)' in use")
    }
    exchanges[name] = nil
    for (queue, bindings) in bindingsByQueue {
      let left = bindings.filter { $0.exchange != name }
      bindingCount -= bindings.count - left.count
      bindingsByQueue[queue] = left
    }
    cachedSnapshot = nil
    return true
  }

  // MARK: Queues

  /// The queue, if `session` may use it; nil as the session is the administrator.
  func queue(_ name: String, by session: SessionIdentifier?) throws(BrokerError) -> MessageQueue {
    guard let queue = queues[name] else { throw .noQueue(name) }
    if let owner = queue.owner, let session, owner != session { throw .locked(name) }
    return queue
  }

  /// The queue of that name if it exists and is declared equally; nil when it is still to be made.
  func equivalentQueue(
    _ name: String, options: QueueOptions, by session: SessionIdentifier?
  ) throws(BrokerError) -> MessageQueue? {
    guard let known = queues[name] else {
      guard !name.hasPrefix("amq.") else { throw .reserved("queue", name) }
      return nil
    }
    if known.owner != nil, known.owner != session { throw .locked(name) }
    if known.options.isExclusive != options.isExclusive { throw .locked(name) }
    guard known.options.maxLength == options.maxLength else {
      throw .inequivalent(
        "x-max-length", of: "queue", name, received: "\(options.maxLength)", current: "\(known.options.maxLength)")
    }
    guard known.options.overflow == options.overflow else {
      throw .inequivalent(
        "x-overflow", of: "queue", name, received: options.overflow.rawValue,
        current: known.options.overflow.rawValue)
    }
    return known
  }

  /// A name that nobody else can declare.
  mutating func serverName() -> String {
    serverNamedCount += 1
    return "amq.gen-\(serverNamedCount)"
  }

  /// A number for a new queue.
  mutating func reserveQueueHandle() throws(BrokerError) -> QueueHandle {
    guard queues.count < limits.queues else { throw .limit("\(limits.queues) queues exist") }
    if let slot = freeSlots.popLast() { return QueueHandle(slot: slot, generation: generations[slot]) }
    slots.append(nil)
    generations.append(0)
    return QueueHandle(slot: slots.count - 1, generation: 0)
  }

  mutating func insert(_ queue: MessageQueue) {
    queues[queue.name] = queue
    slots[queue.handle.slot] = queue
    cachedSnapshot = nil
  }

  /// Takes the queue out of every table; the caller closes it.
  mutating func remove(_ queue: MessageQueue) {
    queues[queue.name] = nil
    slots[queue.handle.slot] = nil
    generations[queue.handle.slot] &+= 1
    freeSlots.append(queue.handle.slot)
    for binding in bindingsByQueue.removeValue(forKey: queue.name) ?? [] { disconnect(binding) }
    cachedSnapshot = nil
  }

  // MARK: Bindings

  /// Returns whether the binding is new.
  mutating func bind(_ queue: MessageQueue, to exchange: String, key: String) throws(BrokerError) -> Bool {
    guard !exchange.isEmpty else { throw .defaultExchange }
    guard let found = exchanges[exchange] else { throw .noExchange(exchange) }
    let binding = BindingDescription(exchange: exchange, queue: queue.name, routingKey: key)
    guard bindingsByQueue[queue.name]?.contains(binding) != true else { return false }
    guard bindingCount < limits.bindings else { throw .limit("\(limits.bindings) bindings exist") }
    guard found.queuesByKey[key, default: []].count < limits.queuesPerRoute else {
      throw .limit("\(limits.queuesPerRoute) queues are bound to exchange '\(exchange)' with key '\(key)'")
    }
    bindingsByQueue[queue.name, default: []].insert(binding)
    bindingCount += 1
    exchanges[exchange]?.queuesByKey[key, default: []].append(queue)
    cachedSnapshot = nil
    return true
  }

  /// Returns whether there was such a binding.
  mutating func unbind(_ queue: MessageQueue, from exchange: String, key: String) throws(BrokerError) -> Bool {
    guard !exchange.isEmpty else { throw .defaultExchange }
    guard exchanges[exchange] != nil else { throw .noExchange(exchange) }
    let binding = BindingDescription(exchange: exchange, queue: queue.name, routingKey: key)
    guard bindingsByQueue[queue.name]?.remove(binding) != nil else { return false }
    disconnect(binding)
    cachedSnapshot = nil
    return true
  }

  /// Takes a binding out of its exchange's table.
  private mutating func disconnect(_ binding: BindingDescription) {
    bindingCount -= 1
    guard var bound = exchanges[binding.exchange]?.queuesByKey[binding.routingKey] else { return }
    bound.removeAll { $0.name == binding.queue }
    exchanges[binding.exchange]?.queuesByKey[binding.routingKey] = bound.isEmpty ? nil : bound
  }

  func bindingDescriptions() -> [BindingDescription] {
    queues.keys.map { BindingDescription(exchange: "", queue: $0, routingKey: $0) }
      + bindingsByQueue.values.flatMap { $0 }
  }

  // MARK: Routing

  /// The routing of this moment.
  mutating func snapshot(version: UInt64) -> RoutingSnapshot {
    if let cachedSnapshot { return cachedSnapshot }
    let made = RoutingSnapshot(version: version, exchanges: exchanges, queues: queues, slots: slots)
    cachedSnapshot = made
    return made
  }

  mutating func internRoutingKey(_ key: String) throws(BrokerError) -> UInt32 {
    guard let number = routingKeys.intern(key, limit: limits.routingKeys) else {
      throw .limit("\(limits.routingKeys) routing keys were used")
    }
    return UInt32(number)
  }
}
