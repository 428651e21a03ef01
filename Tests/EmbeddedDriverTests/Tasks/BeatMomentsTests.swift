import Distributions
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// When the beat of a run has something to send.
@Suite struct BeatMomentsTests {
  private typealias TaskPlan = WorkloadPlan.TaskPlan
  private static let second: Int64 = 1_000_000_000
  /// 2026-10-25T00:00:00Z, an hour before the clocks of Berlin go back.
  private static let night: Int64 = 1_792_886_400

  private func moments(
    _ schedules: [TaskPlan.Schedule], _ clock: TaskPlan.BeatClock = .init(),
    timeOfDay: @escaping (Int64) -> Int64 = { $0 }
  ) -> BeatMoments {
    var tasks = TaskPlan(
      kinds: schedules.enumerated().map { index, schedule in
        var kind = TaskPlan.Kind(name: "task \(index)")
        kind.schedule = schedule
        return kind
      })
    tasks.beatClock = clock
    return BeatMoments(tasks, timeOfDay: timeOfDay)
  }

  /// The next moments, and what is sent then.
  private func take(_ count: Int, of moments: BeatMoments) -> [(Int64, Int)] {
    (0..<count).compactMap { _ in moments.next().map { ($0, moments.takeKind()) } }
  }

  private func crontab(_ minute: String, _ hour: String = "*", in zone: String = "UTC") -> TaskPlan.Schedule {
    .crontab([minute, hour, "*", "*", "*"], timeZone: zone)
  }

  @Test func crontabsGoByTheTimeOfDayWhenNobodySaysMore() {
    // The phase begins 25 s before a full minute.
    let moments = moments([crontab("*")]) { Self.night * Self.second + 35 * Self.second + ($0 - 1000) }
    moments.begin(at: 1000)
    #expect(take(3, of: moments).map(\.0) == [25, 85, 145].map { $0 * Self.second })
    // Another phase, 10 s later.
    moments.begin(at: 1000 + 10 * Self.second)
    #expect(take(2, of: moments).map(\.0) == [15, 75].map { $0 * Self.second })
  }

  @Test func aClockOfItsOwnBeginsAnewInEachPhaseAndMayRun() {
    let clock = TaskPlan.BeatClock(fromNanoseconds: Self.night * Self.second, speed: 3600)
    let moments = moments([crontab("*/15", in: "Europe/Berlin"), crontab("30", "2", in: "Europe/Berlin")], clock)
    for start in [0, 77 * Self.second] {
      moments.begin(at: start)
      let taken = take(10, of: moments)
      // A quarter of an hour takes a quarter of a second, also in the night in which there is an hour more; what is due at half past two is
      // due once, before the clocks are changed.
      #expect(taken.map(\.0) == [1, 2, 2, 3, 4, 5, 6, 7, 8, 9].map { $0 * Self.second / 4 }, "\(taken)")
      #expect(taken.map(\.1) == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test func intervalsGoByTheRunsClockBesideThem() {
    let clock = TaskPlan.BeatClock(fromNanoseconds: Self.night * Self.second, speed: 60)
    let moments = moments([.every(400_000_000), crontab("*")], clock)
    moments.begin(at: 5)
    let taken = take(7, of: moments)
    #expect(taken.map(\.0) == [4, 8, 10, 12, 16, 20, 20].map { $0 * 100_000_000 })
    #expect(taken.map(\.1) == [0, 0, 1, 0, 0, 0, 1])
  }

  @Test func whatIsNeverDueAgainIsOver() {
    let moments = BeatMoments(TaskPlan(kinds: [TaskPlan.Kind(name: "sent by clients alone")])) { $0 }
    moments.begin(at: 0)
    #expect(moments.next() == nil)
  }

  /// Ten days of an uneven speed against the same crontab at its own pace.
  @Test func aFastClockKeepsItsMoments() {
    let from = Self.night * Self.second
    let plain = moments([crontab("7,31", in: "America/New_York")], .init(fromNanoseconds: from))
    let fast = moments([crontab("7,31", in: "America/New_York")], .init(fromNanoseconds: from, speed: 7200.5))
    plain.begin(at: 0)
    fast.begin(at: 0)
    for (slow, quick) in zip(take(480, of: plain), take(480, of: fast)) {
      #expect(abs(Double(quick.0) - Double(slow.0) / 7200.5) <= 1)
    }
  }
}
