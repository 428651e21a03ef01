import Foundation
import ResultModel
import ScenarioModel
import Testing

@testable import Reports

/// Baselines on the disk, and comparisons as people read them.
@Suite struct ComparisonTests {
  @Test func figuresAreWrittenInTheirUnitAndAbsurdOnesAsTheyAre() {
    #expect(Words.ratio(1.25) == "1.250")
    #expect(Words.ratio(1e300) == "1e+300")
    #expect(Words.ratio(-0.5) == "-0.500")
    #expect(Words.value(300, ofMetric: "encoded_bytes_per_message@main") == "300 B")
  }

  @Test func baselinesAreKeptListedReplacedAndForgotten() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "baselines-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = BaselineStore(folder: folder.path)
    #expect(store.names().isEmpty, "a store that is not there is empty")
    try store.save(Array("one".utf8), as: "main")
    try store.save(Array("two".utf8), as: "main")
    try store.save(Array("x".utf8), as: "a.b-c_1")
    #expect(store.names() == ["a.b-c_1", "main"])
    #expect(try String(contentsOfFile: store.path(of: "main"), encoding: .utf8) == "two")
    #expect(try store.remove("main"))
    #expect(try !store.remove("main"))
    #expect(store.names() == ["a.b-c_1"])
  }

  @Test func namesThatCouldLeadElsewhereAreRefused() {
    for name in ["", ".", "..", "../x", "a/b", ".hidden", "a b", "ä"] { #expect(!BaselineName.isValid(name)) }
    for name in ["main", "v1.2-rc_3", "0"] { #expect(BaselineName.isValid(name)) }
  }

  /// What `--set` had changed used to be missing, so that the command measured something else.
  @Test func theCommandThatRepeatsARunIsWhole() throws {
    var result = try Fixtures.small()
    #expect(ReproductionCommand(result).text == "ringside run Scenarios/sample.yaml --set seed=42")
    result.scenario.path = "my file.yaml"
    result.scenario.overrides = ["load={ constant: 1k/s, for: 1s }", "seed=7", "description=it's"]
    #expect(
      ReproductionCommand(result).text
        == "ringside run 'my file.yaml' --set 'load={ constant: 1k/s, for: 1s }' --set 'description=it'\\''s' --set seed=42"
    )
    // What the file took from the environment used to be missing, too.
    result.scenario.overrides = nil
    result.scenario.variables = ["RATE": "7k/s", "A_B": "two words"]
    #expect(
      ReproductionCommand(result).text
        == "A_B='two words' RATE=7k/s ringside run 'my file.yaml' --set seed=42")
    result.scenario.variables = ["a-b": "x y"]
    #expect(ReproductionCommand(result).text == "env 'a-b=x y' ringside run 'my file.yaml' --set seed=42")
    result.scenario.variables = nil
    result.variants = [result.variants[0], result.variants[0]]
    for (index, path) in ["old/ringside", "new/ringside"].enumerated() {
      result.variants[index].tool = result.tool
      result.variants[index].parameters["binary"] = .string(path)
    }
    #expect(
      ReproductionCommand(result).text == "ringside duel old/ringside new/ringside 'my file.yaml' --set seed=42")
  }

  @Test func whatHasNothingToCompareShowsNoRatio() {
    var comparison = ResultModel.ComparisonResult(
      metric: "latency.p99", baseline: "a", candidate: "b", ratio: 1, ratioCI95: nil, p: 1, pAdjusted: 1, test: "none",
      baselineCount: 10, candidateCount: 0, baselineMedian: 1000, verdict: .inconclusive)
    #expect(ComparisonCells(comparison).figures == ["1.00 µs", "–", "–", "–", "–"])
    (comparison.verdict, comparison.isConfirmed, comparison.batch) = (.worse, false, 1)
    #expect(ComparisonCells(comparison).verdict == "worse (not confirmed)")
    #expect(ComparisonCells(comparison).candidate == "b (confirmation 1)")
  }

  /// "everything" could be seen, and half a byte more was called the same.
  @Test func bytesShowTheirStepAndTrialsThatDoNotAgree() {
    var comparison = ResultModel.ComparisonResult(
      metric: "allocated_bytes_per_message@main", baseline: "a", candidate: "b", ratio: 1, ratioCI95: nil, p: 1,
      pAdjusted: 1, test: "exact", baselineCount: 3, candidateCount: 3, baselineMedian: 16, candidateMedian: 16,
      verdict: .same)
    (comparison.baselineRange, comparison.candidateRange) = (Interval(16, 16.1), Interval(0, 33))
    #expect(
      ComparisonCells(comparison).figures == ["16.0 B", "16.0 B (0 to 33.0)", "1.000", "exact", "0.500 B"])
  }

  @Test func theReportSaysByWhichRulesItJudged() throws {
    var result = try Fixtures.passed()
    var comparison = ResultModel.ComparisonResult(
      metric: "latency.p99", baseline: "a", candidate: "b", ratio: 1.1, ratioCI95: nil, p: 0.5, pAdjusted: 0.5,
      test: "mann-whitney", baselineCount: 3, candidateCount: 3, verdict: .inconclusive)
    (comparison.decides, comparison.reason) = (true, "its trials do not agree")
    func texts() -> [String] {
      [TerminalSummary(result, directory: nil, style: .plain).text]
        + RenderedReport.texts(of: result, as: [.html, .markdown])
    }
    result.comparisons = [comparison]
    result.comparisonRules = ComparisonRules(metric: "latency.p99", maxRegression: 0.02, alpha: 0.001)
    for text in texts() { #expect(text.contains("more than 2 % is a regression") && text.contains("below 0.001")) }
    for text in texts().dropFirst() {
      #expect(text.contains("inconclusive: its trials do not agree"))
      // Nothing used to be said where nothing could be seen, as if any change had been.
      #expect(text.contains("This run could not have seen any change: its trials are too few."))
    }
    var other = comparison
    other.minimalDetectableEffectPercent = 4.1
    result.comparisons = [comparison, other]
    for text in texts().dropFirst() {
      #expect(text.contains("could have seen: 4.10 %. Rows that name none have too few trials to show any."))
    }
    result.comparisons = [comparison]
    (result.comparisons, result.comparisonRules) = ([comparison.reportedOnly], nil)
    for text in texts() {
      #expect(text.contains("Only reported") && !text.contains("What decides") && !text.contains("p99*"))
    }
    result.comparisons = [comparison]
    for text in texts() { #expect(!text.contains("Only reported"), "an older file, which does not say") }
    (result.comparisons, result.comparisonRules) = ([comparison.reportedOnly], ComparisonRules())
    result.variants[0].trials[0].status = .aborted
    for text in texts() {
      #expect(text.contains("Only reported: the run was stopped before its end") && !text.contains("is a regression"))
    }
  }

  @Test func whatDecidesStandsFirst() throws {
    func comparison(_ metric: String, _ verdict: ResultModel.ComparisonResult.Outcome, decides: Bool)
      -> ResultModel.ComparisonResult
    {
      var result = ResultModel.ComparisonResult(
        metric: metric, baseline: "a", candidate: "b", ratio: 1.25, ratioCI95: Interval(1.2, 1.31), p: 0.00001,
        pAdjusted: 0.00002, test: "mann-whitney", baselineCount: 10, candidateCount: 10, baselineMedian: 1000,
        candidateMedian: 1250, minimalDetectableEffectPercent: 4.1, verdict: verdict)
      result.decides = decides
      result.isRegression = decides && verdict == .worse
      return result
    }
    let table = ComparisonTable(
      [comparison("service_time.p50", .same, decides: false), comparison("latency.p99", .worse, decides: true)],
      style: TerminalStyle(usesColor: false, usesUnicode: true))
    #expect(
      table.lines == [
        "candidate  metric            baseline      now          ratio [95 %]  adjusted p  could see  verdict",
        "b          latency.p99*       1.00 µs  1.25 µs  1.250 [1.200, 1.310]     <0.0001     4.10 %  worse (regression)",
        "b          service_time.p50   1.00 µs  1.25 µs  1.250 [1.200, 1.310]     <0.0001     4.10 %  same",
      ])
    #expect(ComparisonTable([], style: .plain).lines.isEmpty)
  }
}
