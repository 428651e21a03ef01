import Platform
import RingBuffers
import Synchronization

/// What time it is for the broker, and which queues wait for it: moved by `Broker.advance(to:)` alone.
final class BrokerClock: Sendable {
  private let moment = Atomic<Int64>(0)
  /// Queues for which time may do something, in the order of their declaration.
  private let queues = Guarded<[MessageQueue]>([])

  /// In nanoseconds of the time source of whoever calls `advance`.
  var now: Int64 { moment.load(ordering: .relaxed) }

  /// Time goes forwards. Called by one thread at a time.
  func move(to nanoseconds: Int64) {
    if nanoseconds > now { moment.store(nanoseconds, ordering: .relaxed) }
  }

  /// Adds a queue that time may do something for, until it is closed.
  func watch(_ queue: MessageQueue) {
    queues.withLock { queues in
      let place = queues.lastIndex { $0.number < queue.number }.map { $0 + 1 } ?? 0
      queues.insert(queue, at: place)
    }
  }

  /// The queues that time may do something for, in the order of their declaration.
  func watched() -> [MessageQueue] {
    queues.withLock { queues in
      if queues.contains(where: \.ring.isClosed) { queues.removeAll(where: \.ring.isClosed) }
      return queues
    }
  }

  /// Whether there are such queues.
  var isWatching: Bool { queues.withLock { !$0.isEmpty } }

  /// Lets go of the queues, which know this clock.
  func stop() { queues.withLock { $0 = [] } }
}
