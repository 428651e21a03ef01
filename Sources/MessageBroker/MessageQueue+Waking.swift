import Synchronization

extension MessageQueue {
  /// Wakes as many parked consumers as there are new messages. One fence and one load when none is parked.
  @usableFromInline
  func wakeConsumers(_ count: Int) {
    guard shared.consumersMayPark else { return }
    // Pairs with the fence in `Session.prepareToPark`: our messages are visible before we look for sleepers.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if shared.parkedConsumers.mayBeAny { wakeParkedConsumers(count) }
  }

  private func wakeParkedConsumers(_ count: Int) {
    // Nobody could take; `resume` wakes everybody.
    if shared.detour.contains(.paused) { return }
    guard let gate, count < .max else { return sessions.wake(shared.parkedConsumers, limit: count) }
    // A consumer that stands behind others must not swallow the wake-up that was meant for these.
    if gate.isSingleActive {
      sessions.wake(gate.activeSlot, in: shared.parkedConsumers)
    } else {
      sessions.wake(shared.parkedConsumers, limit: .max)
    }
  }

  /// Wakes as many parked publishers as there is new room.
  @usableFromInline
  func wakePublishers(_ count: Int) {
    guard shared.publishersMayPark else { return }
    // Pairs with the fence in `Session.prepareToPark`: our room is visible before we look for sleepers.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if shared.parkedPublishers.mayBeAny { sessions.wake(shared.parkedPublishers, limit: count) }
  }
}
