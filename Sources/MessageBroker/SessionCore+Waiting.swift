import Platform
import RingBuffers
import Synchronization

extension SessionCore {
  /// See `Session.prepareToPark`.
  mutating func prepareToPark() {
    precondition(mayPark, "the session was opened with mayPark: false, so nobody would wake it")
    leaveParked()
    passOwedWakes()
    if unflushedReleases > 0 { flushReleases() }
    ticket = doorbell.prepareToWait()
    let hasRoom = hasWindowRoom
    for place in 0..<polledCount {
      let end = unsafe polled[place]
      guard hasRoom, unsafe end.pointee.room > 0 else { continue }
      unsafe end.pointee.isParked = end.pointee.shared.parkedConsumers.enter(slot)
    }
    for index in 0..<laneCount {
      let lane = unsafe lanes[index]
      guard unsafe lane.pointee.stagedCount > 0 || lane == blockedLane else { continue }
      unsafe lane.pointee.isParked = lane.pointee.shared.parkedPublishers.enter(slot)
    }
    // Pairs with the fences in `MessageQueue.wakeConsumers` and `wakePublishers`: we are on the lists before we look again.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
  }

  /// See `Session.cancelPark`.
  mutating func cancelPark() {
    guard ticket != nil else { return }
    doorbell.cancelWait()
    leaveLists()
  }

  /// See `Session.park`.
  mutating func park(timeoutNanoseconds: Int64?) {
    guard let ticket else { preconditionFailure("park without prepareToPark") }
    doorbell.wait(ticket, timeoutNanoseconds: timeoutNanoseconds)
    leaveLists()
  }

  /// See `Session.park(or:_:timeoutNanoseconds:)`.
  mutating func park(or other: Doorbell, _ otherTicket: Doorbell.Ticket, timeoutNanoseconds: Int64?) {
    guard let ticket else { preconditionFailure("park without prepareToPark") }
    doorbell.wait(ticket, or: other, otherTicket, timeoutNanoseconds: timeoutNanoseconds)
    leaveLists()
  }

  /// Undoes a `prepareToPark` that was followed by neither.
  mutating func leaveParked() { cancelPark() }

  private mutating func leaveLists() {
    ticket = nil
    for place in 0..<polledCount {
      let end = unsafe polled[place]
      guard unsafe end.pointee.isParked else { continue }
      unsafe end.pointee.isParked = false
      guard unsafe !end.pointee.shared.parkedConsumers.leave(slot), unsafe !end.pointee.owesWake else { continue }
      unsafe end.pointee.owesWake = true
      owedWakes += 1
    }
    for index in 0..<laneCount {
      let lane = unsafe lanes[index]
      guard unsafe lane.pointee.isParked else { continue }
      unsafe lane.pointee.isParked = false
      // Chosen by a waker: should we not use the room, somebody else must hear of it. A needless wake-up is harmless.
      guard unsafe !lane.pointee.shared.parkedPublishers.leave(slot) else { continue }
      if unsafe lane.pointee.queue.occupiedCount + 1 < lane.pointee.maxLength {
        unsafe lane.pointee.queue.wakePublishers(1)
      }
    }
    // Who publishes again and is held up again says so again.
    unsafe blockedLane = nil
  }

  /// Passes on the wake-ups that this session was chosen for, where it has left messages.
  @usableFromInline
  mutating func passOwedWakes() {
    guard owedWakes > 0 else { return }
    for place in 0..<polledCount {
      if unsafe polled[place].pointee.owesWake { unsafe passWake(of: polled[place]) }
    }
  }

  mutating func passWake(of end: End) {
    unsafe end.pointee.owesWake = false
    owedWakes -= 1
    // Where not everybody may take, all that may were woken.
    guard unsafe end.pointee.shared.detour.isDisjoint(with: [.paused, .gated]) else { return }
    if unsafe end.pointee.queue.commonReadyCount > 0 { unsafe end.pointee.queue.wakeConsumers(1) }
  }

  /// Whether a poll would find something, or a publish that was held up would succeed. Looks at shared words only.
  var hasWork: Bool {
    let hasRoom = hasWindowRoom
    for place in 0..<polledCount {
      let end = unsafe polled[place]
      if unsafe hasRoom && end.pointee.room > 0 && end.pointee.mayFindMessages() { return true }
    }
    for index in 0..<laneCount {
      let lane = unsafe lanes[index]
      guard unsafe lane.pointee.stagedCount > 0 || lane == blockedLane else { continue }
      if unsafe lane.pointee.producer.isClosed
        || !lane.pointee.queue.isFull(for: lane == blockedLane ? blockedByteCount : 0)
      {
        return true
      }
    }
    return false
  }

  /// Whether somebody would ring for this session.
  private var isListed: Bool {
    for place in 0..<polledCount where unsafe polled[place].pointee.isParked { return true }
    for index in 0..<laneCount where unsafe lanes[index].pointee.isParked { return true }
    return false
  }

  /// See `Session.wait`.
  @usableFromInline
  mutating func waitParked(timeoutNanoseconds: Int64?) {
    prepareToPark()
    if hasWork || (timeoutNanoseconds == nil && !isListed && !isStarved) {
      cancelPark()
    } else if isStarved {
      // Nobody rings when memory comes back: look again soon.
      isStarved = false
      park(timeoutNanoseconds: min(timeoutNanoseconds ?? .max, 100_000))
    } else {
      park(timeoutNanoseconds: timeoutNanoseconds)
    }
  }
}
