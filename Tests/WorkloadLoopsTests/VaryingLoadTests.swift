import Distributions
import DriverInterface
import Platform
import Testing

@testable import WorkloadLoops

/// Loads whose rate changes, bursts and traces, from the plan to the times of each producer.
@Suite struct VaryingLoadTests {
  static let second: Int64 = 1_000_000_000
  static let trace = SendingTrace(
    name: "t", (0..<100).map { .init(offsetNanoseconds: $0 * $0 * 1_000, byteCount: $0 % 2 == 0 ? 64 : 0) })
  static let loads: [PhasePlan.Load] = [
    .varying(
      RateProfile(basePerSecond: 1_000, shape: .ramp(toPerSecond: 5_000), durationNanoseconds: second), isPoisson: false
    ),
    .varying(
      RateProfile(
        basePerSecond: 3_000, shape: .wave(amplitudePerSecond: 3_000, periodNanoseconds: second / 5),
        durationNanoseconds: second), isPoisson: true),
    .burst(messageCount: 10, periodNanoseconds: 7_000_000), .trace(trace, speed: 0.5),
  ]

  private func times(_ load: PhasePlan.Load, producer: Int, of count: Int) -> [Int64] {
    var schedule = SendingSchedule(phase(load, duration: Self.second), producer: producer, of: count)
    var times: [Int64] = []
    while schedule.nextIntended != .max {
      times.append(schedule.nextIntended)
      schedule.advance()
    }
    return times
  }

  @Test(arguments: loads) func producersShareTheLoad(load: PhasePlan.Load) throws {
    let plan = phase(load, duration: Self.second).plan
    #expect(plan.isOpenLoop && !plan.holdsReceivers)
    let alone = times(load, producer: 0, of: 1)
    let expected = try #require(plan.dueCount(until: Self.second))
    #expect(abs(Double(alone.count) - expected) <= 4 * expected.squareRoot())
    for count in 2...5 {
      let shares = (0..<count).map { times(load, producer: $0, of: count) }
      #expect(abs(shares.map(\.count).reduce(0, +) - alone.count) < 300)
      if case .varying(_, isPoisson: true) = load { continue }
      #expect(shares.flatMap(\.self).sorted() == alone, "\(count) producers")
    }
  }

  @Test(arguments: loads) func whatIsDueRisesFromNothingToAll(load: PhasePlan.Load) throws {
    let plan = phase(load, duration: Self.second).plan
    var last = 0.0
    for time in stride(from: 0, through: 2 * Self.second, by: 10_000_000) {
      let due = try #require(plan.dueCount(until: time))
      #expect(due >= last)
      last = due
    }
    #expect(plan.dueCount(until: 0) == 0)
    #expect(plan.dueCount(until: -5) == 0)
    #expect(plan.dueCount(until: 2 * Self.second) == plan.dueCount(until: Self.second), "the phase is over")
  }

  /// A sender that is cut off used to go through everything that it had not sent.
  @Test(arguments: [
    PhasePlan.Load.constant(ratePerSecond: 1e12), .poisson(ratePerSecond: 1e12),
    .varying(
      RateProfile(basePerSecond: 1e12, shape: .spike(peakPerSecond: 2e12), durationNanoseconds: 3_600_000_000_000),
      isPoisson: true),
    .burst(messageCount: 1_000, periodNanoseconds: 1),
  ])
  func skippingAHopelessScheduleTakesNoTime(load: PhasePlan.Load) {
    let hour: Int64 = 3_600_000_000_000
    var schedule = SendingSchedule(phase(load, duration: hour), producer: 0, of: 1)
    for _ in 0..<10 { schedule.advance() }
    schedule.skip(until: hour)
    let due = phase(load, duration: hour).plan.dueCount(until: hour)!
    #expect(abs(Double(schedule.scheduledCount) / due - 1) < 1e-6)
  }

  @Test func gapsAreSampledAllOverThePhase() {
    for (rate, kept) in [(100.0, 99), (1_000_000, 2_045)] {
      let sample = ArrivalSample()
      var schedule = SendingSchedule(
        phase(.constant(ratePerSecond: rate), duration: Self.second), producer: 0, of: 1, sample: sample)
      while schedule.nextIntended != .max { schedule.advance() }
      #expect(sample.gaps.count == kept)
      #expect(sample.gaps.allSatisfy { $0.to - $0.from == Int64(1e9 / rate) })
      #expect((sample.gaps.last?.to ?? 0) >= 990_000_000)
      sample.clear()
      #expect(sample.gaps.isEmpty)
    }
  }

  @Test func aFullSampleKeepsItsGaps() {
    let sample = ArrivalSample()
    var notes = 0
    while sample.note(from: Int64(notes), to: Int64(notes) + 1) { notes += 1 }
    #expect(!sample.note(from: 0, to: 0))
    #expect(sample.gaps.count == ArrivalSample.limit)
    #expect(sample.gaps.last?.from == Int64(ArrivalSample.limit) - 1)
  }

  @Test func aLogCountsWhatDoesNotFit() {
    let log = SendLog(capacity: 3)
    for time in 0..<5 as Range<Int64> { log.note(time, byteCount: 64, route: 1) }
    #expect(log.messages == (0..<3).map { .init(offsetNanoseconds: $0, byteCount: 64, route: 1) })
    #expect(log.droppedCount == 2)
    log.clear()
    #expect(log.messages.isEmpty)
    #expect(log.droppedCount == 0)
  }

  @Test func heldConsumersStartWhenTheyMay() {
    let control = phase(.backlog(messageCount: 10))
    #expect(control.plan.holdsReceivers)
    #expect(SendingSchedule(control, producer: 1, of: 3).countLimit == 3)
    control.startReceiving()
    control.waitUntilReceivingMayStart()
    let over = phase(.backlog(messageCount: 10))
    over.stopReceiving()
    over.waitUntilReceivingMayStart()
    phase(.saturate(messageCount: 1)).waitUntilReceivingMayStart()
  }
}
