import DriverInterface
import Platform
import ResultModel
import ScenarioModel
import Testing

@testable import LoadEngine

/// Which trials are run, in which order, and what becomes of them together.
@Suite struct OrchestrationTests {
  private func run(
    _ text: String, stop: StopFlag = StopFlag(), isStrict: Bool = false,
    kept: @escaping (TrialOutcome) -> Void = { _ in },
    _ outcome: @escaping (PlannedTrial, ScenarioVariant) throws -> TrialResult
  ) throws -> (result: RunResult, executed: [String]) {
    let trials = FakeTrials(outcome)
    let orchestrator = RunOrchestrator(
      try ScenarioText.loadVariants("name: t\n" + text), executor: trials, tool: ScenarioRun.tool, stop: stop,
      isStrict: isStrict, keep: { outcome, _ in kept(outcome) })
    return (try orchestrator.run { _ in }.recording.result, trials.executed)
  }

  private func plan(_ order: String, variants: Int = 3, count: Int = 4) throws -> TrialPlan {
    let trials = try ScenarioText.load("trials: { count: \(count), order: \(order) }").trials
    return TrialPlan(variantCount: variants, trials: trials, seed: 42)
  }

  @Test(arguments: ["randomised", "paired", "sequential"])
  func everyOrderRunsEveryTrialOnce(order: String) throws {
    let trials = try plan(order).trials
    #expect(trials.map(\.order) == Array(0..<12))
    #expect(Set(trials.map { $0.variantIndex * 10 + $0.index }).count == 12)
    #expect(trials.allSatisfy { $0.seed == 42 + UInt64($0.index) })
  }

  @Test func randomisedRoundsHaveEachVariantOnceAndFollowTheSeed() throws {
    let trials = try plan("randomised", variants: 20, count: 10).trials
    for round in 0..<10 {
      let part = trials[round * 20..<(round + 1) * 20]
      #expect(part.allSatisfy { $0.index == round })
      #expect(Set(part.map(\.variantIndex)).count == 20)
    }
    #expect(trials.prefix(20).map(\.variantIndex) != trials.dropFirst(20).prefix(20).map(\.variantIndex))
    #expect(try plan("randomised", variants: 20, count: 10).trials == trials)
  }

  @Test func pairedRoundsGoForthAndBackAsOftenInAnOrderByLot() throws {
    let orders = try (0..<40 as Range<UInt64>).map { seed in
      let trials = try ScenarioText.load("trials: { count: 4, order: paired }").trials
      let plan = TrialPlan(variantCount: 2, trials: trials, seed: seed)
      #expect(plan == TrialPlan(variantCount: 2, trials: trials, seed: seed), "the seed decides")
      #expect(plan.trials.map(\.index) == [0, 0, 1, 1, 2, 2, 3, 3], "those of a pair are beside each other")
      let rounds = (0..<4).map { plan.trials[2 * $0..<2 * $0 + 2].map(\.variantIndex) }
      #expect(rounds.count { $0 == [0, 1] } == 2 && rounds.count { $0 == [1, 0] } == 2)
      return rounds
    }
    #expect(Set(orders).count == 6, "every way to have two of each")
  }

  @Test func sequentialVariantsFollowOneAnother() throws {
    #expect(try plan("sequential", variants: 2).trials.map(\.variantIndex) == [0, 0, 0, 0, 1, 1, 1, 1])
  }

  /// The first trial in a process is slower than all others, which stood against its own variant.
  @Test(arguments: ["randomised", "paired", "sequential"])
  func theFirstTrialOfASharedProcessIsRunAgainAndDoesNotCount(order: String) throws {
    let run = try run(
      "matrix: { batch: [1, 16] }\nbaseline: { batch: 1 }\ntrials: { count: 3, order: \(order), process: shared }"
    ) { trial, _ in
      var result = FakeTrials.trial(trial, throughput: trial.order == 0 ? 1 : 100)
      guard trial.order == 0 else { return result }
      result.status = .invalid
      result.invalidReasons = ["send_delay p99"]
      return result
    }
    #expect(run.executed.count == 7)
    let first = try #require(run.result.variants.flatMap(\.trials).first { $0.order == 0 })
    #expect(first.isRehearsal && first.status == .disturbed && first.index == 3)
    #expect(first.events.last?.detail.contains("send_delay p99") == true, "what was wrong is told")
    #expect(run.result.variants.map { $0.summary["throughput"]?.values } == [[100, 100, 100], [100, 100, 100]])
    #expect(run.result.exitCode == .success)
    #expect(run.result.notes.isEmpty)
  }

  @Test func whatARehearsalLosesCountsAllTheSame() throws {
    let run = try run("trials: { count: 2, process: shared }") { trial, _ in
      FakeTrials.trial(trial, throughput: 100, lost: trial.order == 0 ? 1 : 0)
    }
    #expect(run.result.exitCode == .verificationFailed)
  }

  @Test(arguments: ["trials: { count: 1, process: shared }", "trials: { count: 2, process: fresh }"])
  func whereNothingIsSharedNothingIsRehearsed(text: String) throws {
    let run = try run(text) { trial, _ in FakeTrials.trial(trial, throughput: 100) }
    #expect(run.result.variants.flatMap(\.trials).allSatisfy { !$0.isRehearsal })
  }

  @Test func aTrialThatGoesWrongIsReportedAndTheOthersGoOn() throws {
    let run = try run("matrix: { batch: [1, 16] }\ntrials: { count: 3, order: sequential }") { trial, _ in
      var result = FakeTrials.trial(trial, throughput: 100)
      if trial.order == 1 {
        result.status = .crashed
        result.invalidReasons = ["the trial's process ended by signal 11"]
      }
      if trial.order == 4 { throw DriverError(.refused, "no room") }
      return result
    }
    #expect(run.executed.count == 6)
    #expect(run.result.variants.map { $0.trials.map(\.status) } == [[.ok, .crashed, .ok], [.ok, .invalid, .ok]])
    #expect(run.result.exitCode == .invalidRun)
    #expect(run.result.failures == ["trial completed v01-1 trial 1", "trial completed v02-16 trial 1"])
    #expect(run.result.verdicts.filter { !$0.ok }.allSatisfy { $0.kind == .trial }, "nothing is said about the load")
    #expect(run.result.variants[0].summary["throughput"]?.n == 2, "a crashed trial does not count")
  }

  @Test func failedVerificationOfOneTrialOutranksACrashOfAnother() throws {
    let run = try run("trials: 2") { trial, _ in
      var result = FakeTrials.trial(trial, throughput: 100, lost: trial.index == 0 ? 3 : 0)
      if trial.index == 1 {
        result.status = .crashed
        result.invalidReasons = ["gone"]
      }
      return result
    }
    #expect(run.result.exitCodes == [.verificationFailed, .invalidRun])
    #expect(run.result.status == .failed)
  }

  @Test func aRunWhoseFirstTrialIsRefusedCannotBeRun() throws {
    #expect(throws: DriverError.self) {
      try run("trials: 3") { _, _ in throw DriverError(.unavailable, "nobody there") }
    }
  }

  @Test func aStopKeepsWhatWasMeasuredAndRunsNothingMore() throws {
    let stop = StopFlag()
    let run = try run("matrix: { batch: [1, 16] }\ntrials: 5", stop: stop) { trial, _ in
      var result = FakeTrials.trial(trial, throughput: 100)
      if trial.order == 3 {
        stop.request(.interrupted)
        result.status = .aborted
      }
      return result
    }
    #expect(run.executed.count == 4)
    #expect(run.result.status == .aborted)
    #expect(run.result.exitCode == .interrupted)
    #expect(run.result.variants.flatMap(\.trials).count == 4)
  }

  @Test func aStopBetweenTwoTrialsIsAnAbortedRunToo() throws {
    let stop = StopFlag()
    let run = try run("trials: 5", stop: stop) { trial, _ in
      if trial.order == 1 { stop.request(.terminated) }
      return FakeTrials.trial(trial, throughput: 100)
    }
    #expect(run.executed.count == 2)
    #expect(run.result.exitCode == .terminated)
  }

  /// The rule looks at each variant by itself, and never before the fewest trials.
  @Test func aVariantThatIsMeasuredWellEnoughHasNoMoreTrials() throws {
    let text = """
      matrix: { batch: [1, 16] }
      trials: { count: 20, stop_early: { metric: throughput, ci_width: 5%, min: 8 } }
      """
    let run = try run(text) { trial, _ in
      let isNoisy = trial.variantIndex == 1
      return FakeTrials.trial(trial, throughput: isNoisy && trial.index % 2 == 0 ? 50 : 100)
    }
    #expect(run.result.variants.map(\.trials.count) == [8, 20])
    #expect(run.result.notes.contains { $0.contains("did not become as narrow as 5") && $0.contains("1 of 2") })
  }

  /// A figure that was 0 in every trial, such as allocated bytes, used to need all of them.
  @Test(arguments: [0.0, 100])
  func aFigureThatNeverChangesIsMeasuredWellEnough(throughput: Double) throws {
    let text = "trials: { count: 20, stop_early: { metric: throughput, ci_width: 5%, min: 8 } }"
    let run = try run(text) { trial, _ in FakeTrials.trial(trial, throughput: throughput) }
    #expect(run.result.variants.map(\.trials.count) == [8])
  }

  @Test func disturbedTrialsAreRepeatedAtTheEndKeptAndDoNotCount() throws {
    let text = "trials: { count: 3, disturbed: { steal: 100%, reruns: 2 } }"
    let run = try run(text) { trial, _ in
      var result = FakeTrials.trial(trial, throughput: 100)
      // The first is disturbed, and its first repeat too.
      if trial.order == 0 || trial.order == 3 { result.status = .disturbed }
      return result
    }
    let trials = run.result.variants[0].trials
    #expect(trials.map(\.index) == [0, 1, 2, 3, 4])
    #expect(trials.map(\.repeats) == [nil, nil, nil, 0, 0])
    #expect(trials.map(\.seed) == [1, 2, 3, 1, 1], "a repeat has the seed of what it repeats")
    #expect(trials.map(\.status) == [.disturbed, .ok, .ok, .disturbed, .ok])
    #expect(run.result.variants[0].summary["throughput"]?.n == 3)
    #expect(run.result.exitCode == .success)
    #expect(run.result.notes.contains { $0.hasPrefix("2 of 5 trials were disturbed") })
  }

  /// Their figures used to be summed up when no other trial was left, and the run passed with fewer trials than asked for. Only a
  /// strict run fails for it.
  @Test(arguments: [0, 2], [false, true])
  func tooFewUndisturbedTrialsDecideNothing(soundCount: Int, isStrict: Bool) throws {
    let text = "trials: { count: 3, disturbed: { steal: 100%, reruns: 0 } }"
    let run = try run(text, isStrict: isStrict) { trial, _ in
      var result = FakeTrials.trial(trial, throughput: 100)
      if trial.order >= soundCount { result.status = .disturbed }
      return result
    }
    #expect(run.result.variants[0].countedTrials.count == soundCount)
    #expect(run.result.variants[0].summary["throughput"]?.n == (soundCount > 0 ? soundCount : nil))
    #expect(run.result.status == .inconclusive)
    #expect(run.result.exitCodes == [isStrict ? .inconclusive : .success])
    let verdict = try #require(run.result.verdicts.first { !$0.ok })
    #expect(verdict.severity == (isStrict ? .error : .warn))
    #expect(verdict.detail?.contains("only \(soundCount) of 3 count") == true)
    #expect(verdict.detail?.contains("less else runs") == true)
  }

  /// A run with more threads than cores used to be told to look for a quieter machine.
  @Test func pressureOfTheRunsOwnThreadsIsNamed() throws {
    let text = "trials: { count: 3, disturbed: { pressure: 1%, reruns: 0 } }"
    for (threadCount, cause) in [
      (CPUTopology.coreCount, "less else runs"), (CPUTopology.coreCount + 1, "pressure by itself"),
    ] {
      let variant = VariantResult(
        id: "default", slug: "default", threads: threadCount,
        trials: [TrialResult(index: 0, order: 0, seed: 1, status: .disturbed, phases: [])])
      let judge = RunJudge(
        limits: [try ScenarioText.load("seed: 1").verification], trials: try ScenarioText.load(text).trials,
        stop: .none,
        isStrict: false)
      let detail = judge.judge([variant]).verdicts.first { !$0.ok }?.detail
      #expect(detail?.contains(cause) == true)
    }
  }

  @Test(arguments: [(false, true), (false, false), (true, true), (true, false)])
  func aNoisyMachineFailsOnlyAStrictRun(isStrict: Bool, isQuiet: Bool) throws {
    let host = Verdict(kind: .environment, id: "quiet enough", ok: isQuiet)
    let judge = RunJudge(limits: [], trials: try ScenarioText.load("seed: 1").trials, stop: .none, isStrict: isStrict)
    let judgement = judge.judge([], host: host)
    #expect(judgement.exitCodes == (isStrict && !isQuiet ? [.inconclusive] : []))
    #expect(judgement.status == (isStrict && !isQuiet ? .inconclusive : .passed))
    #expect(judgement.verdicts.map(\.severity) == [isStrict ? .error : .warn])
  }

  @Test func everyTrialIsKeptAsSoonAsItIsOver() throws {
    var kept: [Int] = []
    _ = try run("trials: 3", kept: { kept.append($0.result.index) }) { trial, _ in
      #expect(kept.count == trial.index)
      return FakeTrials.trial(trial, throughput: 100)
    }
    #expect(kept == [0, 1, 2])
  }
}
