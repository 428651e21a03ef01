import Synchronization
import Testing

@testable import Platform

/// A clock that shows the given steps' sum, one more step with each reading, rounded down to a tick.
private final class SteppingClock: TimeSource {
  private let reading = Atomic<Int64>(0)
  private let step: Int64
  private let tick: Int64

  init(step: Int64, tick: Int64) {
    self.step = step
    self.tick = tick
  }

  func now() -> Int64 {
    let value = reading.wrappingAdd(step, ordering: .relaxed).oldValue
    return value - value % tick
  }
}

@Suite struct ClockTests {
  @Test func monotonicClockNeverGoesBack() {
    var previous = MonotonicClock.now()
    var fallCount = 0
    for _ in 0..<100_000 {
      let current = MonotonicClock.now()
      if current < previous { fallCount += 1 }
      previous = current
    }
    #expect(fallCount == 0)
  }

  @Test func cycleCounterNeverGoesBackOnOneThread() {
    let counter = CycleCounter.shared
    var previous = counter.now()
    var fallCount = 0
    for _ in 0..<100_000 {
      let current = counter.now()
      if current < previous { fallCount += 1 }
      previous = current
    }
    #expect(fallCount == 0)
  }

  /// Both clocks at one moment: of many tries the one that the least time passed in.
  private func readBoth() -> (monotonic: Int64, counter: Int64) {
    let counter = CycleCounter.shared
    var best = (monotonic: Int64(0), counter: Int64(0))
    var bestWidth = Int64.max
    for _ in 0..<200 {
      let before = counter.now()
      let monotonic = MonotonicClock.now()
      let width = counter.now() - before
      if width < bestWidth {
        bestWidth = width
        best = (monotonic, before + width / 2)
      }
    }
    return best
  }

  @Test func cycleCounterAgreesWithTheMonotonicClockWithinAThousandth() {
    let start = readBoth()
    while MonotonicClock.now() < start.monotonic + 20_000_000 {}
    let end = readBoth()
    let byClock = Double(end.monotonic - start.monotonic)
    let byCounter = Double(end.counter - start.counter)
    #expect(abs(byCounter / byClock - 1) < 0.001, "\(byCounter) ns by the counter, \(byClock) ns by the clock")
  }

  /// The product of ticks and scale needs more than 64 bits after 4 s at 3 GHz, and 96 after an hour.
  @Test(arguments: [1, 1 << 20, 1 << 33, 1 << 45, 1 << 52, 1 << 58] as [UInt64])
  func convertsAnyNumberOfTicksExactly(elapsedTicks: UInt64) {
    // Below a nanosecond per tick, one, and the 41.7 ns of a 24 MHz counter.
    for scale in [1_431_655_765, 1 << 32, 178_956_970_667] as [UInt64] {
      let nanoseconds: (UInt64) -> Int64 = { ticks in
        Int64(truncatingIfNeeded: (UInt128(ticks) * UInt128(scale)) >> 32)
      }
      let origin = CycleCounter.ticks() &- elapsedTicks
      let counter = CycleCounter(isCycleCounter: true, originTicks: origin, originNanoseconds: 1000, scale: scale)
      let before = CycleCounter.ticks() &- origin
      let shown = counter.now()
      let after = CycleCounter.ticks() &- origin
      #expect(shown - 1000 >= nanoseconds(before))
      #expect(shown - 1000 <= nanoseconds(after))
    }
  }

  @Test func counterWithoutCyclesReadsTheMonotonicClock() {
    let counter = CycleCounter(isCycleCounter: false, originTicks: 0, originNanoseconds: 0, scale: 0)
    let before = MonotonicClock.now()
    let shown = counter.now()
    #expect(shown >= before)
    #expect(shown <= MonotonicClock.now())
    #expect(counter.ticksPerSecond == nil)
  }

  @Test func ticksPerSecondFollowFromTheScale() throws {
    let counter = CycleCounter(isCycleCounter: true, originTicks: 0, originNanoseconds: 0, scale: 1 << 31)
    let ticksPerSecond = try #require(counter.ticksPerSecond)
    #expect(ticksPerSecond == 2e9)
  }

  @Test func measuresQuantumAndCostOfAClock() {
    let cost = SteppingClock(step: 7, tick: 20).measureCost(readings: 20_001)
    #expect(cost.quantumNanoseconds == 20)
    #expect(abs(cost.readCostNanoseconds - 7) < 0.01)
  }

  /// The quantum used to be the smallest step seen: 1 ns in one run, 10 ns in the next.
  @Test func aRareSmallStepIsNotTheQuantum() {
    let cost = UnevenClock().measureCost(readings: 10_001)
    #expect(cost.quantumNanoseconds == 10)
  }

  @Test func clockThatStandsStillHasNoQuantumAndNoCost() {
    let cost = SteppingClock(step: 0, tick: 1).measureCost(readings: 2)
    #expect(cost.quantumNanoseconds == 0)
    #expect(cost.readCostNanoseconds == 0)
  }
}

/// Steps of 10 ns, but for one of 1 ns in a thousand and one of 5 ms in a hundred.
private final class UnevenClock: TimeSource, @unchecked Sendable {
  // Unchecked, because: the test is one thread.
  private var count: Int64 = 0
  private var nanoseconds: Int64 = 0

  func now() -> Int64 {
    count += 1
    nanoseconds += count % 1000 == 0 ? 1 : count % 100 == 0 ? 5_000_000 : 10
    return nanoseconds
  }
}
