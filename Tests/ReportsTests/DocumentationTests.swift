import Foundation
import ResultModel
import ScenarioModel
import Testing

@testable import Reports

/// `Results/README.md` names what the code writes, all of it and nothing else.
@Suite struct DocumentationTests {
  private static let page: String = {
    let url = URL(filePath: Fixtures.testDirectory).appending(path: "../../Results/README.md")
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }()

  /// The words between backquotes in the first cells of the table under a heading.
  private static func names(under heading: String) -> [String] {
    let section = page.components(separatedBy: "\n## \(heading)\n").dropFirst().first ?? ""
    let rows = (section.components(separatedBy: "\n## ").first ?? "").split(separator: "\n").filter {
      $0.hasPrefix("| `")
    }
    return rows.flatMap { row in
      (row.split(separator: "|").first ?? "").split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
        .map { String($0.element) }
    }
  }

  /// What the command line says of them is compared with this table by an end-to-end test.
  @Test func readmeHasEveryExitCode() throws {
    let url = URL(filePath: Fixtures.testDirectory).appending(path: "../../README.md")
    let section = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n## Exit codes\n").last ?? ""
    let rows = (section.components(separatedBy: "\n## ").first ?? "").split(separator: "\n").filter {
      $0.hasPrefix("|")
    }
    let codes = rows.dropFirst(2).flatMap { row in
      row.split(separator: "|")[0].matches(of: /\d+/).compactMap { Int32(String($0.output)) }
    }
    #expect(codes == ExitCode.allCases.map(\.rawValue))
  }

  /// A phase that has every figure there is.
  private static func fullPhase() throws -> PhaseResult {
    var phase = try Fixtures.small().variants[0].trials[0].phases[0]
    phase.drainNanoseconds = 1
    phase.arrivals = ArrivalCheck(process: .poisson, statistic: 0.1, p: 0.5, count: 100)
    phase.backlog = BacklogSummary(messageCount: 1, buildNanoseconds: 1, drainNanoseconds: 1)
    phase.recoveryTimeNanoseconds = 1
    phase.encodeTime = phase.latency
    phase.decodeTime = phase.latency
    phase.encodedBytesPerMessage = 1
    phase.resources?.allocatedBytes = 1
    phase.resources?.allocatedBytesOnce = 1
    phase.resources?.allocatedBytesPerMessage = 1
    phase.resources?.allocationsPerMessage = 1
    phase.counts.late = 1
    (phase.counts.failed, phase.counts.retried, phase.counts.revoked) = (1, 1, 1)
    phase.ring?.batchMean = 1
    phase.ring?.occupancyP50 = 1
    phase.ring?.occupancyMax = 1
    phase.platform?.stealNanoseconds = 1
    return phase
  }

  @Test func everyMetricIsDocumented() throws {
    let metrics = PhaseMetric.all(of: try Self.fullPhase())
    let documented = Self.names(under: "Metrics")
    #expect(Set(documented) == Set(metrics.map(\.name)))
    #expect(documented.count == Set(documented).count)
    // The ways and findings are statistics.
    let whole = ["messages", "verify", "arrivals", "backlog", "cpu", "allocated_bytes", "batch"]
    for metric in metrics where whole.contains(metric.name) {
      #expect(Self.page.contains("`\(metric.statistic)`"), "\(metric.name) \(metric.statistic)")
    }
  }

  /// The list used to lack `late`, which stood elsewhere on the page.
  @Test func everyWayOfAMessageIsInItsRow() throws {
    let row = try #require(Self.page.split(separator: "\n").first { $0.hasPrefix("| `messages` ") })
    let cell = try #require(row.split(separator: "|").last { $0.contains("`") })
    let words = cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let names = try Self.fullPhase().counts.byName.map(\.name)
    #expect(words.filter(names.contains) == names)
  }

  /// What no run measures must not look as if it did.
  @Test(arguments: ["occupancy", "allocations_per_message"])
  func whatIsNotMeasuredIsMarked(name: String) throws {
    let row = try #require(Self.page.split(separator: "\n").first { $0.contains("`\(name)`") && $0.hasPrefix("| `") })
    #expect(row.contains("Not measured yet"))
  }

  @Test func everyKindOfEventIsDocumented() {
    #expect(Self.names(under: "Events") == TrialEvent.Kind.allCases.map(\.rawValue))
    #expect(ResultSchema.json.contains(TrialEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")))
  }

  @Test func everyColumnIsDocumented() {
    for header in [
      MetricsCSV.header, IntervalsCSV.header, PercentilesCSV.header, ComparisonsCSV.header, EventsCSV.header,
      CapacityCSV.header,
    ] {
      #expect(Self.page.contains("`\(header.joined(separator: ","))`"))
    }
  }

  /// A trace may have the name of none of them.
  @Test func everyFileWithAFixedNameIsReserved() throws {
    try Fixtures.withTemporaryDirectory { parent in
      var histograms = RunRecording(result: try Fixtures.sample.get(), intervalHistograms: [])
      histograms.trace = nil
      let directory = try ResultDirectory.create(parent + "/run")
      try directory.write(histograms)
      let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(files.count > 10)
      for file in files + ["run.hlog", "trials"] { #expect(Scenario.Output.isReserved(file), "\(file)") }
      for file in Scenario.Output.fixedNames where file != "trials" {
        #expect(Self.page.contains("`\(file)`"), "\(file)")
      }
    }
  }
}
