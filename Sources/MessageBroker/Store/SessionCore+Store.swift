import RingBuffers

/// Publishing into queues whose messages lie in a store, and messages that time decides about. None of it is on the path of a
/// plain message for a plain queue.
extension SessionCore {
  // MARK: One message

  /// Puts a message that the ring is not the place for into the queue's store; false, with nothing done, when it is full or deleted or
  /// there is no memory. `settleConsequences` is owed.
  ///
  /// The descriptor's blocks are the queue's when it was taken, else still the caller's.
  mutating func enterStore(
    _ descriptor: inout MessageDescriptor, of lane: Lane, due: Int64 = .min, beyondLimit: Bool = false
  ) -> Bool {
    guard unsafe extendIfNeeded(&descriptor, for: lane) else {
      isStarved = true
      return false
    }
    var message = StagedMessage(descriptor: descriptor, sequence: 0)
    let queue = unsafe lane.pointee.queue
    let arrivals = unsafe withUnsafePointer(to: &message) {
      unsafe queue.arrive(UnsafeBufferPointer(start: $0, count: 1), due: due, beyondLimit: beyondLimit)
    }
    guard arrivals.taken > 0 else { return false }
    unsafe finish(arrivals, in: lane)
    return true
  }

  /// Puts staged messages into the queue's store, as far as it takes them; false when there is no memory. `settleConsequences` is
  /// owed.
  mutating func pushStagedIntoStore(of lane: Lane) -> Bool {
    for place in unsafe lane.pointee.stagedStart..<lane.pointee.stagedEnd {
      guard unsafe extendIfNeeded(&lane.pointee.staged[place].descriptor, for: lane) else {
        isStarved = true
        return false
      }
    }
    let messages = unsafe UnsafeBufferPointer(
      start: lane.pointee.staged + lane.pointee.stagedStart, count: lane.pointee.stagedCount)
    let arrivals = unsafe lane.pointee.queue.arrive(messages)
    unsafe lane.pointee.dropOldest(arrivals.taken)
    stagedCount -= arrivals.taken
    if arrivals.taken > 0 { unsafe finish(arrivals, in: lane) }
    return true
  }

  private mutating func finish(_ arrivals: MessageQueue.Arrivals, in lane: Lane) {
    unsafe lane.pointee.counters.add(arrivals.taken, to: .published)
    let queue = unsafe lane.pointee.queue
    queue.wakeConsumers(arrivals.taken)
    if arrivals.mayLeave || !arrivals.expired.isEmpty { consequences.append(.arrivals(arrivals, queue)) }
  }

  /// A message whose time runs in its queue needs the extension, and so a block for a body that rides inside; false when there is no
  /// memory.
  private mutating func extendIfNeeded(_ descriptor: inout MessageDescriptor, for lane: Lane) -> Bool {
    guard unsafe lane.pointee.queue.options.messageTTL != nil, !descriptor.has(MessageDescriptor.hasExtension) else {
      return true
    }
    let byteCount = descriptor.bodyByteCount
    if !descriptor.hasBlock, byteCount > 0 {
      guard let block = try? owner.allocate(byteCount: byteCount) else { return false }
      unsafe withUnsafeBytes(of: descriptor.inlineBody) { body in
        unsafe pool.bytes(of: block).copyMemory(from: body.baseAddress!, byteCount: byteCount)
      }
      descriptor.setBody(block: block, byteCount: byteCount)
    }
    descriptor.extend(expiry: 0, properties: .none)
    return true
  }

  // MARK: Messages that expire by themselves or are held

  /// Publishes a message with an expiration or a delay along a route. See `Session.publish`.
  @usableFromInline @inline(never)
  mutating func publishTimed(
    _ body: BodyView, as header: MessageDescriptor, route: Int, properties: MessageProperties
  ) -> PublishOutcome {
    let entry = unsafe routes[route]
    if let lane = unsafe entry.lane {
      return unsafe publishTimed(body, as: header, to: lane, properties: properties)
    }
    guard let lanes = unsafe entry.lanes else { return unroutable() }
    let count = entry.laneCount
    for index in 0..<count {
      guard unsafe makeWay(in: lanes[index], for: body.count) else { return .full }
    }
    var descriptor = header
    let stored = storeTimed(body, properties, in: &descriptor, headers: entry.properties)
    guard stored == .accepted else { return stored }
    share(&descriptor, among: count)
    ledger.advance()
    let refusedBefore = refusedCount
    for index in 0..<count {
      // All had room just now: one that another publisher has filled meanwhile takes the message beyond its limit.
      if unsafe putTimed(descriptor, properties, in: lanes[index], beyondLimit: !lanes[index].pointee.rejectsWhenFull) {
        continue
      }
      unsafe lose(descriptor, in: lanes[index])
    }
    settleConsequences()
    flushReleases()
    if hasClosedLane { retireClosedLanes() }
    return refusedCount == refusedBefore ? .accepted : .rejected
  }

  /// The same, into one queue.
  @usableFromInline @inline(never)
  mutating func publishTimed(
    _ body: BodyView, as header: MessageDescriptor, to lane: Lane, properties: MessageProperties
  ) -> PublishOutcome {
    guard unsafe makeWay(in: lane, for: body.count) else { return .full }
    if unsafe lane.pointee.producer.isClosed {
      let queue = unsafe lane.pointee.handle
      retireClosedLanes()
      let now = header.publishedAtNanoseconds
      return header.holder == MessageDescriptor.noRoute
        ? publish(body, to: queue, properties: properties, now: now)
        : publish(body, route: Int(header.holder), properties: properties, now: now)
    }
    var descriptor = header
    let stored = storeTimed(body, properties, in: &descriptor, headers: .none)
    guard stored == .accepted else { return stored }
    isStarved = false
    let isTaken = unsafe putTimed(descriptor, properties, in: lane, beyondLimit: false)
    if !isTaken, unsafe !lane.pointee.rejectsWhenFull, unsafe !lane.pointee.producer.isClosed {
      // Another publisher was quicker.
      release(descriptor)
      flushReleases()
      unsafe block(lane, for: body.count)
      return isStarved ? .noMemory : .full
    }
    ledger.advance()
    let refusedBefore = refusedCount
    if !isTaken { unsafe lose(descriptor, in: lane) }
    settleConsequences()
    flushReleases()
    if hasClosedLane { retireClosedLanes() }
    return refusedCount == refusedBefore ? .accepted : .rejected
  }

  /// Pushes what is staged before it, and looks whether the queue would take it; false when it has to wait.
  private mutating func makeWay(in lane: Lane, for byteCount: Int) -> Bool {
    if unsafe lane.pointee.stagedCount > 0 {
      guard unsafe pushBacklog(of: lane) else { return false }
    }
    if unsafe lane.pointee.rejectsWhenFull { return ledger.hasNackRoom }
    if unsafe lane.pointee.producer.isClosed || lane.pointee.hasRoom(for: byteCount) { return true }
    unsafe block(lane, for: byteCount)
    return false
  }

  /// Stores the body, and the expiration beside the route's headers: in blocks, because the descriptor will carry the extension.
  private mutating func storeTimed(
    _ body: BodyView, _ properties: MessageProperties, in descriptor: inout MessageDescriptor, headers: PropertyBlock
  ) -> PublishOutcome {
    var block = PropertyBlock.none
    if let expiration = properties.expiration {
      let table = unsafe UnsafeRawBufferPointer(
        start: headers.isNone ? nil : pool.bytes(of: headers.block), count: headers.byteCount)
      guard let written = unsafe pool.writeProperties(table, expiration: max(expiration, 0), by: &owner) else {
        isStarved = true
        return .noMemory
      }
      block = written
      descriptor.marks |= MessageDescriptor.hasExpiration
    } else if !headers.isNone {
      pool.retain(headers.block)
      block = headers
    }
    descriptor.extend(expiry: 0, properties: block)
    let stored = storeInBlock(body, in: &descriptor)
    if stored != .accepted { releaseProperties(of: descriptor) }
    return stored
  }

  /// Puts a stored message into one of its queues; false, with nothing done, when that is full or deleted.
  private mutating func putTimed(
    _ message: MessageDescriptor, _ properties: MessageProperties, in lane: Lane, beyondLimit: Bool
  ) -> Bool {
    var descriptor = message
    let now = max(broker.clock.now, message.publishedAtNanoseconds)
    let due = max(now.advanced(upTo: properties.delay ?? 0), properties.deliverAt ?? .min)
    return unsafe enterStore(&descriptor, of: lane, due: due, beyondLimit: beyondLimit)
  }

  /// A queue does not get its copy: it refuses it, or it was deleted just now.
  private mutating func lose(_ descriptor: MessageDescriptor, in lane: Lane) {
    if unsafe lane.pointee.producer.isClosed {
      hasClosedLane = true
      broker.sessions.add(1, to: .droppedWithQueue, of: slot)
      release(descriptor)
    } else {
      unsafe refuse(descriptor, sequence: ledger.last, by: lane)
    }
  }

  // MARK: Taking

  /// Takes up to `limit` messages out of the queue's store; returns how many.
  mutating func takeFromStore(of end: End, upTo limit: Int) -> Int {
    let queue = unsafe end.pointee.queue
    let (index, marks) = unsafe (end.pointee.index, end.pointee.windowMarks)
    let first = window.next
    var redeliveredCount = 0
    let tracking = unsafe end.pointee.isTracked ? (end.pointee.record, first) : nil
    unsafe queue.takeFromStore(
      upTo: limit, isAutomatic: end.pointee.isAutomatic, tracking: tracking
    ) { message in
      window.append(message.descriptor, position: message.position, consumer: index, marks: marks)
      if message.descriptor.has(MessageDescriptor.isRedelivered) { redeliveredCount += 1 }
    } book: { count in
      unsafe book(count, deliveredTo: end)
    }
    let taken = Int(window.next - first)
    if taken > 0 {
      unsafe end.pointee.counters.add(redeliveredCount, to: .redelivered)
      queue.wakePublishers(taken)
      if queue.readyCount > 0 { queue.wakeConsumers(1) }
    }
    return taken
  }
}
