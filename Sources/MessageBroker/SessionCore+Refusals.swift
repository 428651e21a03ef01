import RingBuffers
import Synchronization

/// What happens when a queue does not take a message at once. None of it is on the path of a message that is taken.
extension SessionCore {
  /// The ring did not take a single message: its place is the store, or the queue is full, or it was deleted.
  @usableFromInline
  mutating func refuse(_ body: BodyView, _ header: MessageDescriptor, by lane: Lane) -> PublishOutcome {
    var descriptor = header
    if unsafe lane.pointee.hasLanes && pushToLanes(descriptor, by: lane) {
      ledger.advance()
      return .accepted
    }
    if unsafe lane.pointee.hasStore {
      isStarved = false
      if unsafe enterStore(&descriptor, of: lane) {
        ledger.advance()
        settleConsequences()
        return .accepted
      }
      if isStarved {
        giveBack(descriptor)
        return .noMemory
      }
    }
    if unsafe lane.pointee.producer.isClosed {
      giveBack(descriptor)
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
      unsafe block(lane, for: body.count)
      giveBack(descriptor)
      return .full
    }
    guard ledger.hasNackRoom else {
      giveBack(descriptor)
      return .full
    }
    ledger.advance()
    unsafe refuse(descriptor, sequence: ledger.last, by: lane)
    settleConsequences()
    return .rejected
  }

  /// Lets go of a message that nobody else has seen.
  private mutating func giveBack(_ descriptor: MessageDescriptor) {
    if descriptor.hasBlock { owner.giveBack(descriptor.block) }
    releaseProperties(of: descriptor)
  }

  /// A queue that refuses does not take this message: nacked, and a dead letter if the queue says so. `settleConsequences` is owed.
  mutating func refuse(_ descriptor: MessageDescriptor, sequence: UInt64, by lane: Lane) {
    ledger.nack(sequence)
    refusedCount += 1
    unsafe lane.pointee.counters.add(1, to: .rejected)
    let queue = unsafe lane.pointee.queue
    if queue.options.overflow == .rejectPublishDeadLetter, queue.options.deadLetter != nil {
      consequences.append(.refusal(descriptor, queue))
    } else {
      droppedCount += 1
      release(descriptor)
    }
  }

  /// A batch was not taken whole: the rest is refused, or stays for the next flush, or looks for another queue.
  @usableFromInline
  mutating func settleRemainder(of lane: Lane) {
    if unsafe lane.pointee.hasLanes {
      unsafe pushStagedToLanes(of: lane)
      if unsafe lane.pointee.stagedCount == 0 { return }
    }
    if unsafe lane.pointee.hasStore {
      guard unsafe pushStagedIntoStore(of: lane) else {
        unsafe block(lane)
        return
      }
      if unsafe lane.pointee.stagedCount == 0 { return }
    }
    if unsafe lane.pointee.producer.isClosed {
      hasClosedLane = true
      return
    }
    guard unsafe lane.pointee.rejectsWhenFull else {
      unsafe block(lane)
      return
    }
    while unsafe lane.pointee.stagedCount > 0, ledger.hasNackRoom {
      let message = unsafe lane.pointee.staged[lane.pointee.stagedStart]
      unsafe refuse(message.descriptor, sequence: message.sequence, by: lane)
      unsafe lane.pointee.dropOldest(1)
      stagedCount -= 1
      // A smaller one may fit.
      if unsafe lane.pointee.hasStore, unsafe !pushStagedIntoStore(of: lane) { break }
    }
    // A session that only publishes has no poll to do it.
    flushReleases()
  }

  /// Publishes what is left of an interrupted batch; false when some of it still is.
  @usableFromInline
  mutating func pushBacklog(of lane: Lane) -> Bool {
    unsafe pushStaged(of: lane)
    settleConsequences()
    return unsafe lane.pointee.stagedCount == 0 || lane.pointee.producer.isClosed
  }

  /// Takes back the newest message that is staged along a route to one queue; false when there is none, or several queues.
  mutating func withdraw(route: Int) -> Bool {
    guard let lane = unsafe routes[route].lane, unsafe lane.pointee.stagedCount > 0 else { return false }
    let descriptor = unsafe lane.pointee.staged[lane.pointee.stagedEnd - 1].descriptor
    unsafe lane.pointee.dropNewest()
    stagedCount -= 1
    giveBack(descriptor)
    return true
  }

  @usableFromInline
  mutating func makeStagingRoom(in lane: Lane) -> Bool {
    unsafe pushStaged(of: lane)
    settleConsequences()
    if unsafe !lane.pointee.hasStagingRoom { unsafe lane.pointee.compact() }
    if unsafe lane.pointee.hasStagingRoom { return true }
    unsafe block(lane)
    return false
  }

  /// Remembers what holds up the publisher.
  /// - Parameter byteCount: The size of the message, or nil for one that is staged.
  mutating func block(_ lane: Lane, for byteCount: Int? = nil) {
    unsafe blockedLane = lane
    blockedByteCount = unsafe byteCount ?? lane.pointee.staged[lane.pointee.stagedStart].descriptor.bodyByteCount
  }

  /// Counts a message without a queue; for confirms it is done.
  @usableFromInline
  mutating func unroutable() -> PublishOutcome {
    ledger.advance()
    countUnroutable()
    return .unroutable
  }

  /// A mandatory message was unroutable: counted so already, which `BrokerStatistics` takes into account.
  @usableFromInline
  func countReturned() -> PublishOutcome {
    broker.sessions.add(1, to: .returned, of: slot)
    return .returned
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
