import RingBuffers
import Synchronization

/// What happens when a queue does not take a message at once. None of it is on the path of a message that is taken.
extension SessionCore {
  /// A single message was not taken: the queue is full, or it was deleted.
  @usableFromInline
  mutating func refuse(_ body: BodyView, _ descriptor: MessageDescriptor, by lane: Lane) -> PublishOutcome {
    if unsafe lane.pointee.shared.detour.contains(.lanes) && pushToLanes(descriptor, by: lane) {
      ledger.advance()
      return .accepted
    }
    if descriptor.hasBlock { owner.giveBack(descriptor.block) }
    releaseProperties(of: descriptor)
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
    if unsafe lane.pointee.shared.detour.contains(.lanes) {
      unsafe pushStagedToLanes(of: lane)
      if unsafe lane.pointee.stagedCount == 0 { return }
    }
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

  /// Counts a message without a queue; for confirms it is done.
  @usableFromInline
  mutating func unroutable() -> PublishOutcome {
    ledger.advance()
    countUnroutable()
    return .unroutable
  }

  mutating func countUnroutable() { broker.sessions.add(1, to: .unroutable, of: slot) }

  /// Of all sessions that had this slot.
  var unroutableCount: UInt64 { broker.sessions.value(.unroutable, of: slot) }

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
