import Platform
import RingBuffers
import Synchronization

extension Broker {
  /// How often `advance` looks after memory, in nanoseconds of its clock.
  static let memoryLookInterval: Int64 = 100_000_000

  /// Does all that time causes, up to `nanoseconds` on the caller's clock: gives back the memory of queues and bodies that has not
  /// been needed of late.
  ///
  /// Called again and again by one thread at a time, with times that do not fall: a housekeeper's, or a simulation's with a virtual
  /// clock. A call that finds nothing due costs one load; ten times a second it looks at every queue, at one word of those
  /// that have not grown.
  public func advance(to nanoseconds: Int64) {
    guard nanoseconds >= nextMemoryLook.load(ordering: .relaxed) else { return }
    nextMemoryLook.store(nanoseconds &+ Self.memoryLookInterval, ordering: .relaxed)
    let queues = control.withLock { Array($0.queues.values) }
    for queue in queues { queue.trim() }
    bodies.pool.trim()
  }
}
