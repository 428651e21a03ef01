import Platform
import Synchronization
import WorkloadLoops

/// Reads everything that a subject says about itself, every so often, on a thread of its own: what monitoring does to it.
///
/// The thread is on no core in particular, as a monitor's would be. It reads once at the beginning, so that even the shortest
/// trial is read from.
final class StatisticsReader: Sendable {
  // Both have one writer, the thread.
  private let readCount = Atomic<Int>(0)
  private let spentNanoseconds = Atomic<Int64>(0)
  private let isOver = Atomic<Bool>(false)
  private let driver: any Driver
  private let thread = Guarded<PinnedThread?>(nil)

  /// Starts reading, with a period in nanoseconds.
  /// - Throws: `PinnedThread.StartError` when the system refuses another thread.
  init(_ driver: any Driver, periodNanoseconds: Int64) throws {
    self.driver = driver
    let started = try PinnedThread(name: "statistics", core: nil) { [self] in read(every: periodNanoseconds) }
    thread.withLock { $0 = started }
  }

  private func read(every period: Int64) {
    var begin = MonotonicClock.now()
    repeat {
      let start = MonotonicClock.now()
      _ = driver.statistics()
      let end = MonotonicClock.now()
      readCount.add(1, ordering: .relaxed)
      spentNanoseconds.add(end - start, ordering: .relaxed)
      // A reading that took longer than the period is followed by one of the next that are due, not by all at once.
      begin += period * ((end - begin) / period + 1)
      sleep(until: begin)
    } while !isOver.load(ordering: .relaxed)
  }

  /// Sleeps in short steps when the period is long, so that nobody waits long for the end.
  private func sleep(until deadline: Int64) {
    while !isOver.load(ordering: .relaxed) {
      let rest = deadline - MonotonicClock.now()
      guard rest > 0 else { return }
      PrecisionSleep.sleep(nanoseconds: min(rest, 20_000_000))
    }
  }

  /// Ends the reading and says what it was.
  @discardableResult
  func stop() -> StatisticsReadings {
    isOver.store(true, ordering: .relaxed)
    let running = thread.withLock { running in
      defer { running = nil }
      return running
    }
    // The join orders the counters.
    running?.join()
    return StatisticsReadings(
      trialCount: 1, count: readCount.load(ordering: .relaxed),
      spentNanoseconds: spentNanoseconds.load(ordering: .relaxed))
  }
}
