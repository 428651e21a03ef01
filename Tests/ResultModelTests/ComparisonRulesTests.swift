import Foundation
import ResultModel
import Testing

/// Which rules two runs are compared by, and how they are told.
@Suite struct ComparisonRulesTests {
  private static let strict = ComparisonRules(
    metric: "throughput", maxRegression: 0.01, alpha: 0.05, confirmationCount: 2)

  /// `ringside compare` used to judge by its own defaults whatever the scenario had declared.
  @Test func whatBothRunsDeclaredDecides() {
    let chosen = ComparisonRules.chosen(baseline: Self.strict, candidate: Self.strict)
    #expect(chosen.rules == ComparisonRules(metric: "throughput", maxRegression: 0.01, alpha: 0.05))
    #expect(chosen.notes.isEmpty)
    var once = Self.strict
    once.confirmationCount = 1
    #expect(
      ComparisonRules.chosen(baseline: Self.strict, candidate: once).notes.isEmpty, "two runs cannot confirm anything")
  }

  @Test func withoutDeclaredRulesTheDefaultsDecide() {
    let chosen = ComparisonRules.chosen(baseline: nil, candidate: nil)
    #expect(chosen.rules == ComparisonRules() && chosen.notes.isEmpty)
    let asked = ComparisonRules.chosen(baseline: nil, candidate: nil, maxRegression: 0.1)
    #expect(asked.rules == ComparisonRules(maxRegression: 0.1))
    #expect(asked.notes.isEmpty, "nothing is overridden")
  }

  @Test func theCandidatesRulesDecideWhereTheTwoDifferAndThatIsSaid() {
    let other = ComparisonRules(metric: "throughput", maxRegression: 0.1, alpha: 0.05)
    let chosen = ComparisonRules.chosen(baseline: Self.strict, candidate: other)
    #expect(chosen.rules == other)
    #expect(chosen.notes.count == 1)
    #expect(
      chosen.notes.first?.contains("baseline throughput, at most 1 % worse, alpha 0.05") == true, "\(chosen.notes)")
    for (one, two, name) in [(Self.strict, nil, "baseline"), (nil, Self.strict, "candidate")]
      as [(ComparisonRules?, ComparisonRules?, String)]
    {
      let chosen = ComparisonRules.chosen(baseline: one, candidate: two)
      #expect(chosen.rules.metric == "throughput")
      #expect(chosen.notes == ["only the \(name)'s scenario declares rules: judged by them"])
    }
  }

  @Test func whatIsAskedForNowOverridesKeyByKeyAndThatIsSaid() {
    let chosen = ComparisonRules.chosen(baseline: Self.strict, candidate: Self.strict, maxRegression: 0.07)
    #expect(chosen.rules == ComparisonRules(metric: "throughput", maxRegression: 0.07, alpha: 0.05))
    #expect(
      chosen.notes == [
        "judged by throughput, at most 7 % worse, alpha 0.05, where the scenario declares throughput, at most 1 % worse, "
          + "alpha 0.05"
      ])
    let same = ComparisonRules.chosen(baseline: Self.strict, candidate: Self.strict, metric: "throughput", alpha: 0.05)
    #expect(same.notes.isEmpty)
  }

  @Test func theSentenceSaysAllThatDecides() {
    let sentence = Self.strict.sentence
    for part in ["throughput decides", "more than 1 %", "below 0.05", "2 further batches"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(ComparisonRules(maxRegression: 0.025).sentence.contains("2.50 %"))
    #expect(!ComparisonRules().sentence.contains("further"))
  }

  @Test func theRulesAreKeptWithTheResult() throws {
    var result = SampleResult.full()
    #expect(result.comparisonRules == nil)
    result.comparisonRules = Self.strict
    let data = try result.jsonData()
    #expect(try RunResult.load(data: data).comparisonRules == Self.strict)
    let tree = try JSONSerialization.jsonObject(with: Data(data)) as? [String: Any]
    let rules = try #require(tree?["compare"] as? NSDictionary)
    #expect(rules == ["metric": "throughput", "max_regression": 0.01, "alpha": 0.05, "confirm": 2])
  }

  /// The verdict of a comparison used to have no limit, so that no report said what was allowed.
  @Test func verdictsSayWhatWasAllowed() throws {
    var result = SampleResult.full()
    (result.verdicts, result.comparisonRules) = ([], Self.strict)
    let comparisons = ["throughput", "latency.p99@main", "allocated_bytes_per_message"].map { metric in
      var comparison = ComparisonResult(
        metric: metric, baseline: "a", candidate: "b", ratio: 1, ratioCI95: nil, p: 1, pAdjusted: 1, test: "exact",
        baselineCount: 3, candidateCount: 3, verdict: .inconclusive)
      (comparison.decides, comparison.reason) = (true, "they do not agree")
      return comparison
    }
    result.judge(comparisons: comparisons, isStrict: false)
    #expect(result.verdicts.map(\.limit) == [0.99, 1.01, nil])
    #expect(result.verdicts[0].detail?.contains("where 1 % is allowed at alpha 0.05") == true)
    #expect(result.verdicts[2].detail?.hasSuffix("; they do not agree") == true)
    var few = comparisons[0]
    (few.test, few.reason) = ("mann-whitney", nil)
    result.judge(comparisons: [few], isStrict: false)
    #expect(result.verdicts[3].detail?.hasSuffix(", and its trials are too few to show any change") == true)
  }

  /// A candidate that had lost messages used to be called the same.
  @Test func aRunThatBrokeAPromiseSaysNothing() {
    var result = SampleResult.full()
    (result.status, result.exitCodes) = (.passed, [.success])
    #expect(Comparability.unsoundness(result).isEmpty, "a build with changes measures, too")
    (result.status, result.exitCodes) = (.failed, [.verificationFailed, .regression])
    #expect(Comparability.unsoundness(result) == ["its verification failed"])
    (result.status, result.exitCodes) = (.invalid, [.invalidRun])
    #expect(Comparability.unsoundness(result) == ["its load was not delivered"])
    (result.status, result.exitCodes) = (.failed, [.regression])
    #expect(Comparability.unsoundness(result).isEmpty)
  }
}
