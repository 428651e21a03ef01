import Histograms
import ResultModel
import Testing

@testable import Reports

@Suite struct MergedVariantTests {
  private func variant(_ trials: [(status: TrialResult.Status, values: [Int64])]) -> VariantResult {
    VariantResult(
      id: "v", slug: "v",
      trials: trials.enumerated().map { index, trial in
        var histogram = LatencyHistogram()
        for value in trial.values { histogram.record(value) }
        var phase = PhaseResult(
          name: "main", startOffsetNanoseconds: 0, durationNanoseconds: 1, counts: MessageCounts(),
          rates: Rates(sentPerSecond: 1, receivedPerSecond: 1, bytesPerSecond: 0))
        phase.latency = LatencySummary(histogram: histogram)
        return TrialResult(index: index, order: index, seed: 1, status: trial.status, phases: [phase])
      })
  }

  @Test func mergesHistogramsAndKeepsTheExactEnds() throws {
    let merged = MergedVariant(variant([(.ok, [5_001, 9_999_999]), (.ok, [4_097, 77])]))
    let series = try #require(merged.phases.first?.series.first)
    #expect(series.name == "latency")
    #expect(series.summary.count == 4)
    #expect(series.summary.min == 77)
    #expect(series.summary.max == 9_999_999)
    #expect(series.summary.percentiles["100"] == 9_999_999)
  }

  @Test func trialsThatWentWrongStayOutUnlessAllDid() throws {
    let mixed = MergedVariant(variant([(.ok, [10]), (.invalid, [1_000_000]), (.disturbed, [2_000_000])]))
    #expect(mixed.phases[0].series[0].summary.max == 10)
    #expect(mixed.phases[0].checks.count == 3)
    let wrong = MergedVariant(variant([(.invalid, [30]), (.crashed, [40])]))
    #expect(wrong.phases[0].series[0].summary.max == 40)
  }

  /// A variant of trials whose messages depended on each other: each interval is so many nanoseconds wide to either side.
  private func wandering(_ reaches: [Int64]) -> VariantResult {
    var variant = variant(reaches.map { _ in (.ok, (0..<1000).map { 10_000 + $0 }) })
    for (index, reach) in reaches.enumerated() {
      for (name, value) in variant.trials[index].phases[0].latency?.percentiles ?? [:] where name != "100" {
        variant.trials[index].phases[0].latency?.percentileCI95[name] = Interval(value - reach, value + 2 * reach)
      }
      variant.trials[index].phases[0].labels = [.autocorrelated]
    }
    return variant
  }

  private func interval(_ name: String, _ variant: VariantResult) -> Interval<Int64>? {
    MergedVariant(variant).phases[0].series[0].summary.percentileCI95[name]
  }

  /// The interval of one trial used to become narrower by being merged with nothing.
  @Test func intervalsOfOneTrialStayAsWideAsItsOwn() throws {
    let variant = wandering([3_000])
    let own = try #require(variant.trials[0].phases[0].latency?.percentileCI95)
    for name in ["50", "90", "99"] { #expect(interval(name, variant) == own[name]) }
  }

  @Test func intervalsOfSeveralTrialsAreWidenedByTheirErrorsTogether() throws {
    let value = try #require(wandering([0]).trials[0].phases[0].latency?.percentiles["50"])
    // Equal errors shrink with the root of their number.
    #expect(interval("50", wandering([4_000, 4_000, 4_000, 4_000])) == Interval(value - 2_000, value + 4_000))
    #expect(interval("50", wandering([3_000, 4_000])) == Interval(value - 2_500, value + 5_000))
    // Never narrower than by order statistics.
    var independent = wandering([0, 0])
    for index in 0..<2 { independent.trials[index].phases[0].labels = [] }
    #expect(interval("50", wandering([0, 0])) == interval("50", independent))
    // What a trial does not know is not known of all.
    var unknown = wandering([3_000, 4_000])
    unknown.trials[1].phases[0].latency?.percentileCI95["50"] = nil
    #expect(interval("50", unknown) == nil && interval("90", unknown) != nil)
  }

  @Test func unreadableHistogramsAreLeftOut() throws {
    var broken = variant([(.ok, [10]), (.ok, [20])])
    broken.trials[0].phases[0].latency?.histogramBase64 = "HISTFnonsense"
    #expect(MergedVariant(broken).phases[0].series[0].summary.count == 1)
    broken.trials[1].phases[0].latency?.histogramBase64 = nil
    #expect(MergedVariant(broken).phases[0].series.isEmpty)
  }

  @Test func reportsOfSeveralPhasesAreNotMerged() throws {
    var variant = variant([(.ok, [10])])
    #expect(MergedVariant(variant).percentileReports.map(\.name) == ["v.latency.hgrm"])
    var spike = variant.trials[0].phases[0]
    spike.name = "spike"
    variant.trials[0].phases.append(spike)
    var warmup = spike
    warmup.sampleType = .warmup
    variant.trials[0].phases.insert(warmup, at: 0)
    #expect(MergedVariant(variant).percentileReports.map(\.name) == ["v.main.latency.hgrm", "v.spike.latency.hgrm"])
  }
}
