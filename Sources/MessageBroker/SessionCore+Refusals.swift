import RingBuffers
import Synchronization

/// What happens when a queue does not take a message at once. None of it is on the path of a message that is taken.
extension SessionCore {
  /// A single message was not taken: the queue is full, or it was deleted.
  @usableFromInline
  mutating func refuse(_ body: BodyView, _ descriptor: MessageDescriptor, by lane: Lane) -> PublishOutcome {
    if descriptor.hasBlock { owner.giveBack(descriptor.block) }
    if unsafe lane.pointee.producer.isClosed {
      // The routing was changed before the ring was closed, so that the second try finds another way, or none.
      let route = Int(descriptor.holder)
      let queue = unsafe lane.pointee.handle
      retireClosedLanes()
      var properties = MessageProperties(
        correlation: descriptor.correlation, replyTo: descriptor.replyTo,
        priority: descriptor.priority)
      properties.isPersistent = descriptor.has(MessageDescriptor.isPersistent)
      let now = descriptor.publishedAtNanoseconds
      return descriptor.holder == MessageDescriptor.noRoute
        ? publish(body, to: queue, properties: properties, now: now)
        : publish(body, route: route, properties: properties, now: now)
    }
    guard unsafe lane.pointee.rejectsWhenFull else {
      unsafe blockedLane = lane
      return .full
    }
    guard ledger.hasNackRoom else { return .full }
    ledger.advance()
    unsafe book(refusal: ledger.last, by: lane)
    return .rejected
  }

  /// A batch was not taken whole: the rest is refused, or stays for the next flush, or looks for another queue.
  @usableFromInline
  mutating func settleRemainder(of lane: Lane) {
    if unsafe lane.pointee.producer.isClosed {
      hasClosedLane = true
      return
    }
    guard unsafe lane.pointee.rejectsWhenFull else {
      unsafe blockedLane = lane
      return
    }
    while unsafe lane.pointee.stagedCount > 0, ledger.hasNackRoom {
      let message = unsafe lane.pointee.staged[lane.pointee.stagedStart]
      release(message.descriptor)
      unsafe book(refusal: message.sequence, by: lane)
      unsafe lane.pointee.dropOldest(1)
      stagedCount -= 1
    }
    // A session that only publishes has no poll to do it.
    flushReleases()
  }

  private mutating func book(refusal sequence: UInt64, by lane: Lane) {
    ledger.nack(sequence)
    refusedCount += 1
    unsafe lane.pointee.counters.add(1, to: .rejected)
  }

  /// Publishes what is left of an interrupted batch; false when some of it still is.
  @usableFromInline
  mutating func pushBacklog(of lane: Lane) -> Bool {
    unsafe pushStaged(of: lane)
    return unsafe lane.pointee.stagedCount == 0 || lane.pointee.producer.isClosed
  }

  @usableFromInline
  mutating func makeStagingRoom(in lane: Lane) -> Bool {
    unsafe pushStaged(of: lane)
    if unsafe !lane.pointee.hasStagingRoom { unsafe lane.pointee.compact() }
    if unsafe lane.pointee.hasStagingRoom { return true }
    unsafe blockedLane = lane
    return false
  }

  /// Publishes to no queue or to several: the body is stored once, each queue gets a descriptor.
  @usableFromInline
  mutating func publishToSeveral(_ body: BodyView, as header: MessageDescriptor) -> PublishOutcome {
    let entry = unsafe routes[Int(header.holder)]
    guard let targets = unsafe entry.lanes else { return unroutable() }
    // All or nothing: look at every queue before the first one gets its copy.
    for index in 0..<entry.laneCount {
      guard unsafe canTakeOneMore(targets[index]) else { return .full }
    }
    var descriptor = header
    let stored = store(body, in: &descriptor)
    guard stored == .accepted else { return stored }
    descriptor.marks |= MessageDescriptor.isFannedOut
    if descriptor.hasBlock { pool.retain(descriptor.block, count: entry.laneCount - 1) }
    ledger.advance()
    let refusedBefore = refusedCount
    for index in 0..<entry.laneCount {
      let lane = unsafe targets[index]
      unsafe lane.pointee.stage(descriptor, sequence: ledger.last)
      stagedCount += 1
      if unsafe lane.pointee.stagedCount >= publishBatch { unsafe pushStaged(of: lane) }
    }
    if hasClosedLane { retireClosedLanes() }
    return refusedCount == refusedBefore || publishBatch > 1 ? .accepted : .rejected
  }

  private mutating func canTakeOneMore(_ lane: Lane) -> Bool {
    if unsafe lane.pointee.rejectsWhenFull, !ledger.hasNackRoom { return false }
    if publishBatch == 1, unsafe lane.pointee.stagedCount > 0 {
      guard unsafe pushBacklog(of: lane) else { return false }
    }
    if unsafe !lane.pointee.hasStagingRoom {
      guard unsafe makeStagingRoom(in: lane) else { return false }
    }
    if unsafe publishBatch > 1 || lane.pointee.rejectsWhenFull || lane.pointee.producer.isClosed { return true }
    if unsafe lane.pointee.hasRoom() { return true }
    unsafe blockedLane = lane
    return false
  }

  /// Counts a message without a queue; for confirms it is done.
  @usableFromInline
  mutating func unroutable() -> PublishOutcome {
    ledger.advance()
    countUnroutable()
    return .unroutable
  }

  mutating func countUnroutable() {
    let counter = unsafe broker.sessions.unroutable(of: slot)
    // Not an atomic addition: a slot has one session at a time.
    unsafe counter.pointee.store(counter.pointee.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// The number of the oldest publish that is not in all its queues yet.
  @usableFromInline
  func oldestStaged() -> UInt64 {
    var oldest = UInt64.max
    for index in 0..<laneCount {
      let lane = unsafe lanes[index]
      for place in unsafe lane.pointee.stagedStart..<lane.pointee.stagedEnd {
        unsafe oldest = min(oldest, lane.pointee.staged[place].sequence)
      }
    }
    return oldest
  }
}
