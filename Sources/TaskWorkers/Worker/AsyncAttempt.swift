import RingBuffers
import Serialization

/// An attempt on Swift's concurrency pool, between the worker's thread and whatever thread it ends on.
final class AsyncAttempt: @unchecked Sendable {
  // Unchecked, because: the pool's thread writes `ending` before it pushes the slot into the ring, and the worker reads it after it
  // has taken the slot out; the ring's orderings hand it over.
  enum Ending {
    case returned([UInt8])
    case threw(any Error)
  }

  /// How it ended; read after its slot has come out of the ring.
  private(set) var ending: Ending?
  private let slot: UInt64
  private let context: TaskContext
  private let bell: WorkerBell

  init(slot: Int, _ context: TaskContext, bell: WorkerBell) {
    self.slot = UInt64(slot)
    self.context = context
    self.bell = bell
  }

  /// Begins; its slot goes into `ring`, which has room for all, when it is over.
  func start(_ handler: @escaping AsyncTaskHandler, _ arguments: SerializedBytes, into ring: ManyToOneRing<UInt64>) {
    Task {
      do {
        end(.returned(try await handler(context, arguments)), into: ring)
      } catch {
        end(.threw(error), into: ring)
      }
    }
  }

  /// It is over, perhaps before it began.
  func end(_ ending: Ending, into ring: ManyToOneRing<UInt64>) {
    self.ending = ending
    var producer = ring.makeProducer()
    let isPushed = producer.tryPush(slot)
    precondition(isPushed, "the ring has a place for each attempt")
    bell.ring()
  }

  /// Asks its handler to stop.
  func stop() { context.environment.stopWord.stop(context.attempt) }
}
