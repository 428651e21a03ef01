import Platform
import Synchronization
import WorkloadLoops

/// A worker on its thread for one phase.
final class RunningWorker: Sendable {
  private let done = Atomic<Bool>(false)
  private let thread = Guarded<PinnedThread?>(nil)

  /// Starts the worker's part of the phase on the given core.
  /// - Throws: `PinnedThread.StartError` when the system refuses a thread.
  init(_ worker: any ThreadWorker, core: Int, control: PhaseControl) throws {
    let started = try PinnedThread(name: worker.name, core: core) { [self] in
      PrecisionSleep.setTimerSlack(nanoseconds: 1)
      worker.run(control)
      // Release pairs with the acquire in `isDone`: who sees it sees the meters.
      done.store(true, ordering: .releasing)
    }
    thread.withLock { $0 = started }
  }

  /// Whether the worker's part is over.
  var isDone: Bool { done.load(ordering: .acquiring) }

  /// Waits for the worker.
  func join() {
    let running = thread.withLock { running in
      defer { running = nil }
      return running
    }
    running?.join()
  }
}
