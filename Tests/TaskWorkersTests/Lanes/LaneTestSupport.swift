import DriverInterface
import Glibc
import Platform
import Testing

@testable import TaskWorkers

/// A completion with a copy of its bytes.
struct SeenCompletion: Equatable {
  var ticket: UInt64
  var remarks: LaneRemarks
  var bytes: [UInt8]
}

/// An intake that has one lane and nothing else to do.
struct TestIntake<Lane: TaskLane & ~Copyable>: ~Copyable {
  var lane: Lane
  let bell: LaneBell
  /// What came back and was not asked for yet.
  var seen: [SeenCompletion] = []
  /// Long enough that only something lost reaches it, even on a crowded machine.
  private let patienceNanoseconds: Int64 = 60_000_000_000

  init(_ lane: consuming Lane, _ bell: LaneBell) {
    self.lane = lane
    self.bell = bell
  }

  mutating func handOver(_ order: LaneOrder, _ bytes: [UInt8]) -> LaneAdmission {
    unsafe bytes.withUnsafeBytes { bytes in
      let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
      return lane.tryHandOver(order, unsafe MessageBody(start: start, count: bytes.count))
    }
  }

  /// One turn: takes what is there, lets the lane do what is due.
  /// - Returns: when to come again, `.min` when there was something.
  @discardableResult
  mutating func step(now: Int64 = MonotonicClock.now()) -> Int64 {
    lane.flush()
    let count = seen.count
    while let completion = lane.nextCompletion() {
      seen.append(
        unsafe SeenCompletion(
          ticket: completion.ticket, remarks: completion.remarks, bytes: Array(completion.body.bytes)))
    }
    lane.releaseCompletions()
    let next = lane.attend(now: now)
    return seen.count > count ? .min : next
  }

  /// Turns and sleeps as an intake does until the condition holds.
  mutating func run(
    until isDone: (borrowing Lane, [SeenCompletion]) -> Bool, location: SourceLocation = #_sourceLocation
  ) throws {
    let end = MonotonicClock.now() + patienceNanoseconds
    while !isDone(lane, seen) {
      let next = step()
      if next == .min { continue }
      let now = MonotonicClock.now()
      try #require(now < end, "nothing happened for a minute", sourceLocation: location)
      let ticket = bell.doorbell.prepareToWait()
      if lane.hasCompletions || next <= now {
        bell.doorbell.cancelWait()
      } else {
        bell.doorbell.wait(ticket, timeoutNanoseconds: min(next, end) - now)
      }
    }
  }

  /// Runs until so many completions have come, and forgets them.
  mutating func take(
    _ count: Int, location: SourceLocation = #_sourceLocation
  ) throws -> [SeenCompletion] {
    try run(until: { $1.count >= count }, location: location)
    defer { seen.removeAll() }
    return seen
  }

  /// Hands over one record and waits for it.
  mutating func outcome(
    of text: String, _ order: LaneOrder = LaneOrder(ticket: 1), location: SourceLocation = #_sourceLocation
  ) throws -> SeenCompletion {
    let admission = handOver(order, Array(text.utf8))
    #expect(admission == .taken, sourceLocation: location)
    return try take(1, location: location)[0]
  }
}
