/// Everything the control path knows, behind the broker's mutex. A plain value: it decides, the broker acts.
struct BrokerControl: Sendable {
  var exchanges = ShardedDictionary<String, Exchange>()
  var bindings = BindingIndex()
  private(set) var queues = ShardedDictionary<String, MessageQueue>()
  private var slots: [MessageQueue?] = [nil]
  private var generations: [UInt16] = [0]
  private var freeSlots: [Int] = []
  var exchangeNames = NameTable()
  private(set) var routingKeys = NameTable()
  private var serverNamedCount: UInt64 = 0
  private var freeSessionSlots: [Int]
  private var sessionCount: UInt64 = 0
  /// Made when asked for, dropped at every change.
  private var cachedSnapshot: RoutingSnapshot?
  /// How often the routing changed.
  private(set) var routingChangeCount: UInt64 = 0
  private var deletionCount: UInt64 = 0
  private var declarationCount: UInt64 = 0
  let limits: BrokerLimits

  init(limits: BrokerLimits) {
    self.limits = limits
    freeSessionSlots = Array((0..<limits.sessions).reversed())
    // Key 0 is the empty one, which stands in when no more keys may be numbered.
    _ = routingKeys.intern("", limit: limits.routingKeys)
    predeclareExchanges()
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
    queues.values.filter { $0.owner == session }.map(\.name)
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
      try BrokerError.checkLength(of: name, as: "queue name")
      return nil
    }
    if known.owner != nil, known.owner != session { throw .locked(name) }
    if known.options.isExclusive != options.isExclusive { throw .locked(name) }
    try options.checkEquivalence(to: known.options, of: name)
    return known
  }

  /// A name that nobody else can declare.
  mutating func serverName() -> String {
    serverNamedCount += 1
    return "amq.gen-\(serverNamedCount)"
  }

  /// Counts the queues that were ever declared, from 1.
  mutating func numberDeclaration() -> UInt64 {
    declarationCount += 1
    return declarationCount
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
    willChangeRouting()
    queues.set(queue.name, to: queue)
    slots[queue.handle.slot] = queue
  }

  /// Takes the queue out of every table; the caller closes it.
  mutating func remove(_ queue: MessageQueue) {
    willChangeRouting()
    removeExchanges(removeBindings(to: .queue(queue.name), as: .queue(queue)))
    deletionCount += 1
    queues.set(queue.name, to: nil)
    slots[queue.handle.slot] = nil
    generations[queue.handle.slot] &+= 1
    freeSlots.append(queue.handle.slot)
  }

  /// The queue of that number, unless it was deleted.
  func queue(_ handle: QueueHandle) -> MessageQueue? {
    guard handle.slot < slots.count, let queue = slots[handle.slot], queue.handle == handle else { return nil }
    return queue
  }

  // MARK: Routing

  /// Comes before every change of what routing depends on: who holds no snapshot makes no copy.
  mutating func willChangeRouting() {
    cachedSnapshot = nil
    routingChangeCount += 1
  }

  /// The routing of this moment.
  mutating func snapshot(version: UInt64) -> RoutingSnapshot {
    if let cachedSnapshot { return cachedSnapshot }
    let made = RoutingSnapshot(
      version: version, deletionCount: deletionCount, queues: queues, exchanges: exchanges)
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
