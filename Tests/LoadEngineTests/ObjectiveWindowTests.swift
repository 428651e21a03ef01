import Distributions
import Histograms
import ResultModel
import ScenarioModel
import Testing

@testable import LoadEngine

/// Objectives that are judged stretch by stretch: true percentiles, breaches, and recovery from faults.
@Suite struct ObjectiveWindowTests {
  private static let millisecond: Int64 = 1_000_000

  private static func row(
    _ index: Int, _ values: [Int64], received: Int? = nil, length: Int64 = 250
  ) -> IntervalSampler.Row {
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    return IntervalSampler.Row(
      sample: IntervalSample(
        startNanoseconds: Int64(index) * 250 * millisecond, lengthNanoseconds: length * millisecond, offered: 250,
        sent: 250, received: received ?? values.count),
      histogram: SparseHistogram(histogram), receivedCount: 0)
  }

  /// Rows of 250 ms in each of which every message took so many milliseconds; an empty one for nil.
  private static func rows(_ milliseconds: [Int64?], count: Int = 250) -> [IntervalSampler.Row] {
    milliseconds.enumerated().map { index, time in
      row(index, time.map { Array(repeating: $0 * millisecond, count: count) } ?? [])
    }
  }

  private static func objectives(_ slo: String, seconds: Int = 10) throws -> [Scenario.Objective] {
    try ScenarioText.load(ScenarioText.workQueue("{ constant: 1k/s, for: \(seconds)s }", "slo: [ \(slo) ]")).objectives
  }

  private static func judge(_ slo: String, _ rows: [IntervalSampler.Row], seconds: Int = 10) throws -> WindowJudge {
    var judge = WindowJudge(
      try objectives(slo, seconds: seconds)[0], index: 0, series: "latency", interval: 250 * millisecond,
      sendingNanoseconds: Int64(seconds) * 1_000 * millisecond)
    for row in rows { judge.add(row) }
    return judge
  }

  private static let slo = "{ expect: latency.p99 < 5ms, window: 500ms }"

  /// A window's percentiles are those of all of its messages, as if they had been recorded together.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func percentilesAreThoseOfTheMessagesOfTheWindow(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let values = (0..<40).map { _ in
      (0..<Int.random(in: 0...400, using: &random)).map { _ in Int64.random(in: 1...60_000_000_000, using: &random) }
    }
    var window = SlidingWindow(length: 1_000_000_000, interval: 250_000_000, series: "latency")
    for index in values.indices {
      let isWhole = window.add(Self.row(index, values[index]))
      #expect(isWhole == (index >= 3))
      var model = LatencyHistogram()
      for value in values[max(0, index - 3)...index].joined() { model.record(value) }
      for (name, percent) in [("p50", 50), ("p99", 99), ("p99.9", 99.9)] where !model.isEmpty {
        let figure = try #require(window.figure(ofMetric: "latency.\(name)"))
        #expect(figure.isKnown == (Double(model.count) * (100 - percent) / 100 >= 10 - 1e-6), "seed \(seed)")
        let expected = Double(model.value(atPercentile: percent))
        #expect(abs(figure.value - expected) <= 0.002 * expected, "seed \(seed), row \(index), \(name)")
      }
      #expect(window.figure(ofMetric: "latency.max")?.value == (model.isEmpty ? nil : Double(model.max)))
      #expect(window.figure(ofMetric: "latency.min")?.value == (model.isEmpty ? nil : Double(model.min)))
      #expect(window.figure(ofMetric: "service_time.p50") == nil)
    }
  }

  /// One slow message in a hundred: the average of the intervals' p99 would hold, the window's does not.
  @Test func percentilesOfIntervalsAreNotAveraged() throws {
    let fast = [Int64](repeating: Self.millisecond, count: 975)
    let slow = [Int64](repeating: 20 * Self.millisecond, count: 25)
    let judge = try Self.judge(Self.slo, [Self.row(0, fast + slow), Self.row(1, fast + fast.prefix(25))])
    #expect(judge.moments.map(\.judgement.observed) == [Double(20 * Self.millisecond)])
    #expect(judge.summary.brokenCount == 1)
  }

  @Test func aBreachIsARunOfBrokenWindows() throws {
    // Each window has two intervals of 250 messages, too few for p99 and enough for p95.
    let slo = "{ expect: latency.p95 < 5ms, window: 500ms }"
    let judge = try Self.judge(slo, Self.rows([1, 1, 9, 1, 1, 1, 9, 9, 1, 1]))
    #expect(judge.summary.windowCount == 9)
    #expect(judge.summary.brokenCount == 5)
    #expect(judge.summary.breachCount == 2)
    #expect(judge.summary.undecidedCount == 0)
    #expect(judge.summary.worstStartNanoseconds == 250 * Self.millisecond, "the first of the worst")
    #expect(
      judge.moments.filter(\.isTurn).map(\.endNanoseconds) == [750, 1_250, 1_750, 2_500].map { $0 * Self.millisecond })
  }

  @Test func whatBeginsInTheGraceDoesNotCount() throws {
    let slo = "{ expect: latency.p95 < 5ms, window: 500ms, grace: 600ms }"
    let judge = try Self.judge(slo, Self.rows([9, 9, 9, 1, 1, 1]))
    #expect(judge.moments.map(\.startNanoseconds) == [750, 1_000].map { $0 * Self.millisecond })
    #expect(judge.summary.brokenCount == 0)
  }

  /// 500 messages do not support p99: it can be broken for certain, but never hold.
  @Test func tooFewMessagesNeverPass() throws {
    let judge = try Self.judge(Self.slo, Self.rows([1, 1, 9, 9, nil, nil, 1, 1]))
    #expect(judge.moments.map(\.judgement.outcome) == [.undecided, .broken, .broken, .broken, .undecided, .undecided])
    #expect(judge.summary.undecidedCount == 4, "an empty window as well")
    #expect(judge.summary.windowCount == 3)
    #expect(judge.summary.breachCount == 1)
  }

  /// Behind the end of the load messages arrive at a rate of their own.
  @Test func ratesAreNotJudgedWhileTheLoadDrains() throws {
    let slo = "{ expect: throughput >= 0.9 * offered, window: 500ms }"
    let rows = (0..<8).map { Self.row($0, [], received: $0 < 4 ? 250 : 5) }
    #expect(try Self.judge(slo, rows, seconds: 1).summary.brokenCount == 0)
    #expect(try Self.judge(slo, rows, seconds: 2).summary.brokenCount == 4)
  }

  // MARK: - Recovery

  private static func recovery(
    _ times: [Int64?], faultEnd: Int64, slo: String = "{ expect: latency.p95 < 5ms, window: 500ms }"
  ) throws -> PhaseResult {
    var phase = PhaseResult(
      name: "main", startOffsetNanoseconds: 7_000 * millisecond, durationNanoseconds: 10_000 * millisecond,
      counts: MessageCounts(),
      rates: Rates(scheduled: 1, sent: 1, received: 1, bytes: 1, durationNanoseconds: 1))
    phase.intervalSeries = "latency"
    PhaseObjectives(
      try objectives(slo), result: phase, rows: rows(times), interval: 250 * millisecond,
      sendingNanoseconds: phase.durationNanoseconds
    )
    .note(in: &phase, faultEnds: [(7_000 + faultEnd) * millisecond])
    return phase
  }

  @Test(arguments: [
    // The interval in which the fault ends is bad, and so are two more: the first good window begins at 1.25 s.
    ([1, 1, 9, 9, 9, 1, 1, 1] as [Int64?], Int64(600), Int64?(650)),
    // It never mattered.
    ([1, 1, 1, 1, 1, 1], 600, 0),
    // Nothing arrives for a while: that is no recovery. The first window with messages begins at 1 s.
    ([1, 1, nil, nil, nil, 1, 1, 1], 800, 200),
    // Good for half a window only, then bad again, then good.
    ([1, 9, 9, 1, 9, 9, 1, 1], 400, 1_100),
  ])
  func recoveryLastsUntilAWindowHolds(times: [Int64?], faultEnd: Int64, expected: Int64?) throws {
    let phase = try Self.recovery(times, faultEnd: faultEnd)
    #expect(phase.recoveryTimeNanoseconds == expected.map { $0 * Self.millisecond })
    #expect(phase.unrecoveredFaults == nil)
  }

  @Test func aPhaseThatNeverRecoversSaysSo() throws {
    let phase = try Self.recovery([1, 1, 9, 9, 9, 9], faultEnd: 600)
    #expect(phase.recoveryTimeNanoseconds == nil)
    #expect(phase.unrecoveredFaults == 1)
    #expect(phase.figure(ofMetric: "recovery_time") == .known(.infinity))
    #expect(phase.value(ofMetric: "recovery_time") == nil, "no figure to summarise")
  }

  @Test func allObjectivesMustHoldInTheSameWindow() throws {
    let slo = "{ expect: latency.p95 < 5ms, window: 500ms }, { expect: latency.p50 > 2ms, window: 500ms }"
    let phase = try Self.recovery([1, 9, 9, 1, 1, 3, 3, 3], faultEnd: 300, slo: slo)
    #expect(phase.recoveryTimeNanoseconds == 950 * Self.millisecond)
    #expect(phase.objectives?.map(\.index) == [0, 1])
  }
}
