import Glibc
import Synchronization

/// The common counter that stamps the calls of several threads.
final class HistoryClock: Sendable {
  private let ticks = Atomic<UInt64>(0)

  /// Greater than every stamp that was taken before.
  func stamp() -> UInt64 { ticks.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue }
}

/// The calls of one thread in one round; owned by that thread.
struct HistoryLog<Operation: Sendable> {
  let thread: Int
  let clock: HistoryClock
  private(set) var calls: [RecordedCall<Operation>] = []

  init(thread: Int, clock: HistoryClock) {
    self.thread = thread
    self.clock = clock
  }

  /// Adds a call that began at `begin` and ends now; a batch is the operations of its elements.
  mutating func record(since begin: UInt64, _ operations: [Operation]) {
    let end = clock.stamp()
    for operation in operations {
      calls.append(
        RecordedCall(thread: thread, number: calls.count, begin: begin, end: end, operation: operation))
    }
  }

  /// Whether there is a last operation and it is such a one.
  func endedWith(_ isSuch: (Operation) -> Bool) -> Bool { calls.last.map { isSuch($0.operation) } ?? false }

  /// What was recorded since the last time.
  mutating func takeCalls() -> [RecordedCall<Operation>] {
    defer { calls = [] }
    return calls
  }
}

/// Lets a fixed number of threads start a round together, again and again.
final class RoundBarrier: Sendable {
  private let threadCount: Int
  private let arrived = Atomic<Int>(0)
  private let round = Atomic<Int>(0)

  init(threadCount: Int) { self.threadCount = threadCount }

  /// Returns when all have arrived; false when one of them does not come.
  func arrive() -> Bool {
    let current = round.load(ordering: .acquiring)
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == threadCount {
      arrived.store(0, ordering: .relaxed)
      round.store(current + 1, ordering: .releasing)  // Pairs with the acquire below: the others see what we did.
      return true
    }
    var patience = Patience()
    var looks = 0
    while round.load(ordering: .acquiring) == current {
      looks += 1
      if looks > 200, !patience.wait() { return false }
    }
    return true
  }
}
