import Histograms
import ResultModel
import ScenarioModel
import Statistics
import Testing

@testable import LoadEngine

/// What a trial says to a search, and a search over trials that a test makes up.
@Suite struct CapacityReadingTests {
  private static let text = "name: t\nsearch: { capacity: { limit: 1ms, from: 1k/s, to: 1M/s } }\n"

  private func search() throws -> Scenario.CapacitySearch { try #require(try ScenarioText.load(Self.text).search) }

  /// A trial with 10,000 messages of which so many took 5 ms, and the others 100 us.
  static func trial(
    beyond: Int, status: TrialResult.Status = .ok, sent: Int = 10_000, received: Int? = nil,
    order: Int = 0, edit: (inout PhaseResult) -> Void = { _ in }
  ) -> TrialResult {
    var histogram = LatencyHistogram()
    histogram.record(100_000, count: 10_000 - beyond)
    if beyond > 0 { histogram.record(5_000_000, count: beyond) }
    var counts = MessageCounts()
    (counts.scheduled, counts.sent, counts.received) = (10_000, sent, received ?? sent)
    var phase = PhaseResult(
      name: "main", startOffsetNanoseconds: 0, durationNanoseconds: 1_000_000_000, counts: counts,
      rates: Rates(
        scheduled: 10_000, sent: sent, received: received ?? sent, bytes: 0, durationNanoseconds: 1_000_000_000))
    phase.latency = LatencySummary(histogram: histogram)
    phase.verification = VerificationCounts()
    edit(&phase)
    return TrialResult(
      index: order, order: order, seed: 1, status: status,
      invalidReasons: status == .invalid ? ["phase main: the generator lagged"] : [], phases: [phase])
  }

  private func reading(_ trial: TrialResult) throws -> CapacityReading {
    CapacityReading(trial, try search(), drainNanoseconds: 5_000_000_000)
  }

  @Test(arguments: [(0, 0.0), (50, 0.5), (100, 1), (150, 1.5), (10_000, 100)])
  func aReadingIsTheShareBeyondTheLimit(beyond: Int, ratio: Double) throws {
    let found = try reading(Self.trial(beyond: beyond))
    guard case .ratio(let value, let variance) = found.reading else { throw TestError.unexpected }
    #expect(abs(value - ratio) < 1e-9)
    #expect(abs(variance - 99.0 / 10_000) < 1e-9)
    #expect(found.trial.status == .ok && found.trial.reasons.isEmpty)
  }

  /// Whose doing an invalid trial is.
  @Test func aTrialInWhichTheSubjectPushedBackIsOverTheLimit() throws {
    func busy(_ phase: inout PhaseResult) {
      var ring = RingSummary()
      ring.fullWaits = 3
      phase.ring = ring
    }
    func slow(_ phase: inout PhaseResult) { phase.serviceTime = phase.latency }
    func drained(_ phase: inout PhaseResult) { phase.drainNanoseconds = 5_000_000_001 }
    let pushedBack = [
      Self.trial(beyond: 0, status: .invalid, received: 5_000), Self.trial(beyond: 0, received: 9_980),
      Self.trial(beyond: 0, status: .invalid, sent: 9_000, edit: busy),
      Self.trial(beyond: 200, status: .invalid, edit: slow), Self.trial(beyond: 0, status: .invalid, edit: drained),
    ]
    for trial in pushedBack {
      let found = try reading(trial)
      #expect(found.reading == .over)
      #expect(found.trial.status == .over && found.trial.reasons.last?.isEmpty == false)
    }
  }

  /// A search over topics of which one has no queue used to find no capacity at all.
  @Test func whatNoQueueWantedIsNoPushback() throws {
    func unrouted(_ phase: inout PhaseResult) {
      (phase.counts.unroutable, phase.counts.returned) = (2_000, 3_000)
    }
    guard case .ratio = try reading(Self.trial(beyond: 10, received: 5_000, edit: unrouted)).reading else {
      throw TestError.unexpected
    }
    let late = try reading(Self.trial(beyond: 10, received: 4_900, edit: unrouted))
    #expect(
      late.reading == .over && late.trial.reasons.last?.contains("4,900 of 5,000") == true, "\(late.trial.reasons)")
  }

  /// Every message leads to three queues, which drop a sixth: more arrived than was sent, and that used to be no pushback.
  @Test func whatOneOfSeveralQueuesDroppedIsPushback() throws {
    let kept = try reading(Self.trial(beyond: 10, received: 30_000))
    guard case .ratio = kept.reading else { throw TestError.unexpected }
    let dropped = try reading(Self.trial(beyond: 10, received: 25_000) { $0.counts.dropped = 5_000 })
    #expect(dropped.reading == .over && dropped.trial.reasons.last?.contains("25,000 of 30,000") == true)
  }

  @Test func aTrialInWhichTheGeneratorLaggedSaysNothing() throws {
    func idle(_ phase: inout PhaseResult) { phase.serviceTime = Self.trial(beyond: 50).phases[0].latency }
    let useless = [
      Self.trial(beyond: 500, status: .invalid, edit: idle), Self.trial(beyond: 0, status: .invalid, sent: 9_000),
      Self.trial(beyond: 0, status: .disturbed), Self.trial(beyond: 0, status: .crashed),
      Self.trial(beyond: 0, status: .ok) { $0.latency = nil },
    ]
    for trial in useless {
      let found = try reading(trial)
      #expect(found.reading == .unusable)
      #expect(found.trial.status == .invalid && found.histogram == nil)
    }
    #expect(try reading(useless[4]).trial.reasons == ["the trial has no latency.p99"])
  }

  private enum TestError: Error { case unexpected }

  // MARK: - Searches

  private func run(
    _ rest: String = "", stop: StopFlag = StopFlag(),
    _ outcome: @escaping (PlannedTrial, _ ratePerSecond: Double) throws -> TrialResult
  ) throws -> RunResult {
    let trials = FakeTrials { planned, variant in
      try outcome(planned, try #require(variant.scenario.steadyRatePerSecond))
    }
    return try RunOrchestrator(
      try ScenarioText.loadVariants(Self.text + rest), executor: trials, tool: ScenarioRun.tool, stop: stop
    ).run { _ in }.recording.result
  }

  @Test func aSearchEndsBetweenWhatKeepsAndWhatBreaksTheLimit() throws {
    let result = try run { Self.trial(beyond: $1 < 33_333 ? 10 : 900, order: $0.order) }
    let capacity = try #require(result.capacity)
    let high = try #require(capacity.high)
    #expect(result.status == .passed && result.exitCode == .success)
    #expect(capacity.low < 33_333 && 33_333 <= high && high - capacity.low < 0.021 * high)
    #expect(result.variants[0].trials.count == 5)
    let step = try #require(capacity.steps.first { $0.verdict == .passed })
    #expect(step.observed.map { 99_000 < $0 && $0 < 101_000 } == true && step.observedCI95 != nil)
    #expect(step.ratio.map { abs($0 - 0.1) < 1e-9 } == true)
  }

  @Test func aLoadThatTheGeneratorCannotBringAboutIsReportedAndNoFault() throws {
    let result = try run {
      $1 < 20_000 ? Self.trial(beyond: 10) : Self.trial(beyond: 10, status: .invalid, sent: 5_000, order: $0.order)
    }
    #expect(result.capacity?.high == nil)
    #expect(result.capacity.map { 19_000 < $0.low && $0.low < 20_000 } == true)
    #expect(result.exitCode == .success)
    let verdict = try #require(result.verdicts.first { !$0.ok })
    #expect(verdict.id == "capacity has an upper end" && verdict.severity == .warn)
    #expect(verdict.detail?.contains("the generator lagged") == true)
  }

  @Test func aLossAtAnyRateFailsTheRun() throws {
    let result = try run { planned, rate in
      Self.trial(beyond: rate < 33_333 ? 10 : 900) { if planned.order == 2 { $0.verification?.lost = 3 } }
    }
    #expect(result.exitCode == .verificationFailed)
    #expect(result.verdicts.first { $0.id == "lost@main" }?.observed == 3)
  }

  @Test func aStoppedSearchKeepsWhatWasMeasured() throws {
    let stop = StopFlag()
    let result = try run(stop: stop) { planned, rate in
      if planned.order == 20 { stop.request(.interrupted) }
      return Self.trial(beyond: rate < 33_333 ? 10 : 900, order: planned.order)
    }
    #expect(result.status == .aborted && result.exitCode == .interrupted)
    let capacity = try #require(result.capacity)
    // Reports used to say that longer trials had not agreed.
    #expect(capacity.confirmed == nil && capacity.steps.count > 3 && capacity.low <= 33_333)
    #expect(!result.variants[0].trials.isEmpty)
  }

  @Test func eachVariantHasItsOwnCapacity() throws {
    let trials = FakeTrials { planned, variant in
      let knee = variant.slug == "v01-1" ? 5_000.0 : 70_000
      let rate = try #require(variant.scenario.steadyRatePerSecond)
      return Self.trial(beyond: rate < knee ? 10 : 900, order: planned.order)
    }
    let result = try RunOrchestrator(
      try ScenarioText.loadVariants(Self.text + "matrix: { prefetch: [1, 16] }"), executor: trials,
      tool: ScenarioRun.tool, stop: StopFlag()
    ).run { _ in }.recording.result
    #expect(result.capacity == nil)
    let capacities = try result.variants.map { try #require($0.capacity) }
    #expect(capacities.count == 2)
    for (capacity, knee) in zip(capacities, [5_000.0, 70_000]) {
      #expect(capacity.low < knee && knee <= capacity.high ?? 0, "\(capacity.low)")
    }
  }

  @Test func aSearchThatFindsNoRateSaysSo() throws {
    let result = try run { planned, _ in Self.trial(beyond: 900, order: planned.order) }
    #expect(result.capacity?.low == 0 && result.capacity?.high == 200)
    #expect(
      result.notes.contains { $0.hasPrefix("no rate down to 200 /s kept latency.p99 under 1 ms") }, "\(result.notes)")
  }
}
