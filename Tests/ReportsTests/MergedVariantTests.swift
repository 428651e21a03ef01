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
