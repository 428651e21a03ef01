import ResultModel
import ScenarioModel
import Testing

@testable import LoadEngine

/// What objectives make of a run: verdicts over all trials, status and exit code.
@Suite struct ObjectiveVerdictTests {
  private func run(_ text: String, throughput: @escaping (Int) -> Double) throws -> RunResult {
    let trials = FakeTrials { planned, _ in FakeTrials.trial(planned, throughput: throughput(planned.index)) }
    let orchestrator = RunOrchestrator(
      try ScenarioText.loadVariants("name: t\nload: { constant: 1k/s, for: 1s }\n" + text), executor: trials,
      tool: ScenarioRun.tool, stop: StopFlag())
    return try orchestrator.run { _ in }.recording.result
  }

  private func objective(_ result: RunResult) throws -> Verdict {
    try #require(result.verdicts.first { $0.kind == .slo })
  }

  @Test func theMedianOfTheTrialsDecides() throws {
    let values = [900, 1_010, 1_020, 1_030, 1_040, 1_050, 1_060, 1_070, 1_080, 800].map(Double.init)
    let result = try run("trials: 10\nslo: [ throughput >= 1000/s ]") { values[$0] }
    #expect(result.status == .passed)
    #expect(result.exitCode == .success)
    let verdict = try objective(result)
    #expect(verdict.id == "throughput>=1000/s@main")
    #expect(verdict.ok)
    #expect(verdict.observed == 1_035)
    #expect(verdict.limit == 1_000)
    #expect(verdict.unit == "per_s")
    #expect(verdict.detail?.contains("median of 10 trials, broken in 2 of them") == true)
    let interval = try #require(verdict.ci95)
    #expect(interval.low < 1_035 && interval.high > 1_035)
    #expect(verdict.source == SourceLocation(file: "test.yaml", line: 4, column: 8))
  }

  @Test func aBrokenObjectiveFailsTheRun() throws {
    let result = try run("slo: [ throughput >= 1000/s ]") { _ in 990 }
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.sloFailed])
    #expect(result.failures == ["throughput>=1000/s@main"])
  }

  @Test func aWarningDoesNot() throws {
    let result = try run("slo: [ { expect: throughput >= 1000/s, severity: warn } ]") { _ in 990 }
    #expect(result.status == .passed)
    #expect(result.exitCodes == [.success])
    let verdict = try objective(result)
    #expect(!verdict.ok)
    #expect(verdict.severity == .warn)
  }

  /// Each trial is held against what it was offered itself.
  @Test func aMeasuredLimitIsThatOfEachTrial() throws {
    let orchestrator = RunOrchestrator(
      try ScenarioText.loadVariants(
        "name: t\nload: { constant: 1k/s, for: 1s }\ntrials: 3\nslo: [ throughput >= 0.99 * offered ]"),
      executor: FakeTrials { planned, _ in
        // Twice as much offered and received each time: between trials everything differs, within one nothing.
        let offered = [1_000.0, 2_000, 4_000][planned.index]
        var trial = FakeTrials.trial(planned, throughput: offered * (planned.index == 1 ? 0.9 : 0.995))
        trial.phases[0].rates.offeredPerSecond = offered
        return trial
      }, tool: ScenarioRun.tool, stop: StopFlag())
    let result = try orchestrator.run { _ in }.recording.result
    let verdict = try objective(result)
    #expect(verdict.ok, "\(verdict)")
    let (observed, limit) = (try #require(verdict.observed), try #require(verdict.limit))
    #expect(observed >= limit, "what is shown is what decides")
    #expect(verdict.detail?.contains("broken in 1 of them") == true)
  }

  /// 5 > 6 > 3: what was lost or not delivered comes first.
  @Test func otherFailuresComeFirst() throws {
    let text = "name: t\nload: { constant: 1k/s, for: 1s }\nslo: [ throughput > 1000/s ]"
    for (lost, reasons, codes) in [
      (1, [], [ExitCode.verificationFailed, .sloFailed]), (0, ["lag"], [.invalidRun, .sloFailed]),
    ] {
      let executor = FakeTrials { planned, _ in
        var trial = FakeTrials.trial(planned, throughput: 1, lost: lost)
        trial.invalidReasons = reasons
        if !reasons.isEmpty { trial.status = .invalid }
        return trial
      }
      let orchestrator = RunOrchestrator(
        try ScenarioText.loadVariants(text), executor: executor, tool: ScenarioRun.tool, stop: StopFlag())
      #expect(try orchestrator.run { _ in }.recording.result.exitCodes == codes)
    }
  }

  private func latency(_ count: Int, _ percentiles: [String: Int64], supported: [String]) -> LatencySummary {
    LatencySummary(
      count: count, min: 1_000, mean: 2_000, standardDeviation: 1, max: 90_000_000, percentiles: percentiles,
      percentileCI95: ["99": Interval(850_000, 950_000)], supported: supported)
  }

  private func judged(_ slo: String, _ latency: LatencySummary, isStrict: Bool = false) throws -> RunResult {
    let executor = FakeTrials { planned, _ in
      var trial = FakeTrials.trial(planned, throughput: 1)
      trial.phases[0].latency = latency
      return trial
    }
    return try RunOrchestrator(
      try ScenarioText.loadVariants("name: t\nload: { constant: 1k/s, for: 1s }\nslo: [ \(slo) ]"), executor: executor,
      tool: ScenarioRun.tool, stop: StopFlag(), isStrict: isStrict
    ).run { _ in }.recording.result
  }

  @Test func aSingleTrialHasTheIntervalOfItsPercentile() throws {
    let times = latency(5_000, ["99": 900_000], supported: ["99"])
    let verdict = try objective(judged("latency.p99 < 920us", times))
    #expect(verdict.ok)
    #expect(verdict.ci95 == Interval(850_000, 950_000))
    #expect(verdict.detail == "the 95 % interval reaches across the limit")
  }

  @Test func tooFewValuesAreInconclusiveAndNeverPass() throws {
    let times = latency(500, ["95": 400_000, "99": 900_000], supported: ["50", "95"])
    let result = try judged("latency.p99 < 1ms", times)
    let verdict = try objective(result)
    #expect(!verdict.ok)
    #expect(verdict.isInconclusive == true)
    #expect(verdict.severity == .warn)
    #expect(verdict.observed == 900_000)
    #expect(verdict.detail == "inconclusive: latency.p99 needs 1,000 values, and a trial has 500")
    #expect(result.status == .inconclusive)
    #expect(result.exitCodes == [.success])
    #expect(try judged("latency.p99 < 1ms", times, isStrict: true).exitCodes == [.inconclusive])
    // What is certain of it breaks the second, but not the first.
    #expect(try objective(judged("latency.p99 < 500us", times)).isInconclusive == true)
    let broken = try judged("latency.p99 < 300us", times)
    #expect(broken.exitCodes == [.sloFailed])
    #expect(try objective(broken).isInconclusive == nil)
  }

  @Test func aFigureThatIsMissingIsInconclusive() throws {
    let times = latency(5_000, ["99": 900_000], supported: ["99"])
    let verdict = try objective(judged("hiccup.p99 < 1ms", times))
    #expect(verdict.detail == "inconclusive: no hiccup.p99 was measured")
  }

  // MARK: - Windows

  @Test func oneBrokenWindowInOneTrialIsABreach() throws {
    let text = "trials: 2\nslo: [ { expect: throughput > 900/s, window: 500ms } ]"
    let executor = FakeTrials { planned, _ in
      var trial = FakeTrials.trial(planned, throughput: 1_000)
      var windows = ObjectiveWindows(index: 0, expression: "throughput>900/s")
      windows.windowCount = 40
      windows.brokenCount = planned.index * 3
      windows.breachCount = planned.index * 2
      windows.worstObserved = planned.index == 1 ? 100 : 950
      windows.worstLimit = 900
      windows.worstStartNanoseconds = 1_500_000_000
      trial.phases[0].objectives = [windows]
      return trial
    }
    let result = try RunOrchestrator(
      try ScenarioText.loadVariants("name: t\nload: { constant: 1k/s, for: 1s }\n" + text), executor: executor,
      tool: ScenarioRun.tool, stop: StopFlag()
    ).run { _ in }.recording.result
    let verdict = try objective(result)
    #expect(verdict.id == "throughput>900/s@main per 500 ms")
    #expect(verdict.observed == 100)
    #expect(
      verdict.detail == "3 of 80 windows are broken, in 2 breaches; the worst begins 1.50 s after the start of trial 1")
    #expect(result.exitCodes == [.sloFailed])
  }

  /// The trials behind one that was ended are not run, and their phases are no findings.
  @Test func anObjectiveThatEndsTheRunLeavesTheRestUndone() throws {
    let text = """
      trials: { count: 5, process: shared }
      slo: [ { expect: throughput > 900/s, window: 500ms, abort: true }, sent > 0 ]
      """
    let executor = FakeTrials { planned, _ in
      var trial = FakeTrials.trial(planned, throughput: 1_000)
      guard planned.order == 1 else { return trial }
      trial.status = .aborted
      var windows = ObjectiveWindows(index: 0, expression: "throughput>900/s")
      (windows.windowCount, windows.brokenCount, windows.breachCount) = (2, 1, 1)
      (windows.worstObserved, windows.worstLimit) = (10, 900)
      trial.phases[0].objectives = [windows]
      return trial
    }
    let result = try RunOrchestrator(
      try ScenarioText.loadVariants("name: t\nload: { constant: 1k/s, for: 1s }\n" + text), executor: executor,
      tool: ScenarioRun.tool, stop: StopFlag()
    ).run { _ in }.recording.result
    #expect(executor.executed.count == 2)
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.sloFailed])
    #expect(result.wasStopped)
    #expect(result.failures == ["throughput>900/s@main per 500 ms"])
    #expect(try objective(result).detail?.hasSuffix("the run was ended early") == true)
  }
}
