import ResultModel
import Testing

@testable import Reports

/// What reports show of loads that are more than a rate.
@Suite struct LoadReportTests {
  @Test func bothHalvesOfABacklogAreShown() throws {
    var result = try Fixtures.passed()
    result.variants[0].trials[0].phases[0].backlog = BacklogSummary(
      messageCount: 1_000, buildNanoseconds: 1_000_000, drainNanoseconds: 500_000)
    let summary = TerminalSummary(result, directory: nil, style: TerminalStyle(usesColor: false, usesUnicode: true))
    #expect(
      summary.text.contains("backlog built in 1.00 ms (1.00 M/s), drained in 500 µs (2.00 M/s)"), "\(summary.text)")
    let metrics = String(decoding: MetricsCSV.text(of: result), as: UTF8.self)
    for row in [",backlog,messages,1000,messages", ",backlog,build,1000000,ns", ",backlog,drain,500000,ns"] {
      #expect(metrics.contains(row), "\(row)")
    }
  }

  @Test func aTraceIsWrittenInTheColumnsThatAreReadAgain() {
    let trace = RecordedTrace(
      keys: ["a", "b"],
      messages: [
        .init(offsetNanoseconds: 0, byteCount: 64, key: 1), .init(offsetNanoseconds: 15, byteCount: 128, key: -1),
      ], droppedCount: 3)
    #expect(
      String(decoding: TraceCSV.bytes(of: trace), as: UTF8.self)
        == "offset_ns,size,key,priority\n0,64,b,0\n15,128,,0\n")
  }
}
