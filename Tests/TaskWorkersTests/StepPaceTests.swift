import Testing

@testable import TaskWorkers

/// When a step looks at the clock, and when it ends.
@Suite struct StepPaceTests {
  private var pace = StepPace()
  private var now: Int64 = 1_000_000
  private var lookCount = 0

  /// Does tasks of this many nanoseconds until the step ends or so many are done; returns how many were.
  private mutating func step(_ count: Int, taking duration: Int64, looksAlways: Bool = false) -> Int {
    pace.begin(now: now)
    for done in 1...count {
      now += duration
      guard pace.isDue() else { continue }
      lookCount += 1
      if pace.look(now: now, looksAlways: looksAlways) { return done }
    }
    return count
  }

  @Test mutating func shortTasksCostALookInSixteen() {
    #expect(step(100, taking: 200) == 100)
    lookCount = 0
    for _ in 0..<8 { #expect(step(100, taking: 200) == 100) }
    #expect(lookCount == 50)
  }

  @Test mutating func aLongTaskEndsItsStepAtOnceAndAfterShortOnesWithinAStretch() {
    #expect(step(64, taking: 20_000_000) == 1)
    _ = step(640, taking: 100)
    #expect(step(64, taking: 20_000_000) <= StepPace.longestStride)
    #expect(step(64, taking: 20_000_000) == 1)
  }

  @Test mutating func tasksOfMiddlingLengthFillTheLimit() {
    #expect((3...4).contains(step(64, taking: 20_000)))
    #expect((5...12).contains(step(64, taking: 10_000)))
    _ = step(64, taking: 1000)
    #expect((50...66).contains(step(200, taking: 1000)))
  }

  @Test mutating func whoIsWatchedLooksAfterEachTask() {
    #expect(step(100, taking: 100, looksAlways: true) == 100 && lookCount == 100)
    #expect(step(100, taking: 60_000, looksAlways: true) == 1)
  }
}
