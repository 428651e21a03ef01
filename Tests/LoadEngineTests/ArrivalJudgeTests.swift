import Distributions
import Histograms
import ResultModel
import Testing

@testable import LoadEngine
@testable import WorkloadLoops

/// The judgement of the generator's own schedule.
@Suite struct ArrivalJudgeTests {
  static let second: Int64 = 1_000_000_000

  private func plan(_ load: PhasePlan.Load) -> PhasePlan {
    PhasePlan(name: "main", load: load, durationNanoseconds: Self.second, seed: 5)
  }

  /// Producers that have gone through the schedule of `actual`.
  private func workers(_ actual: PhasePlan.Load, count: Int) -> [any LoadWorker] {
    (0..<count).map { index in
      let meters = WorkerMeters(layout: .latency)
      let control = PhaseControl(plan: plan(actual), startNanoseconds: 0)
      var schedule = SendingSchedule(control, producer: index, of: count, sample: meters.arrivals)
      while schedule.nextIntended != .max { schedule.advance() }
      return LoopWorker(role: .producer, name: "p.\(index)", meters: meters) { _ in }
    }
  }

  static let ramp = RateProfile(basePerSecond: 5_000, shape: .ramp(toPerSecond: 50_000), durationNanoseconds: second)
  static let wave = RateProfile(
    basePerSecond: 20_000, shape: .wave(amplitudePerSecond: 20_000, periodNanoseconds: second / 4),
    durationNanoseconds: second)
  static let loads: [PhasePlan.Load] = [
    .constant(ratePerSecond: 33_333.3), .poisson(ratePerSecond: 30_000), .varying(ramp, isPoisson: false),
    .varying(ramp, isPoisson: true), .varying(wave, isPoisson: false), .varying(wave, isPoisson: true),
    .constant(ratePerSecond: 10_000_000), .poisson(ratePerSecond: 10_000_000),
  ]

  @Test(arguments: loads, [1, 3]) func aRightSchedulePasses(load: PhasePlan.Load, producers: Int) throws {
    let check = try #require(ArrivalJudge.check(plan(load), workers(load, count: producers)))
    #expect(check.p > 1e-3, "\(check)")
    #expect(check.count > 900)
  }

  @Test(arguments: [
    (PhasePlan.Load.poisson(ratePerSecond: 30_000), PhasePlan.Load.constant(ratePerSecond: 30_000)),
    (.constant(ratePerSecond: 30_000), .poisson(ratePerSecond: 30_000)),
    (.constant(ratePerSecond: 30_000), .constant(ratePerSecond: 30_100)),
    (.poisson(ratePerSecond: 30_000), .poisson(ratePerSecond: 40_000)),
    (.varying(ramp, isPoisson: true), .poisson(ratePerSecond: 27_500)),
  ])
  func aWrongScheduleIsFound(asked: PhasePlan.Load, actual: PhasePlan.Load) throws {
    let check = try #require(ArrivalJudge.check(plan(asked), workers(actual, count: 1)))
    #expect(!check.isPlausible, "\(check)")
  }

  @Test func loadsWithoutGapsToJudgeHaveNoFinding() {
    let bursts = PhasePlan.Load.burst(messageCount: 5, periodNanoseconds: 1_000)
    for load in [bursts, .constant(ratePerSecond: 10), .saturate(messageCount: 10), .poisson(ratePerSecond: 1e12)] {
      let idle = LoopWorker(role: .producer, name: "p.0", meters: WorkerMeters(layout: .latency)) { _ in }
      #expect(ArrivalJudge.check(plan(load), [idle]) == nil)
    }
  }
}
