import ResultModel
import Testing

@testable import ScenarioModel

/// A scenario may name the figures that a result has; neither model sees the other.
@Suite struct MetricNameTests {
  @Test func aScenarioMayNameThePercentilesThatAreReported() {
    // The maximum is a figure of its own.
    let reported = LatencySummary.reportedPercentiles.map { "p\($0.name)" }.filter { $0 != "p100" }
    #expect(MetricKnowledge.statistics.filter { $0.hasPrefix("p") } == reported)
  }

  @Test func everyStatisticIsOneOfAPhase() throws {
    var phase = try Fixtures.small().variants[0].trials[0].phases[0]
    phase.latency?.supported = LatencySummary.reportedPercentiles.map(\.name)
    for statistic in MetricKnowledge.statistics {
      #expect(phase.value(ofMetric: "latency.\(statistic)") != nil, "\(statistic)")
    }
    for metric in KeyTable.metrics where !PhaseResult.seriesNames.contains(metric) && metric != "hiccup" {
      phase.recoveryTimeNanoseconds = 1
      phase.resources?.allocatedBytesPerMessage = 1
      phase.encodedBytesPerMessage = 1
      #expect(phase.value(ofMetric: metric) != nil, "\(metric)")
    }
  }
}
