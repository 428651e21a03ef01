import RingBuffers
import Synchronization

/// How a session finds its queues: cold, at the first use of a route and after each change of the routing.
extension SessionCore {
  /// See `Session.route`.
  mutating func route(exchange: String, key: String, headers: FieldTable) throws(BrokerError) -> Int {
    let name = RouteName(exchange: exchange, key: key, headers: headers)
    let known = routesByName[name]
    if let known, unsafe routes[known].version == broker.routing.current && routes[known].isOpen { return known }
    refreshSnapshot()
    let number = try snapshot.number(ofOpen: exchange)
    if let known { return known }
    return try add(name, exchange: number)
  }

  /// See `Session.queueCount`.
  func queueCount(of route: Int) -> Int {
    precondition(route >= 0 && route < routeCount, "the route belongs to another session")
    return unsafe routes[route].laneCount
  }

  private mutating func add(_ name: RouteName, exchange: UInt16) throws(BrokerError) -> Int {
    guard routeCount < broker.limits.routesPerSession else {
      throw .limit("\(routeCount) routes are in the session's cache")
    }
    try BrokerError.checkLength(of: name.key, as: "routing key")
    let number = try broker.internRoutingKey(name.key)
    let properties = try store(name.headers)
    if routeCount == routeCapacity { growRoutes() }
    unsafe (routes + routeCount).initialize(
      to: RouteEntry(routingKey: number, exchange: exchange, properties: properties))
    unsafe (keyHashes + routeCount).initialize(to: RoutingKeyHash.of(name.key))
    routeNames.append(name)
    routesByName[name] = routeCount
    routeCount += 1
    return routeCount - 1
  }

  /// Encodes headers into a block of our own.
  private mutating func store(_ headers: FieldTable) throws(BrokerError) -> PropertyBlock {
    guard !headers.isEmpty else { return .none }
    let bytes = try headers.encoded()
    guard bytes.count <= broker.limits.headersByteCount else {
      throw .limit("headers of \(bytes.count) bytes; \(broker.limits.headersByteCount) bytes")
    }
    guard let block = try? owner.allocate(byteCount: bytes.count) else {
      throw BrokerError(code: .resourceError, message: "no memory for headers of \(bytes.count) bytes")
    }
    unsafe bytes.withUnsafeBytes { unsafe pool.bytes(of: block).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    return PropertyBlock(block: block, byteCount: bytes.count)
  }

  /// Brings a route up to date with the routing.
  @usableFromInline
  mutating func renew(_ route: Int) {
    refreshSnapshot()
    // Not for every change: whoever declares ten thousand queues would have us look at all lanes each time.
    if snapshot.deletionCount != knownDeletionCount {
      knownDeletionCount = snapshot.deletionCount
      retireClosedLanes()
    }
    resolve(route)
  }

  private mutating func resolve(_ route: Int) {
    let name = routeNames[route]
    let queues = snapshot.queues(exchange: name.exchange, key: name.key, headers: name.headers)
    let entry = unsafe routes + route
    unsafe entry.pointee.begin(version: snapshot.version, isOpen: queues != nil, laneCount: queues?.count ?? 0)
    for queue in queues ?? [] { unsafe entry.pointee.append(lane(for: queue)) }
  }

  private mutating func refreshSnapshot() {
    if snapshot.version != broker.routing.current { broker.renew(&snapshot) }
  }

  private mutating func growRoutes() {
    let wider = unsafe ThreadMemory.allocate(RouteEntry.self, capacity: 2 * routeCapacity)
    unsafe wider.moveInitialize(from: routes, count: routeCount)
    unsafe ThreadMemory.deallocate(routes)
    unsafe routes = wider
    let widerHashes = unsafe ThreadMemory.allocate(UInt64.self, capacity: 2 * routeCapacity)
    unsafe widerHashes.moveInitialize(from: keyHashes, count: routeCount)
    unsafe ThreadMemory.deallocate(keyHashes)
    unsafe keyHashes = widerHashes
    routeCapacity *= 2
  }

  // MARK: Lanes

  /// The lane to a queue by number; nil when the queue is gone.
  @inlinable @inline(__always)
  mutating func lane(to queue: QueueHandle) -> Lane? {
    if queue.slot < slotCount, let lane = unsafe lanesBySlot[queue.slot], unsafe lane.pointee.handle == queue {
      return unsafe lane
    }
    return unsafe findLane(to: queue)
  }

  @usableFromInline
  mutating func findLane(to queue: QueueHandle) -> Lane? {
    guard let queue = broker.queue(queue) else { return nil }
    if laneCount == laneCapacity { makeRoomForLane() }
    return unsafe lane(for: queue)
  }

  /// Whoever publishes by number alone never renews a route, which is when lanes of deleted queues go. So they go before
  /// more memory is taken: a look at each lane, and half as many new ones before the next such look.
  private mutating func makeRoomForLane() {
    retireClosedLanes()
    if laneCount > laneCapacity / 2 { growLanes() }
  }

  /// The lane to a queue, made when there is none.
  private mutating func lane(for queue: MessageQueue) -> Lane {
    let slot = queue.handle.slot
    if slot >= slotCount { growSlots(toHold: slot) }
    if let known = unsafe lanesBySlot[slot], unsafe known.pointee.handle == queue.handle { return unsafe known }
    let lane = unsafe ThreadMemory.allocate(PublishLane.self, capacity: 1)
    unsafe lane.initialize(
      to: PublishLane(to: queue, nameKey: (try? broker.internRoutingKey(queue.name)) ?? 0))
    if mayPark { queue.shared.setPublishersMayPark() }
    if laneCount == laneCapacity { growLanes() }
    unsafe (lanes + laneCount).initialize(to: lane)
    laneCount += 1
    unsafe lanesBySlot[slot] = lane
    return unsafe lane
  }

  private mutating func growLanes() {
    let wider = unsafe ThreadMemory.allocate(Lane.self, capacity: 2 * laneCapacity)
    unsafe wider.moveInitialize(from: lanes, count: laneCount)
    unsafe ThreadMemory.deallocate(lanes)
    unsafe lanes = wider
    laneCapacity *= 2
  }

  private mutating func growSlots(toHold slot: Int) {
    let count = max(slot + 1, 2 * slotCount)
    let wider = unsafe ThreadMemory.allocate(Lane?.self, capacity: count)
    unsafe wider.initialize(repeating: nil, count: count)
    unsafe wider.update(from: lanesBySlot, count: slotCount)
    unsafe ThreadMemory.deallocate(lanesBySlot)
    unsafe lanesBySlot = wider
    slotCount = count
  }

  /// Removes the lanes of deleted queues, closed or about to be. A message staged for one of them is routed again, as if it were published now; of
  /// a message for several queues only this copy is dropped, because the others got theirs.
  @usableFromInline
  mutating func retireClosedLanes() {
    hasClosedLane = false
    refreshSnapshot()
    var homeless: [StagedMessage] = []
    for index in (0..<laneCount).reversed() {
      if unsafe isDeleted(lanes[index].pointee.queue) { removeLane(at: index, keeping: { homeless.append($0) }) }
    }
    for message in homeless { rehome(message) }
    if unflushedReleases > 0 { flushReleases() }
  }

  /// Whether the queue of a lane is gone. It leaves the routing first and is closed then: in between only the snapshot says so,
  /// and after a look in between nothing would make us look again.
  private func isDeleted(_ queue: MessageQueue) -> Bool {
    queue.ring.isClosed || snapshot.queues[queue.name] !== queue
  }

  /// Removes a lane; what is staged goes to `keep`, or is thrown away.
  mutating func removeLane(at index: Int, keeping keep: ((StagedMessage) -> Void)?) {
    let lane = unsafe lanes[index]
    for place in unsafe lane.pointee.stagedStart..<lane.pointee.stagedEnd {
      let message = unsafe lane.pointee.staged[place]
      stagedCount -= 1
      if let keep { keep(message) } else { release(message.descriptor) }
    }
    if unsafe lane.pointee.isParked {
      _ = unsafe lane.pointee.shared.parkedPublishers.leave(slot)
    }
    let slotOfQueue = unsafe lane.pointee.handle.slot
    if unsafe lanesBySlot[slotOfQueue] == lane { unsafe lanesBySlot[slotOfQueue] = nil }
    if unsafe blockedLane == lane { unsafe blockedLane = nil }
    unsafe lane.deinitialize(count: 1)
    unsafe ThreadMemory.deallocate(lane)
    laneCount -= 1
    unsafe lanes[index] = lanes[laneCount]
  }

  private mutating func rehome(_ message: StagedMessage) {
    var descriptor = message.descriptor
    guard !descriptor.has(MessageDescriptor.isFannedOut) else {
      broker.sessions.add(1, to: .droppedWithQueue, of: slot)
      return release(descriptor)
    }
    let route = descriptor.holder == MessageDescriptor.noRoute ? nil : Int(descriptor.holder)
    if let route { resolve(route) }
    guard let route, unsafe routes[route].laneCount > 0 else {
      countUnroutable()
      return release(descriptor)
    }
    let entry = unsafe routes[route]
    share(&descriptor, among: entry.laneCount)
    for index in 0..<entry.laneCount {
      let lane = unsafe entry.lane ?? entry.lanes![index]
      if unsafe !lane.pointee.hasStagingRoom { unsafe lane.pointee.widen() }
      unsafe lane.pointee.stage(descriptor, sequence: message.sequence)
      stagedCount += 1
    }
  }
}
