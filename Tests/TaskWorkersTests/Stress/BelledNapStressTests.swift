import DriverInterface
import Platform
import Synchronization
import Testing

@testable import TaskWorkers

/// A sleep at an end and at a bell, with a thread at each that wakes it now and then.
@Suite(.serialized) struct BelledNapStressTests {
  /// Long enough that only a lost wake-up reaches it, even on a crowded machine.
  private static let patienceNanoseconds: Int64 = 20_000_000_000
  private static let turnCount: UInt64 = 3000

  /// Where two threads leave something each, a piece at a time.
  private final class Table: Sendable {
    let atQueue = Atomic<UInt64>(0)
    let elsewhere = Atomic<UInt64>(0)
    let taken = Atomic<UInt64>(0)
    let queueBell = WorkerBell()
    let bell = WorkerBell()

    var laid: UInt64 { atQueue.load(ordering: .acquiring) + elsewhere.load(ordering: .acquiring) }
  }

  /// An end that only sleeps.
  private struct End: BelledEndpoint, ~Copyable {
    let table: Table
    var ticket: Doorbell.Ticket?

    mutating func prepareToWait() { ticket = table.queueBell.doorbell.prepareToWait() }
    mutating func cancelWait() { table.queueBell.doorbell.cancelWait() }
    mutating func wait(timeoutNanoseconds: Int64) {}
    mutating func wait(or bell: Doorbell, _ other: Doorbell.Ticket, timeoutNanoseconds: Int64) {
      guard let ticket else { preconditionFailure("a wait that was not prepared") }
      table.queueBell.doorbell.wait(ticket, or: bell, other, timeoutNanoseconds: timeoutNanoseconds)
    }
  }

  /// Both threads wait until all was taken before the next piece, so that the sleeper sleeps again and again.
  private func thread(_ table: Table, isQueue: Bool) throws -> PinnedThread {
    try PinnedThread(name: isQueue ? "queue" : "elsewhere", core: nil) {
      for turn in 0..<Self.turnCount {
        while table.taken.load(ordering: .acquiring) < turn { spinHint() }
        for _ in 0..<(turn &* 2_654_435_761 >> 7 & 0xFF) { spinHint() }
        if isQueue {
          table.atQueue.wrappingAdd(1, ordering: .releasing)
          table.queueBell.ring()
        } else {
          table.elsewhere.wrappingAdd(1, ordering: .releasing)
          table.bell.ring()
        }
      }
    }
  }

  @Test func nothingIsMissedAtEither() throws {
    let table = Table()
    var end = End(table: table)
    var nap = BelledNap()
    let threads = [try thread(table, isQueue: true), try thread(table, isQueue: false)]
    var longest: Int64 = 0
    while table.taken.load(ordering: .relaxed) < 2 * Self.turnCount {
      nap.prepare(table.bell, &end)
      if table.laid > table.taken.load(ordering: .relaxed) {
        nap.cancel(table.bell, &end)
      } else {
        let start = MonotonicClock.now()
        nap.take(table.bell, &end, timeoutNanoseconds: Self.patienceNanoseconds)
        longest = max(longest, MonotonicClock.now() - start)
      }
      table.taken.store(table.laid, ordering: .releasing)
    }
    for thread in threads { thread.join() }
    #expect(longest < Self.patienceNanoseconds)
  }
}
