import ScenarioModel
import Testing

/// The key `slo`: what it makes of a scenario, and what it refuses where.
@Suite struct ObjectiveTests {
  private static let twoPhases = """
    workload: { consumers: { worker: { count: 2 } } }
    load: { warmup: 1s, phases: [ steady: { poisson: 1k/s, for: 10s }, spike: { constant: 1k/s, for: 6s } ] }

    """

  private func objectives(_ text: String) throws -> [Scenario.Objective] {
    try TestFiles(Self.twoPhases + text).load().objectives
  }

  @Test func holdsInEveryPhaseButTheWarmup() throws {
    let objective = try #require(try objectives("slo: [ latency.p99 < 1ms ]").first)
    #expect(objective.phases == ["steady", "spike"])
    #expect(objective.severity == .error)
    #expect(objective.windowNanoseconds == nil)
    #expect(!objective.endsRun)
    #expect(objective.source.line == 3)
    #expect(objective.source.column == 8)
  }

  @Test func aSingleComparisonStandsForAList() throws {
    let objective = try #require(try objectives("slo: throughput > 900/s").first)
    #expect(objective.expression.text == "throughput>900/s")
    #expect(objective.source.column == 6)
  }

  @Test func everyKeyIsUnderstood() throws {
    let text = """
      slo:
        - { expect: "latency.p99 < 20ms", phase: spike, window: 1s, severity: error, abort: true, grace: 500ms }
        - { expect: "throughput >= 0.99 * offered", phase: steady, severity: warn }
      """
    let objectives = try objectives(text)
    #expect(objectives.map(\.phases) == [["spike"], ["steady"]])
    #expect(objectives[0].windowNanoseconds == 1_000_000_000)
    #expect(objectives[0].graceNanoseconds == 500_000_000)
    #expect(objectives[0].endsRun)
    #expect(objectives[1].severity == .warn)
    #expect(objectives[1].source.line == 5)
  }

  @Test func resolvedObjectivesLoadAsThemselvesAndDoNotChangeTheDigest() throws {
    let text =
      "slo: [ sent > 1/s, { expect: \"latency.p99 < 20ms\", phase: spike, window: 1s, abort: true, grace: 1s } ]"
    let scenario = try TestFiles(Self.twoPhases + text).load()
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.resolvedJSON == scenario.resolvedJSON)
    #expect(again.objectives.map(\.expression.text) == ["sent>1/s", "latency.p99<20ms"])
    #expect(again.objectives.map(\.endsRun) == [false, true])
    #expect(again.objectives.map(\.graceNanoseconds) == [0, 1_000_000_000])
    let without = try TestFiles(Self.twoPhases).load()
    #expect(scenario.digestText == without.digestText, "the same load is measured")
    #expect(scenario.resolvedJSON != without.resolvedJSON)
    #expect(scenario.settings.contains { $0.path == "slo.0.expect" && $0.value == "sent>1/s" })
  }

  @Test func aRecoveryNeedsAFaultThatEndsAndAWindow() throws {
    let faults = "faults: [ { kind: pause, who: worker.0, at: steady+2s, for: 1s } ]\n"
    let all = "slo: [ { expect: recovery_time < 2s, phase: steady }, { expect: latency.p99 < 9ms, window: 1s } ]"
    #expect(try objectives(faults + all).count == 2)
    let nothingEnds = TestFiles(Self.twoPhases + all).problems()
    #expect(nothingEnds.map(\.message).contains { $0.contains("no fault ends in the phase `steady`") })
    let nothingTells = TestFiles(Self.twoPhases + faults + "slo: [ { expect: recovery_time < 2s, phase: steady } ]")
      .problems()
    #expect(nothingTells.map(\.message).contains { $0.contains("no objective with a `window`") })
  }

  /// The rest of a scenario, the code, the column in its last line, and a part of the message or suggestion.
  @Test(arguments: [
    ("slo: [ { phase: steady } ]", ScenarioProblem.Code.missingKey, 10, "needs `expect`"),
    ("slo: [ latency.p99 < 5 ]", .missingUnit, 22, "`5` has no unit"),
    ("slo: [ \"latency.p99 < 5\" ]", .missingUnit, 23, "`5` has no unit"),
    ("slo: [ 'throughput < latency.p99' ]", .wrongUnit, 20, "a time cannot be compared with a rate"),
    ("slo: [ { expect: \"latency.p99 < 1msx\" } ]", .wrongUnit, 34, "unknown unit"),
    ("slo: \"latency.p99 < \"", .invalidValue, 21, "missing here"),
    ("slo: [ { expect: sent > 1/s, abort: true } ]", .keyWithoutEffect, 37, "add window"),
    ("slo: [ { expect: sent > 1/s, grace: 1s } ]", .keyWithoutEffect, 37, "add window"),
    ("slo: [ { expect: sent > 1/s, window: 1s, abort: true, severity: warn } ]", .conflict, 49, "more than a warning"),
    ("slo: [ { expect: sent > 1/s, window: 100ms } ]", .conflict, 38, "shorter than an interval"),
    ("slo: [ { expect: sent > 1/s, window: 8s } ]", .conflict, 38, "`spike` takes 6s"),
    ("slo: [ { expect: sent > 1/s, window: 2s, grace: 5s, phase: spike } ]", .conflict, 49, "shorter grace"),
    ("slo: [ { expect: \"verify.lost == 0\", window: 1s } ]", .conflict, 19, "not known for each window"),
    ("slo: [ { expect: 1ms > service_time.p99, window: 1s } ]", .conflict, 24, "a window has latency"),
    ("slo: [ { expect: confirm_time.p99 < 1ms } ]", .conflict, 18, "no producer asks for `confirms`"),
    ("slo: [ { expect: sent > 1/s, phase: warmup } ]", .unknownReference, 37, "there is steady, spike"),
    ("vars: { x: 5 }\nslo: [ \"latency.p99 < ${x} + latncy.p99\" ]", .invalidValue, 30, "did you mean `latency`"),
    ("vars: { x: 5xs }\nslo: [ \"latency.p99 < ${x}\" ]", .wrongUnit, 23, "unknown unit"),
  ])
  func refusesWhatCannotBeMeant(text: String, code: ScenarioProblem.Code, column: Int, words: String) throws {
    let problems = TestFiles(Self.twoPhases + text).problems()
    let problem = try #require(problems.first, "accepted")
    #expect(problems.count == 1, "\(problems)")
    #expect(problem.code == code, "\(problem)")
    #expect(problem.column == column, "\(problem)")
    #expect("\(problem.message) \(problem.suggestion ?? "")".contains(words), "\(problem)")
  }

  @Test func theCaretStandsUnderTheMistake() {
    do throws(ScenarioProblems) {
      _ = try TestFiles(Self.twoPhases + "slo:\n  - { expect: \"throughput >= 0.99 * offred\", phase: steady }").load()
      Issue.record("accepted")
    } catch {
      #expect(
        error.description == """
          s.yaml:4:37: error: there is no metric `offred`
            4 |   - { expect: "throughput >= 0.99 * offred", phase: steady }
              |                                     ^
              = did you mean `offered`?

          """)
    }
  }

  @Test func latencyNeedsIntendedTimes() {
    let load = "load: { phases: [ steady: { constant: 1k/s, for: 2s }, full: { saturate: 1k } ] }\n"
    let all = TestFiles(load + "slo: [ latency.p99 < 1ms ]").problems()
    #expect(all.count == 1)
    #expect(all.first?.message.contains("the phase `full` has none") == true)
    #expect(all.first?.position == .init(file: "s.yaml", line: 2, column: 8))
    #expect(TestFiles(load + "slo: [ { expect: latency.p99 < 1ms, phase: steady } ]").problems().isEmpty)
    #expect(TestFiles(load + "slo: [ { expect: service_time.p99 < 1ms, phase: full, window: 1s } ]").problems().isEmpty)
  }

  /// A text over several lines, or with escapes, cannot be pointed into: the place is where it begins.
  @Test(arguments: ["slo:\n  - >-\n    latency.p99 <\n    5\n", "slo: [ \"latency.p99 \\x3C 5\" ]"])
  func whatIsNotWrittenAsItIsReadIsPointedAtFromItsBeginning(text: String) throws {
    let problem = try #require(TestFiles(Self.twoPhases + text).problems().first)
    #expect(problem.code == .missingUnit)
    #expect(problem.column == 8 || problem.column == 5)
  }
}
