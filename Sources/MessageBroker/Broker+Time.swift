import Platform
import RingBuffers
import Synchronization

extension Broker {
  /// How often `advance` looks after memory, in nanoseconds of its clock.
  static let memoryLookInterval: Int64 = 100_000_000

  /// Does all that time causes, up to `nanoseconds` on the caller's clock, each thing at its own moment and one moment after the other:
  /// messages that were held become ready, then messages expire, then consumers time out, then queues expire; queues in the order of their
  /// declaration. Also gives back the memory of queues and bodies that has not been needed of late.
  ///
  /// Called again and again by one thread at a time, with times that do not fall: a housekeeper's, or a simulation's with a virtual
  /// clock, whose time source publishers use, too. A call costs a few loads per queue that has ever had timed messages, a time-out or an
  /// expiry, once for each moment at which something happens; ten times a second it looks at every queue, at one word of those that
  /// have not grown.
  public func advance(to nanoseconds: Int64) {
    while let moment = nextTimedEvent, moment <= nanoseconds {
      clock.move(to: moment)
      let due = clock.watched().filter { $0.nextMoment <= moment }
      for queue in due { release(heldBy: queue) }
      for queue in due where queue.hasStore { expelExpired(from: queue) }
      endOverdueConsumers(of: due)
      for queue in due where queue.end ?? .max <= moment { deleteIfExpired(queue) }
    }
    clock.move(to: nanoseconds)
    guard nanoseconds >= nextMemoryLook.load(ordering: .relaxed) else { return }
    nextMemoryLook.store(nanoseconds &+ Self.memoryLookInterval, ordering: .relaxed)
    let queues = control.withLock { Array($0.queues.values) }
    for queue in queues { queue.trim() }
    bodies.pool.trim()
  }

  /// When `advance` has something to do next, in nanoseconds of its clock: for a simulation, or a housekeeper that sleeps until then.
  /// Nil when nothing is to be waited for.
  public var nextTimedEvent: Int64? { clock.watched().map(\.nextMoment).min().flatMap { $0 < .max ? $0 : nil } }

  /// Whether there are queues for which time may do something, now or when the next message comes.
  public var waitsForTime: Bool { clock.isWatching }

  /// Messages whose wait is over become ready.
  private func release(heldBy queue: MessageQueue) {
    let due = queue.withStoreIfAny { $0.takeDue(at: clock.now) } ?? []
    for message in due {
      let arrivals = queue.acceptDue(message)
      // Deleted just now.
      if arrivals.isClosed { bodies.release(CollectionOfOne(message.descriptor)) }
      finish(arrivals, in: queue)
    }
    guard !due.isEmpty else { return }
    queue.wakeConsumers(due.count)
    expelExcess(from: queue)
  }

  /// Deletes a queue that nobody used for so long, unless somebody has come in between.
  private func deleteIfExpired(_ queue: MessageQueue) {
    let isGone = try? change { (control) throws(BrokerError) in
      guard control.queues[queue.name] === queue, let end = queue.end, end <= clock.now else { return false }
      control.remove(queue)
      return true
    }
    if isGone == true { _ = queue.close() }
  }
}
