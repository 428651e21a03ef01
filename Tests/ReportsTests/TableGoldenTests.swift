import ResultModel
import Testing

@testable import Reports

@Suite struct TableGoldenTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func metrics() throws {
    try Fixtures.expectGolden(text(MetricsCSV.text(of: try Fixtures.small())), "metrics.csv")
  }

  @Test func intervals() throws {
    try Fixtures.expectGolden(text(IntervalsCSV.text(of: try Fixtures.small())), "intervals.csv")
  }

  @Test func percentiles() throws {
    let result = try Fixtures.small()
    let merged = result.variants.map(MergedVariant.init)
    try Fixtures.expectGolden(text(PercentilesCSV.text(of: result, merged: merged)), "percentiles.csv")
  }

  @Test func variantsEventsAndComparisons() throws {
    let result = try Fixtures.sample.get()
    try Fixtures.expectGolden(text(VariantsCSV.text(of: result)), "variants.csv")
    try Fixtures.expectGolden(text(EventsCSV.text(of: result)), "events.csv")
    try Fixtures.expectGolden(text(ComparisonsCSV.text(of: result)), "comparisons.csv")
  }

  /// The columns are a contract: their names and their order, as documented.
  @Test func columnsAreTheDocumentedOnes() throws {
    #expect(
      MetricsCSV.header.joined(separator: ",")
        == "run_id,scenario,variant,trial,phase,sample_type,metric,stat,value,unit,marks")
    #expect(
      IntervalsCSV.header.joined(separator: ",")
        == "run_id,variant,trial,phase,sample_type,interval_start_ns,interval_length_ns,metric,stat,value,unit")
    #expect(
      PercentilesCSV.header.joined(separator: ",")
        == "run_id,variant,trial,phase,series,percentile,value_ns,count_at_or_below,total_count,"
        + "ci95_low_ns,ci95_high_ns,supported")
    #expect(
      VariantsCSV.header(of: try Fixtures.sample.get()).joined(separator: ",")
        == "run_id,variant,slug,baseline,param_batch,param_serializer,marks")
    #expect(EventsCSV.header.joined(separator: ",") == "run_id,variant,trial,offset_ns,kind,subject,detail")
    #expect(
      ComparisonsCSV.header.joined(separator: ",")
        == "run_id,metric,stat,baseline,candidate,n_baseline,n_candidate,median_baseline,median_candidate,ratio,"
        + "ratio_ci95_low,ratio_ci95_high,p,p_adjusted,mde_pct,verdict,batch,confirmed,phase,marks")
  }

  /// The phase used to be a part of the stat, or of a metric without one.
  @Test func aComparisonOfAPhaseHasItInAColumn() throws {
    var result = try Fixtures.passed()
    let metrics = ["latency.p99.9@steady", "throughput@steady", "latency.p50"]
    result.comparisons = metrics.map {
      ComparisonResult(
        metric: $0, baseline: "a", candidate: "b", ratio: 1, ratioCI95: nil, p: 1, pAdjusted: 1, test: "none",
        baselineCount: 1, candidateCount: 1, verdict: .same)
    }
    let rows = text(ComparisonsCSV.text(of: result)).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let columns = ["metric", "stat", "phase"].map { name in rows[0].firstIndex { $0 == name } ?? 0 }
    #expect(
      rows.dropFirst().map { row in columns.map { String(row[$0]) } } == [
        ["latency", "p99.9", "steady"], ["throughput", "mean", "steady"], ["latency", "p50", ""],
      ])
  }
}
