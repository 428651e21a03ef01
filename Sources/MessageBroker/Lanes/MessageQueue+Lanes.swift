import RingBuffers
import Synchronization

extension MessageQueue {
  /// Ready messages that more than one consumer may take. Wake-ups are passed on for these only.
  var commonReadyCount: Int {
    guard let lanes, !lanes.allowsStealing else { return readyCount }
    return shared.detour.returnedCount + ring.count + storedCount.load(ordering: .relaxed)
  }

  /// Messages that count against the queue's limit and lie neither in its ring nor in its lanes.
  var countBesideLanes: Int {
    shared.detour.returnedCount + storedCount.load(ordering: .relaxed) + heldCount.load(ordering: .relaxed)
  }

  /// Closes the lane of a consumer that goes, and gives back what is in it: before newer messages, in the order of the queue, and
  /// marked as redelivered, because others may have got later ones since. It was not delivered, so its return count stays.
  func close(_ lane: ConsumerLane) {
    guard let lanes else { return }
    let left = lanes.close(lane)
    guard !left.isEmpty else { return }
    let near = lanes.words.nearPosition
    let messages = left.map {
      ReturnedMessage(
        position: $0.position(near: near), descriptor: $0.lifted.held(by: 0, marks: MessageDescriptor.isRedelivered))
    }
    guard giveBack(messages, isFailure: false) else {
      throwAway([], and: left)
      return
    }
    lanes.words.addTaken(left.count)
    // They counted twice for a moment: a publisher may have found the queue full for that reason.
    wakePublishers(left.count)
  }

  /// Wakes the consumers that a batch was for, or any when all may take it. The pushes came before.
  func wakeConsumers(of spread: borrowing LaneSpread) {
    guard shared.consumersMayPark else { return }
    if spread.allowsStealing { return wakeConsumers(spread.pushedCount) }
    if spread.pushedToRing > 0 { wakeConsumers(spread.pushedToRing) }
    // Pairs with the fence in `Session.prepareToPark`, as in `wakeConsumers`.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    guard shared.parkedConsumers.mayBeAny, !shared.detour.contains(.paused) else { return }
    spread.forEachTouchedLane { sessions.wake($0.sessionSlot, in: shared.parkedConsumers) }
  }
}
