import DriverInterface
import Platform
import Synchronization

/// What a node asks of a thread and waits for.
extension SeatThread {
  /// The tasks that wait for their time in the seat's hands, asked for now; none when the thread does not answer for half a second.
  func scheduled() -> [TaskSummary] {
    let number = shared.withLock { shared in
      shared.listingCount += 1
      return shared.listingCount
    }
    ask(.listScheduled(number: number))
    let end = MonotonicClock.now() + 500_000_000
    while MonotonicClock.now() < end {
      let listing = shared.withLock { $0.listing }
      if listing.number >= number { return listing.tasks }
      PrecisionSleep.sleep(nanoseconds: 200_000)
    }
    return []
  }

  /// Has the seat execute so many tasks at a time; returns when it does. The thread, which executes none itself, answers soon.
  /// - Throws: what `TaskSeat.resize` throws, or when the thread ends before or does not answer for half a minute.
  func resize(to count: Int, prefetch: Int) throws(DriverError) {
    let wish = SeatWish()
    ask(.resize(to: count, prefetch: prefetch, wish))
    let end = MonotonicClock.now() + 30_000_000_000
    while true {
      if let result = wish.result { return try result.get() }
      if isEnding.load(ordering: .relaxed) || MonotonicClock.now() >= end, wish.withdraw() {
        throw DriverError(.unavailable, "the worker of '\(queue)' does not answer, or is about to end")
      }
      PrecisionSleep.sleep(nanoseconds: 200_000)
    }
  }
}
