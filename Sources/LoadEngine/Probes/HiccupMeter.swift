public import Histograms
import Platform
import Synchronization

/// How late a 1 ms timer fires on a thread that does nothing else: the platform's own delays, below which no latency means
/// anything. After Gil Tene's jHiccup.
///
/// Runs beside the whole run on a thread of its own, unpinned, with the smallest timer slack.
public final class HiccupMeter: Sendable {
  private let recorder: HistogramRecorder
  private let isOver = Atomic<Bool>(false)
  private let thread = Guarded<PinnedThread?>(nil)

  /// Starts the meter with a timer of the given period.
  /// - Throws: `PinnedThread.StartError` when the system refuses another thread.
  public init(periodNanoseconds: Int64) throws {
    recorder = HistogramRecorder()
    let started = try PinnedThread(name: "hiccup", core: nil) { [self] in measure(periodNanoseconds) }
    thread.withLock { $0 = started }
  }

  private func measure(_ period: Int64) {
    PrecisionSleep.setTimerSlack(nanoseconds: 1)
    let writer = recorder.makeWriter()
    var deadline = MonotonicClock.now() + period
    while !isOver.load(ordering: .relaxed) {
      PrecisionSleep.sleep(untilMonotonic: deadline)
      let late = MonotonicClock.now() - deadline
      writer.record(late)
      // A long stall is one hiccup, not a hundred: the next deadline is in the future.
      deadline += period * (late / period + 1)
    }
  }

  /// What was recorded until now.
  public func snapshot() -> LatencyHistogram { recorder.snapshot() }

  /// Ends the meter.
  public func stop() {
    isOver.store(true, ordering: .relaxed)
    let running = thread.withLock { running in
      defer { running = nil }
      return running
    }
    running?.join()
  }
}
