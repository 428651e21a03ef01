import Platform
import Testing

@testable import TaskWorkers

/// How a seat's thread sleeps and ends.
@Suite(.timeLimit(.minutes(1))) struct SeatThreadTests {
  private let second: Int64 = 1_000_000_000

  @Test func aWarmDrainTurnsColdAfterHalfAMinuteAndEndsHalfAMinuteLater() {
    var drain = SeatDrain(now: 100 * second)
    #expect(drain.next(.warm, now: 130 * second - 1) == .warm)
    #expect(drain.next(.warm, now: 130 * second) == .cold(killingAt: 130 * second))
    #expect(drain.next(.warm, now: 160 * second - 1) == .cold(killingAt: 130 * second))
    #expect(drain.next(.warm, now: 160 * second) == nil)
  }

  @Test func aColdDrainHasItsGraceAndHalfAMinute() {
    var drain = SeatDrain(now: 100 * second)
    #expect(drain.next(.warm, now: 110 * second) == .warm)
    let cold = LaneStop.cold(killingAt: 500 * second)
    #expect(drain.next(cold, now: 120 * second) == cold)
    #expect(drain.next(cold, now: 530 * second - 1) == cold)
    #expect(drain.next(cold, now: 530 * second) == nil)
  }

  /// It used to be dropped then, with what its children had in hand.
  @Test func aSeatThatIsNotDrainedInTimeIsToldToStopCold() throws {
    let seat = IdleSeat()
    let clock = SimulatedClock()
    seat.isDrained = { stop in
      clock.advance(to: clock.now() + 11_000_000_000)
      return stop != .warm
    }
    let thread = SeatThread(queue: "tasks")
    try thread.start(name: "seat", seat: seat, limit: 1, time: clock)
    thread.end()
    thread.join()
    let told = seat.told.all.filter { $0.hasPrefix("drained") }
    #expect(told == ["drained warm", "drained warm", "drained warm", "drained cold"])
  }

  /// A death between the last step and the sleep may mean that something is due in a while, and nobody rings for it.
  @Test func aThreadSleepsNoLongerThanTheLastStepBeforeAllows() throws {
    let seat = IdleSeat()
    seat.moments = [2: MonotonicClock.now() + 3600 * second]
    let thread = SeatThread(queue: "tasks")
    try thread.start(name: "seat", seat: seat, limit: 1, time: MonotonicClockTime())
    while !seat.told.all.contains(where: { $0.hasPrefix("sleeps") }) { spinHint() }
    thread.end()
    thread.join()
    #expect(seat.told.all.first == "sleeps for a while")
  }
}
