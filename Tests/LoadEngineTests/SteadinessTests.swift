import ResultModel
import ScenarioModel
import Testing

@testable import LoadEngine

/// What the order of the intervals says: whether a warm-up was long enough, and how well a wandering level is known.
@Suite struct SteadinessTests {
  private func samples(_ p50s: [Int64], received: [Int]? = nil) -> [IntervalSample] {
    p50s.enumerated().map { index, p50 in
      IntervalSample(
        startNanoseconds: Int64(index) * 100, lengthNanoseconds: 100, sent: 10, received: received?[index] ?? 10,
        p50: p50, p99: p50 * 3, max: p50 * 4)
    }
  }

  private func warmup(_ samples: [IntervalSample]) -> TrialResult {
    var phase = PhaseResult(
      name: "warmup", sampleType: .warmup, startOffsetNanoseconds: 0, durationNanoseconds: 1, counts: MessageCounts(),
      rates: Rates(sentPerSecond: 1, receivedPerSecond: 1, bytesPerSecond: 1))
    phase.intervals = samples
    return TrialResult(index: 0, order: 0, seed: 1, phases: [phase])
  }

  @Test func aWarmUpThatKeepsFallingIsNoted() {
    let falling = warmup(samples((0..<20).map { 10_000 - 400 * $0 }))
    let level = warmup(samples(Array(repeating: 500, count: 20)))
    let settled = warmup(samples((0..<20).map { max(1_000, 5_000 - 800 * $0) }))
    let slowing = warmup(samples(Array(repeating: 500, count: 20), received: (0..<20).map { 1_000 - 40 * $0 }))
    let short = warmup(samples([900, 500, 100]))
    #expect(WarmupSteadiness.notes(on: [level, settled, short]).isEmpty)
    let notes = WarmupSteadiness.notes(on: [falling, level, slowing, short])
    #expect(notes.count == 1 && notes[0].hasPrefix("phase warmup: never became steady in 2 of 3 trials"), "\(notes)")
  }

  /// Only warm-ups of two seconds and more used to be judged, and nothing said so.
  @Test func aShortWarmUpIsCutFinerOrSaidToBeTooShort() throws {
    let usual: Int64 = 250_000_000
    let expected: [(String, Int64)] = [
      ("8s", usual), ("1s", 62_500_000), ("500ms", 31_250_000), ("200ms", 20_000_000), ("20ms", 20_000_000),
    ]
    for (length, interval) in expected {
      let phases = try ScenarioText.load(
        ScenarioText.workQueue("{ constant: 1k/s, warmup: \(length), for: 8s }")
      ).load.phases
      #expect(phases.map { WarmupSteadiness.interval(of: $0, usual: usual) } == [interval, usual], "\(length)")
    }
    let short = warmup(samples([900, 500, 100]))
    let notes = WarmupSteadiness.notes(on: [short, short])
    #expect(
      notes.count == 1 && notes[0].hasPrefix("phase warmup: too short to tell whether it became steady"), "\(notes)")
    var stopped = short
    stopped.status = .aborted
    #expect(WarmupSteadiness.notes(on: [stopped]).isEmpty)
  }

  /// What the machine does to one trial of many says nothing about the warm-up.
  @Test func aWarmUpIsNotedWhenHalfOfTheTrialsAreUnsteady() {
    let falling = warmup(samples((0..<20).map { 10_000 - 400 * $0 }))
    let level = warmup(samples(Array(repeating: 500, count: 20)))
    #expect(WarmupSteadiness.notes(on: [falling, level, level]).isEmpty)
    #expect(WarmupSteadiness.notes(on: [falling, level]).count == 1)
  }

  /// On a machine that is busy fine intervals are uneven, which is no trend.
  @Test func unevenIntervalsAreNotTakenForATrend() {
    // By itself the line changes by 15 % over one window and 19 % over the other.
    let uneven = (0..<9).map { Int64(1_000 + $0 * 122 % 499) }
    #expect(WarmupSteadiness.isSteady(warmup(samples(uneven)).phases[0]) == true)
    let falling = uneven.enumerated().map { 8_000 - 450 * Int64($0) + $1 / 4 }
    #expect(WarmupSteadiness.isSteady(warmup(samples(falling)).phases[0]) == false)
  }

  /// All others used to count as cut short then, so that the warm-up was "too short to tell".
  @Test func aFirstIntervalThatTookLongSaysNothingAboutTheOthers() {
    var level = samples(Array(repeating: 500, count: 20))
    (level[0].lengthNanoseconds, level[0].received) = (300, 30)
    #expect(WarmupSteadiness.isSteady(warmup(level).phases[0]) == true)
  }

  /// Neighbours of a slow drift under much noise look independent; the first and the last do not.
  @Test func aLevelThatDriftsWidensIntervals() {
    let noise = (0..<40).map { 1_000 + Int64($0 * 7919 % 401) }
    #expect(!SeriesDependence(samples(noise)).isDependent)
    let drifting = noise.enumerated().map { $1 + Int64(5 * $0) }  // Its first autocorrelation is 0.01.
    #expect(SeriesDependence(samples(drifting)).isDependent)
  }

  @Test func intervalsOfPercentilesWidenOnlyWhereTheLevelWanders() throws {
    let summary = LatencySummary(
      count: 1_000, min: 1, mean: 1_000, standardDeviation: 1, max: 5_000,
      percentiles: ["50": 1_000, "99": 3_000, "99.9": 4_000, "100": 5_000],
      percentileCI95: ["50": Interval(990, 1_010), "99": Interval(2_900, 3_100), "99.9": Interval(3_900, 4_500)])
    let wandering = SeriesDependence(samples((0..<40).map { 1_000 + ($0 / 10 % 2 == 0 ? 200 : -200) }))
    #expect(wandering.isDependent)
    let wide = try #require(wandering.widened(summary))
    for (name, factor) in [("50", 1.0), ("99", 3), ("99.9", 4)] {
      let interval = try #require(wide.percentileCI95[name])
      #expect(interval.low <= Int64(800 * factor) && interval.high >= Int64(1_200 * factor), "\(name): \(interval)")
    }
    #expect(wide.percentileCI95["100"] == nil)
    let steady = SeriesDependence(samples((0..<40).map { 1_000 + ($0 * 7919 % 5) }))
    #expect(!steady.isDependent)
    #expect(steady.widened(summary) == summary)
    #expect(wandering.widened(nil) == nil)
    // Of an open loop only the latency used to be widened, and the report spoke of both.
    var phase = warmup([]).phases[0]
    (phase.latency, phase.serviceTime, phase.sendDelay) = (summary, summary, summary)
    wandering.widen(&phase)
    #expect(phase.latency == wide && phase.serviceTime == wide && phase.sendDelay == summary)
  }
}
