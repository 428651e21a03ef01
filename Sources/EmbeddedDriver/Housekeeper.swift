import MessageBroker
import Platform
import Synchronization

/// A thread that tells the broker what time it is, so that it does what time causes; asleep most of the time, on no core in
/// particular.
final class Housekeeper: Sendable {
  /// What the thread looks at. Not the housekeeper itself, which the thread would keep alive.
  private final class Flag: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  private let flag = Flag()
  private let thread: Guarded<PinnedThread?>

  /// Between two looks, in nanoseconds: the short one when there are queues that wait for time, which then comes to them so much too
  /// late at most.
  private static let periods: ClosedRange<Int64> = 1_000_000...20_000_000

  /// Starts the thread.
  /// - Throws: `PinnedThread.StartError` when the system refuses another one.
  init(_ broker: Broker, time: CycleCounter) throws {
    let flag = self.flag
    let started = try PinnedThread(name: "housekeeper", core: nil) {
      while !flag.isOver.load(ordering: .relaxed) {
        let now = time.now()
        broker.advance(to: now)
        PrecisionSleep.sleep(nanoseconds: broker.waitsForTime ? Self.periods.lowerBound : Self.periods.upperBound)
      }
    }
    thread = Guarded(started)
  }

  deinit {
    flag.isOver.store(true, ordering: .relaxed)
    thread.withLock { $0 }?.join()
  }
}
