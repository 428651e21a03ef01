public import Platform
public import RingBuffers
public import Synchronization

extension SessionCore {
  /// Publishes along a route. See `Session.publish`.
  @inlinable @inline(__always)
  mutating func publish(
    _ body: BodyView, route: Int, properties: MessageProperties, now: Int64
  ) -> PublishOutcome {
    precondition(route >= 0 && route < routeCount, "the route belongs to another session")
    // Acquire pairs with the release of `RoutingVersion.advance`: a new version is fetched before it is used.
    if unsafe routes[route].version != version.pointee.load(ordering: .acquiring) { renew(route) }
    let entry = unsafe routes + route
    let header = unsafe MessageDescriptor(
      properties: properties, routingKey: entry.pointee.routingKey, exchange: entry.pointee.exchange,
      route: UInt16(truncatingIfNeeded: route), now: now)
    let outcome: PublishOutcome
    if properties.isTimed {
      outcome = publishTimed(body, as: header, route: route, properties: properties)
    } else if let lane = unsafe entry.pointee.lane {
      outcome = unsafe publish(body, as: header, to: lane)
    } else {
      outcome = unsafe publish(body, as: header, along: entry)
    }
    return properties.isMandatory && outcome == .unroutable ? countReturned() : outcome
  }

  /// Publishes straight into a queue. See `Session.publish(_:to:)`.
  @inlinable @inline(__always)
  mutating func publish(
    _ body: BodyView, to queue: QueueHandle, properties: MessageProperties, now: Int64
  ) -> PublishOutcome {
    guard let lane = unsafe lane(to: queue) else {
      let outcome = unroutable()
      return properties.isMandatory ? countReturned() : outcome
    }
    let header = unsafe MessageDescriptor(
      properties: properties, routingKey: lane.pointee.nameKey, exchange: 0, route: MessageDescriptor.noRoute,
      now: now)
    let outcome =
      unsafe properties.isTimed
      ? publishTimed(body, as: header, to: lane, properties: properties) : publish(body, as: header, to: lane)
    return properties.isMandatory && outcome == .unroutable ? countReturned() : outcome
  }

  @inlinable @inline(__always)
  mutating func publish(_ body: BodyView, as header: MessageDescriptor, to lane: Lane) -> PublishOutcome {
    if publishBatch > 1 { return unsafe stage(body, as: header, in: lane) }
    if unsafe lane.pointee.stagedCount != 0 {
      guard unsafe pushBacklog(of: lane) else { return .full }
    }
    var descriptor = header
    let stored = store(body, in: &descriptor)
    guard stored == .accepted else { return stored }
    guard unsafe lane.pointee.allowance(for: 1) > 0, unsafe lane.pointee.producer.tryPush(descriptor) else {
      return unsafe refuse(body, descriptor, by: lane)
    }
    unsafe lane.pointee.counters.add(1, to: .published)
    ledger.advance()
    unsafe wakeConsumers(of: lane, for: 1)
    return .accepted
  }

  /// Adds a message to its lane's batch and pushes the batch when it is full.
  @inlinable @inline(__always)
  mutating func stage(_ body: BodyView, as header: MessageDescriptor, in lane: Lane) -> PublishOutcome {
    if unsafe !lane.pointee.hasStagingRoom {
      guard unsafe makeStagingRoom(in: lane) else { return .full }
    }
    var descriptor = header
    let stored = store(body, in: &descriptor)
    guard stored == .accepted else { return stored }
    if descriptor.block != 0 { owner.prefetch(byteCount: body.count) }
    ledger.advance()
    unsafe lane.pointee.stage(descriptor, sequence: ledger.last)
    stagedCount &+= 1
    if unsafe lane.pointee.stagedCount >= publishBatch {
      unsafe pushStaged(of: lane)
      // Asked before closed lanes go: this may be one of them.
      let hasStore = unsafe lane.pointee.hasStore
      if hasClosedLane { retireClosedLanes() }
      if hasStore { settleConsequences() }
    }
    return .accepted
  }

  /// Copies the body into the descriptor or into a block of our own.
  @inlinable @inline(__always)
  mutating func store(_ body: BodyView, in descriptor: inout MessageDescriptor) -> PublishOutcome {
    let count = body.count
    guard count > MessageDescriptor.inlineByteCountLimit else {
      descriptor.setInlineBody(body)
      return .accepted
    }
    return storeInBlock(body, in: &descriptor)
  }

  /// Copies the body into a block of our own, whatever its size; an empty one needs none.
  @inlinable @inline(__always)
  mutating func storeInBlock(_ body: BodyView, in descriptor: inout MessageDescriptor) -> PublishOutcome {
    let count = body.count
    guard count > 0 else { return .accepted }
    guard count <= PayloadPool.largestByteCount else { return .bodyTooLarge }
    // Never throws: the size was just looked at.
    guard let block = try? owner.allocate(byteCount: count) else {
      isStarved = true
      return .noMemory
    }
    descriptor.setBody(block: block, byteCount: count)
    unsafe FreshBytes.copy(body.start!, to: pool.bytes(of: block), byteCount: count)
    return .accepted
  }

  /// Pushes a lane's batch, as far as its queue takes it.
  @inlinable
  mutating func pushStaged(of lane: Lane) {
    let count = unsafe lane.pointee.push()
    stagedCount &-= count
    if count > 0 { unsafe wakeConsumers(of: lane, for: count) }
    if unsafe lane.pointee.stagedCount > 0 { unsafe settleRemainder(of: lane) }
  }

  @inlinable @inline(__always)
  func wakeConsumers(of lane: Lane, for count: Int) {
    if unsafe lane.pointee.shared.consumersMayPark { unsafe lane.pointee.queue.wakeConsumers(count) }
  }

  /// Pushes everything staged; returns how much is left.
  @inlinable
  mutating func flush() -> Int {
    while stagedCount > 0 {
      for index in 0..<laneCount {
        let lane = unsafe lanes[index]
        if unsafe lane.pointee.stagedCount > 0 { unsafe pushStaged(of: lane) }
      }
      guard hasClosedLane else { break }
      retireClosedLanes()
    }
    settleConsequences()
    return stagedCount
  }

  /// What is settled for confirms: all publishes below the oldest staged one.
  @inlinable
  mutating func pollConfirms() -> ConfirmBatch {
    guard stagedCount > 0 else { return ledger.take(through: ledger.last) }
    let oldest = oldestStaged()
    // One that was staged before there were confirms has no number, and no later one is settled before it.
    return ledger.take(through: oldest == 0 ? ledger.reported : oldest &- 1)
  }
}
