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

  /// Such keys used to break the file that `load.trace` reads.
  @Test(arguments: [
    ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""), (" a", "\" a\""),
    ("a\t", "\"a\t\""), ("", "\"\""), ("a b", "a b"),
  ])
  func aKeyOfATraceIsQuotedWhereItMustBe(key: String, field: String) {
    let trace = RecordedTrace(
      keys: [key], messages: [.init(offsetNanoseconds: 0, byteCount: 64, key: 0)], droppedCount: 0)
    #expect(
      String(decoding: TraceCSV.bytes(of: trace), as: UTF8.self) == "offset_ns,size,key,priority\n0,64,\(field),0\n")
  }

  /// A variant's id has commas, and a name from the file may have anything.
  @Test func everyTableQuotesWhatNeedsIt() throws {
    let hostile = "a,\"b\"\nc"
    var result = try Fixtures.sample.get()
    result.runID = hostile
    result.scenario.name = hostile
    for index in result.variants.indices { result.variants[index].id = hostile }
    result.variants[0].parameters = [hostile: .string(hostile)]
    result.variants[0].trials[0].events = [
      TrialEvent(offsetNanoseconds: 0, kind: .fault, subject: hostile, detail: hostile)
    ]
    for index in result.comparisons.indices { result.comparisons[index].candidate = hostile }
    let merged = result.variants.map(MergedVariant.init)
    let tables = [
      MetricsCSV.text(of: result), IntervalsCSV.text(of: result), PercentilesCSV.text(of: result, merged: merged),
      VariantsCSV.text(of: result), EventsCSV.text(of: result), ComparisonsCSV.text(of: result),
    ]
    for table in tables {
      let rows = Self.rows(String(decoding: table, as: UTF8.self))
      #expect(rows.count > 1)
      #expect(rows.allSatisfy { $0.count == rows[0].count && $0[0] == (($0 == rows[0]) ? "run_id" : hostile) })
    }
  }

  /// Rows as RFC 4180 has them.
  private static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row = [""]
    var isQuoted = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        // A doubled quote inside of quotes ends and begins them again: only the second one is text.
        isQuoted.toggle()
        if isQuoted, row[row.count - 1].hasSuffix("\u{0}") {
          row[row.count - 1].removeLast()
          row[row.count - 1] += "\""
        } else if !isQuoted {
          row[row.count - 1] += "\u{0}"
        }
      case "," where !isQuoted: row.append("")
      case "\n" where !isQuoted:
        rows.append(row.map { $0.filter { $0 != "\u{0}" } })
        row = [""]
      default: row[row.count - 1].unicodeScalars.append(scalar)
      }
    }
    return rows
  }
}
