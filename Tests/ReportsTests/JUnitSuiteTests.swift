import ResultModel
import Testing

@testable import Reports

/// Which suite a verdict is a case of.
@Suite struct JUnitSuiteTests {
  /// The names of the cases by the name of their suite.
  private func cases(_ verdicts: [Verdict]) throws -> [String: [String]] {
    var result = try Fixtures.sample.get()
    for (index, slug) in ["v01-64", "v02-1"].enumerated() { result.variants[index].slug = slug }
    result.verdicts = verdicts
    let text = RenderedReport.text(of: result, as: .junit)
    return Dictionary(
      text.matches(of: /<testcase classname="([^"]*)" name="([^"]*)"/).map { (String($0.1), [String($0.2)]) },
      uniquingKeysWith: +)
  }

  /// A comparison used to be in the suite of its baseline, whose name stands in it, too.
  @Test func aComparisonBelongsToItsCandidate() throws {
    let found = try cases([
      Verdict(kind: .comparison, id: "throughput of v02-1 against v01-64", ok: false),
      Verdict(kind: .comparison, id: "latency.p99@main of v01-64 against main", ok: true),
      Verdict(kind: .comparison, id: "baseline main", ok: false, severity: .warn),
    ])
    #expect(
      found == [
        "sample.v02-1": ["comparison throughput of v02-1 against v01-64"],
        "sample.v01-64": ["comparison latency.p99@main of v01-64 against main"],
        "sample": ["comparison baseline main"],
      ])
  }

  @Test func aVerdictBelongsToTheVariantThatItNames() throws {
    let found = try cases([
      Verdict(kind: .slo, id: "latency.p99<500ns@main v02-1", ok: false),
      Verdict(kind: .verify, id: "lost@main of v01-64", ok: true),
      Verdict(kind: .environment, id: "near cores", ok: true),
    ])
    #expect(
      found == [
        "sample.v02-1": ["slo latency.p99&lt;500ns@main v02-1"], "sample.v01-64": ["verify lost@main of v01-64"],
        "sample": ["environment near cores"],
      ])
  }

  /// Readers take cases of one name for one.
  @Test func severalReasonsOfOneTrialAreSeveralCases() throws {
    let reasons = ["too late", "too few"].map {
      Verdict(kind: .load, id: "load delivered trial 1", ok: false, detail: $0)
    }
    #expect(try cases(reasons) == ["sample": ["load delivered trial 1", "load delivered trial 1 (2)"]])
  }

  /// Each used to take as long as the whole run.
  @Test func theTimesOfTheSuitesAddUpToTheRun() throws {
    var result = try Fixtures.sample.get()
    result.durationNanoseconds = 100_000_000_000
    result.verdicts =
      result.variants.map { Verdict(kind: .verify, id: "lost@main \($0.slug)", ok: true) }
      + [Verdict(kind: .environment, id: "near cores", ok: true)]
    let text = RenderedReport.text(of: result, as: .junit)
    let times = text.matches(of: /<testsuite [^>]* time="([^"]*)"/).compactMap { Double(String($0.1)) }
    let measured = result.variants.map {
      $0.trials.flatMap(\.phases).reduce(0) { $0 + Double($1.durationNanoseconds) / 1e9 }
    }
    #expect(times.count == 3 && Array(times.prefix(2)) == measured)
    #expect(abs(times.reduce(0, +) - 100) < 0.01)
  }
}
