import ResultModel
import ScenarioModel
import Testing

@testable import LoadEngine

/// What is measured again: pairs that were disturbed, and regressions before anybody is accused of one.
@Suite struct ConfirmationTests {
  private static let matrix = """
    name: t
    matrix: { batch: [1, 2, 4] }
    baseline: { batch: 1 }

    """

  private func run(
    _ text: String, isStrict: Bool = false, reportsImprovement: Bool = false, earlier: EarlierRun? = nil,
    stop: StopFlag = StopFlag(), _ outcome: @escaping (PlannedTrial) -> TrialResult
  ) throws -> (result: RunResult, executed: [String]) {
    let trials = FakeTrials { trial, _ in outcome(trial) }
    let orchestrator = RunOrchestrator(
      try ScenarioText.loadVariants(text), executor: trials, tool: ScenarioRun.tool, stop: stop, isStrict: isStrict,
      reportsImprovement: reportsImprovement, earlier: earlier)
    return (try orchestrator.run { _ in }.recording.result, trials.executed)
  }

  /// A throughput with a little noise of its own for each trial.
  private static func trial(_ planned: PlannedTrial, _ throughput: Double) -> TrialResult {
    let noise = 1 + 0.001 * Double((planned.index * 7 + planned.variantIndex * 3) % 5)
    return FakeTrials.trial(planned, throughput: throughput * noise)
  }

  private func deciding(_ result: RunResult) -> [ComparisonResult] { result.comparisons.filter { $0.decides == true } }

  // MARK: - Confirming

  @Test func aRegressionThatIsFoundAgainFailsTheRun() throws {
    let run = try run(Self.matrix + "compare: { confirm: 2 }") { Self.trial($0, $0.variantIndex == 1 ? 80 : 100) }
    #expect(run.executed.count == 30 + 2 * 20, "the accused and the baseline, not the third")
    #expect(run.result.comparisonRules == ComparisonRules(maxRegression: 0.05, alpha: 0.01, confirmationCount: 2))
    #expect(run.result.exitCode == .regression)
    let comparisons = run.result.comparisons.filter { $0.metric == "throughput" }
    #expect(comparisons.map(\.batch) == [nil, nil, 1, 2])
    #expect(comparisons.map(\.isConfirmed) == [true, nil, nil, nil])
    #expect(comparisons.map(\.isRegression) == [true, false, false, false])
    #expect(comparisons.map(\.verdict) == [.worse, .same, .worse, .worse])
    #expect(run.result.variants.map { $0.summary["throughput"]?.n } == [10, 10, 10], "batches are not pooled")
    #expect(run.result.variants.map(\.trials.count) == [30, 30, 10])
    #expect(
      run.result.variants[1].trials.map(\.batch) == Array(repeating: nil, count: 10) + Array(repeating: 1, count: 10)
        + Array(repeating: 2, count: 10))
    let seeds = run.result.variants[1].trials.map(\.seed)
    #expect(Set(seeds).count == 30, "independent")
    #expect(Set(run.result.variants[1].trials.map(\.index)).count == 30)
  }

  @Test(arguments: [false, true])
  func aRegressionThatIsNotFoundAgainDecidesNothing(isStrict: Bool) throws {
    let run = try run(Self.matrix + "compare: {}", isStrict: isStrict) {
      Self.trial($0, $0.variantIndex == 1 && $0.batch == nil ? 80 : 100)
    }
    #expect(run.executed.count == 30 + 20)
    #expect(run.result.exitCodes == [isStrict ? .inconclusive : .success])
    #expect(run.result.status == .inconclusive)
    let accusation = try #require(deciding(run.result).first)
    #expect(accusation.isConfirmed == false && accusation.isRegression == false && accusation.verdict == .worse)
    #expect(run.result.failures == ["throughput of v02-2 against v01-1"])
  }

  /// Allocated bytes used to be believed at once, and a buffer that had grown in one process ended the run with exit 2.
  @Test(arguments: [false, true])
  func allocatedBytesAreAccusedOnlyWhenTheyAreFoundAgain(isReal: Bool) throws {
    let run = try run(Self.matrix + "compare: {}") { planned in
      var trial = Self.trial(planned, 100)
      var resources = ResourceUsageSummary()
      resources.allocatedBytesPerMessage = planned.variantIndex == 1 && (isReal || planned.batch == nil) ? 16 : 0
      trial.phases[0].resources = resources
      return trial
    }
    #expect(run.executed.count == 30 + 20)
    let accusation = try #require(
      run.result.comparisons.first { $0.metric == "allocated_bytes_per_message" && $0.candidate == "v02-2" })
    #expect(accusation.test == "exact" && accusation.verdict == .worse)
    #expect(accusation.isConfirmed == isReal && accusation.isRegression == isReal)
    #expect(run.result.exitCode == (isReal ? .regression : .success))
  }

  @Test func withoutConfirmationTheFirstBatchDecides() throws {
    let run = try run(Self.matrix + "compare: { confirm: 0 }") { Self.trial($0, $0.variantIndex == 1 ? 80 : 100) }
    #expect(run.executed.count == 30)
    #expect(run.result.exitCode == .regression)
    #expect(deciding(run.result).allSatisfy { $0.isConfirmed == nil })
  }

  @Test func aStopDuringTheConfirmationAccusesNobody() throws {
    let stop = StopFlag()
    let run = try run(Self.matrix + "compare: {}", stop: stop) { trial in
      if trial.batch == 1 { stop.request(.interrupted) }
      return Self.trial(trial, trial.variantIndex == 1 ? 80 : 100)
    }
    #expect(run.executed.count == 31)
    #expect(run.result.exitCode == .interrupted && run.result.status == .aborted)
    #expect(!run.result.exitCodes.contains(.regression))
    // Tables used to call it a regression that a second batch had not confirmed.
    #expect(deciding(run.result).isEmpty && run.result.comparisons.contains { $0.verdict == .worse })
    #expect(run.result.comparisons.allSatisfy { $0.isRegression != true && $0.isConfirmed == nil && $0.batch == nil })
  }

  /// Exit 130 says that the run was stopped, and its tables said that it was worse than is allowed.
  @Test func aRunThatWasStoppedDecidesNothing() throws {
    let stop = StopFlag()
    let run = try run(Self.matrix + "compare: { confirm: 0 }", stop: stop) { trial in
      if trial.order == 28 { stop.request(.interrupted) }
      return Self.trial(trial, trial.variantIndex == 1 ? 80 : 100)
    }
    #expect(run.result.exitCodes == [.interrupted])
    #expect(run.result.comparisons.contains { $0.metric == "throughput" && $0.verdict == .worse })
    #expect(deciding(run.result).isEmpty && run.result.comparisons.allSatisfy { $0.isRegression == false })
  }

  // MARK: - Earlier runs

  private func earlier(_ throughput: Double, _ text: String = Self.matrix) throws -> RunResult {
    try run(text) { Self.trial($0, throughput) }.result
  }

  @Test func aNamedBaselineIsComparedWithEveryVariant() throws {
    let text = Self.matrix + "compare: { against: main }"
    let old = try earlier(100)
    let slower = try run(text, earlier: EarlierRun(name: "main", result: old)) { Self.trial($0, 80) }
    #expect(slower.result.exitCode == .regression)
    #expect(slower.executed.count == 60, "all three are measured again")
    let against = slower.result.comparisons.filter { $0.baseline == "main" && $0.batch == nil && $0.decides == true }
    #expect(against.map(\.candidate) == ["v01-1", "v02-2", "v03-4"])
    #expect(against.allSatisfy { $0.isConfirmed == true })
    let same = try run(text, earlier: EarlierRun(name: "main", result: old)) { Self.trial($0, 100) }
    #expect(same.result.exitCode == .success && same.result.status == .passed)
    let faster = try run(text, reportsImprovement: true, earlier: EarlierRun(name: "main", result: old)) {
      Self.trial($0, 120)
    }
    #expect(faster.result.exitCode == .improvement)
  }

  @Test func aMissingBaselineIsAWarning() throws {
    let run = try run(Self.matrix + "compare: { against: main }", earlier: EarlierRun(name: "main", result: nil)) {
      Self.trial($0, 100)
    }
    #expect(run.result.exitCode == .success && run.result.status == .passed)
    let verdict = try #require(run.result.verdicts.first { !$0.ok })
    #expect(verdict.severity == .warn && verdict.detail?.contains("baseline save main") == true)
  }

  @Test func aBaselineOfAnotherScenarioCannotBeCompared() throws {
    let old = try earlier(100, Self.matrix.replacing("4]", with: "8]"))
    let run = try run(Self.matrix + "compare: { against: main }", earlier: EarlierRun(name: "main", result: old)) {
      Self.trial($0, 80)
    }
    #expect(run.result.exitCodes == [.baselineUnusable])
    #expect(run.result.verdicts.contains { !$0.ok && $0.detail?.contains("scenario: `") == true })
    #expect(!run.result.comparisons.contains { $0.baseline == "main" })
  }

  /// It was said beside the figures, which decided all the same; `compare` refused it.
  @Test func aBaselineThatLostMessagesCannotBeCompared() throws {
    var old = try earlier(100)
    (old.status, old.exitCodes) = (.failed, [.verificationFailed])
    let run = try run(Self.matrix + "compare: { against: main }", earlier: EarlierRun(name: "main", result: old)) {
      Self.trial($0, 80)
    }
    #expect(run.result.exitCodes == [.baselineUnusable] && run.executed.count == 30)
    #expect(run.result.verdicts.contains { !$0.ok && $0.detail?.hasSuffix("its verification failed") == true })
    #expect(!run.result.comparisons.contains { $0.baseline == "main" })
    #expect(!run.result.notes.contains { $0.contains("verification failed") }, "once is enough")
  }

  // MARK: - Pairs

  /// One side used to be repeated alone at the end of the run, which made all trials independent ones.
  @Test func disturbedPairsAreRepeatedInPairs() throws {
    let text = """
      name: t
      matrix: { batch: [1, 2] }
      baseline: { batch: 1 }
      trials: { count: 10, order: paired, disturbed: { steal: 100%, reruns: 2 } }
      """
    let run = try run(text) { trial in
      var result = Self.trial(trial, trial.variantIndex == 1 ? 80 : 100)
      // The candidate of the fourth pair, and of its first repeat; both sides of the sixth.
      let isDisturbed = trial.variantIndex == 1 && [3, 10].contains(trial.index) || trial.index == 5
      if isDisturbed { result.status = .disturbed }
      return result
    }
    #expect(run.executed.count == 20 + 2 + 2 + 2)
    // Each repeat forth or back by lot: forth, back, forth, … could run in step with what disturbs the machine.
    #expect(run.executed.suffix(6) == ["v01-1 10", "v02-2 10", "v02-2 11", "v01-1 11", "v02-2 12", "v01-1 12"])
    for variant in run.result.variants {
      #expect(variant.trials.sorted { $0.index < $1.index }.suffix(3).map(\.repeats) == [3, 5, 3])
    }
    let comparison = try #require(run.result.comparisons.first { $0.metric == "throughput" })
    #expect(comparison.test == "sign-flip" && comparison.baselineCount == 10)
    #expect(comparison.verdict == .worse)
    #expect(run.result.exitCode == .success, "nothing is decided without compare")
    // They used to be marked as what decides all the same.
    #expect(comparison.decides == false && deciding(run.result).isEmpty && run.result.comparisonRules == nil)
  }

  /// Either side had as many trials as were asked for, of which one had no partner: 3 pairs were compared, and nobody said so.
  @Test func enoughTrialsAreNotEnoughPairs() throws {
    let text = """
      name: t
      matrix: { batch: [1, 2] }
      baseline: { batch: 1 }
      trials: { count: 4, order: paired, disturbed: { steal: 100%, reruns: 1 } }
      """
    let run = try run(text) { trial in
      var result = Self.trial(trial, 100)
      // The candidate of the second pair, and the baseline of its only repeat.
      if (trial.index, trial.variantIndex) == (1, 1) || (trial.index, trial.variantIndex) == (4, 0) {
        result.status = .disturbed
      }
      return result
    }
    #expect(run.result.variants.map { $0.trials.count { $0.status == .ok } } == [4, 4])
    #expect(run.result.comparisons.first { $0.metric == "throughput" }?.baselineCount == 3)
    let verdict = try #require(run.result.verdicts.first { !$0.ok })
    #expect(verdict.id == "enough undisturbed pairs v02-2" && verdict.observed == 3 && verdict.limit == 4)
    #expect(verdict.detail?.hasPrefix("2 of 10 trials were beyond a limit") == true, "\(verdict.detail ?? "")")
    #expect(run.result.status == .inconclusive)
  }

  /// With a baseline that is disturbed every pair of its round is broken, with a candidate only its own.
  @Test func onlyBrokenPairsAreRepeated() throws {
    let text = Self.matrix + "trials: { count: 4, order: paired, disturbed: { steal: 100%, reruns: 1 } }"
    let run = try run(text) { trial in
      var result = Self.trial(trial, 100)
      if (trial.index, trial.variantIndex) == (1, 2) || (trial.index, trial.variantIndex) == (2, 0) {
        result.status = .disturbed
      }
      return result
    }
    #expect(run.executed.count == 12 + 2 + 3)
    #expect(run.executed.suffix(5) == ["v03-4 4", "v01-1 4", "v03-4 5", "v02-2 5", "v01-1 5"])
    #expect(run.result.comparisons.filter { $0.metric == "throughput" }.map(\.baselineCount) == [4, 4])
  }
}
