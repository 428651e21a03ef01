import Platform
import Synchronization

/// A thread that does the same again and again until it is told to stop.
final class LoopThread: Sendable {
  private final class Flag: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  private let flag = Flag()
  private let thread: Guarded<PinnedThread?>

  /// Starts the thread; `body` must return now and then, and may wait a little.
  init(name: String, core: Int? = nil, body: @escaping @Sendable () -> Void) throws(PinnedThread.StartError) {
    let flag = self.flag
    let started = try PinnedThread(name: name, core: core) {
      // Relaxed: nothing is handed over by it.
      while !flag.isOver.load(ordering: .relaxed) { body() }
    }
    thread = Guarded(started)
  }

  /// Stops the thread after the round it is in, and waits for it. May be called again.
  func stop() {
    flag.isOver.store(true, ordering: .relaxed)
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
  }

  /// Asks the thread to stop after the round it is in, which may be the caller's own.
  func requestStop() { flag.isOver.store(true, ordering: .relaxed) }

  deinit { stop() }
}
