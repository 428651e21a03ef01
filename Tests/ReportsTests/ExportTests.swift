import Foundation
import ResultModel
import Testing

@testable import Reports

/// What other tools read. `check_exports.py` reads it as they do.
@Suite struct ExportTests {
  @Test(arguments: ResultExport.Format.allCases)
  func exportsAreAsRecorded(format: ResultExport.Format) throws {
    try Fixtures.expectGolden(
      ResultExport.text(of: try Fixtures.sample.get(), as: format), "export-\(format.rawValue).txt")
  }

  private func entries(_ format: ResultExport.Format, of result: RunResult) throws -> [[String: Any]] {
    let text = ResultExport.text(of: result, as: format)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func githubHasTimesInOneFileAndRatesInTheOther() throws {
    let result = try Fixtures.small()
    let phase = try #require(result.variants.first?.trials.first?.phases.first)
    let smaller = try entries(.githubSmaller, of: result)
    let bigger = try entries(.githubBigger, of: result)
    #expect(bigger.map { $0["value"] as? Double } == [phase.rates.receivedPerSecond])
    #expect(smaller.allSatisfy { ["ns", "bytes"].contains($0["unit"] as? String) })
    let names = smaller.compactMap { $0["name"] as? String }
    #expect(Set(names).count == names.count && names.contains { $0.hasSuffix(" latency.p99") })
  }

  @Test func aTrialIsAForkOfJMH() throws {
    let result = try Fixtures.passed()
    for entry in try entries(.jmh, of: result) {
      let metric = try #require(entry["primaryMetric"] as? [String: Any])
      #expect((metric["rawData"] as? [[Double]])?.count == 1 && entry["forks"] as? Int == 1)
      #expect(metric["scoreError"] as? String == "NaN", "one trial says nothing about the spread")
    }
    #expect(try entries(.jmh, of: result).map { $0["mode"] as? String }.first == "thrpt")
  }

  /// The format of a line: name, iterations, then pairs of value and unit.
  @Test func aTrialIsALineOfGo() throws {
    let result = try Fixtures.sample.get()
    let lines = ResultExport.text(of: result, as: .goBench).split(separator: "\n").filter { $0.hasPrefix("Benchmark") }
    #expect(lines.count == result.variants.reduce(0) { $0 + $1.countedTrials.count { !$0.phases.isEmpty } })
    for line in lines {
      let fields = line.split(whereSeparator: \.isWhitespace)
      #expect(fields.count.isMultiple(of: 2) && Int(fields[1]) != nil)
      for index in stride(from: 2, to: fields.count, by: 2) { #expect(Double(fields[index]) != nil) }
    }
  }

  @Test func openMetricsEscapesLabelsAndEnds() throws {
    var result = try Fixtures.small()
    result.scenario.name = "a\"b\\c\nd"
    let text = ResultExport.text(of: result, as: .openMetrics)
    #expect(text.contains(#"scenario="a\"b\\c\nd""#))
    #expect(text.hasSuffix("\n# EOF\n"))
    let families = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
    #expect(Set(families).count == families.count)
  }

  /// Divided as a number, 99.9 became `0.9990000000000001`, which no query for 0.999 finds.
  @Test func quantilesAreTheSharesThatPeopleAskFor() throws {
    let shares = [
      "50": "0.5", "75": "0.75", "90": "0.9", "95": "0.95", "99": "0.99", "99.9": "0.999", "99.99": "0.9999",
      "100": "1.0",
      "5": "0.05",
    ]
    for (name, share) in shares { #expect(OpenMetricsExport.share(ofPercentile: name) == share) }
    let text = ResultExport.text(of: try Fixtures.sample.get(), as: .openMetrics)
    let quantiles = Set(text.matches(of: /quantile="([^"]*)"/).map { String($0.1) })
    #expect(!quantiles.isEmpty && quantiles.isSubset(of: shares.values))
  }

  /// The formats that are read without a library of their own are checked on every machine with Python.
  @Test func theReadersOfOtherToolsTakeTheExports() throws {
    try Fixtures.withTemporaryDirectory { folder in
      let formats = ResultExport.Format.allCases.filter { $0 != .openMetrics }
      for format in formats {
        let text = ResultExport.text(of: try Fixtures.sample.get(), as: format)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(format.rawValue).txt"))
      }
      let checker = Fixtures.testDirectory + "/../EndToEndTests/check_exports.py"
      let run = try Fixtures.python([checker] + formats.map { "\(folder)/\($0.rawValue).txt" })
      guard let run else {
        print("NOT CHECKED: exports as other tools read them: there is no python3")
        return
      }
      #expect(run.status == 0, "\(run.output)")
    }
  }

  /// Disturbed trials and confirmations used to be among them.
  @Test func openMetricsHasTheTrialsThatCount() throws {
    var result = try Fixtures.small()
    let sound = result.variants[0].trials[0]
    for (index, status) in [TrialResult.Status.disturbed, .invalid, .ok].enumerated() {
      var trial = sound
      (trial.index, trial.status, trial.batch) = (index + 1, status, status == .ok ? 1 : nil)
      result.variants[0].trials.append(trial)
    }
    let text = ResultExport.text(of: result, as: .openMetrics)
    #expect(Set(text.matches(of: /trial="(\d+)"/).map { String($0.1) }) == ["0"])
  }

  @Test(arguments: ResultExport.Format.allCases)
  func aResultWithoutFiguresIsStillAFile(format: ResultExport.Format) throws {
    var result = try Fixtures.small()
    result.variants[0].trials = []
    let text = ResultExport.text(of: result, as: format)
    #expect(!text.isEmpty && !text.contains("nan"))
  }
}
