import Platform
import ResultModel
import ScenarioModel

/// From what was measured to a result: summaries, verdicts, notes.
extension RunOrchestrator {
  /// What can be said before anything has been judged.
  func draft(_ measured: MeasuredRun, _ environment: RunEnvironment, started: Int64) -> RunResult {
    RunResult(
      runID: "\(scenario.name)-\(started / 1_000_000)", status: .passed, exitCodes: [], tool: tool, scenario: identity,
      environment: environment.before, started: WallClockTime(millisecondsSinceEpoch: started / 1_000_000),
      durationNanoseconds: 0, time: scenario.time == .virtual ? .virtual : .wall, variants: measured.variants)
  }

  func summarised(_ variants: [VariantResult]) -> [VariantResult] {
    variants.map { variant in
      var variant = variant
      variant.summary = MetricSummary.all(
        of: variant.countedTrials, adding: scenario.comparison?.metric, alpha: scenario.comparison?.alpha ?? 0.01)
      return variant
    }
  }

  /// Adds what everything comes to.
  func conclude(
    _ result: inout RunResult, _ measured: MeasuredRun, _ environment: RunEnvironment, _ obstacle: Verdict?
  ) {
    result.variants = summarised(measured.variants)
    result.environment = environment.information(trials: result.variants.flatMap(\.trials))
    let capacities = CapacityVerdicts(variants: result.variants)
    // A stop that came after the last trial finds everything measured.
    let judgement = RunJudge(
      limits: run.variants.map(\.scenario.verification), objectives: run.variants.map(\.scenario.objectives),
      trials: scenario.trials, stop: measured.wasStopped ? stop.requested : .none, isStrict: isStrict,
      unshownTrials: measured.unshownTrials
    ).judge(
      result.variants, host: RunEnvironment.verdict(on: result.environment.noise, limits: noiseLimits),
      capacities: measured.wasStopped ? [] : capacities.verdicts)
    (result.status, result.exitCodes) = (judgement.status, ExitCode.ordered(judgement.exitCodes))
    result.exitCode = ExitCode.mostImportant(of: judgement.exitCodes)
    result.verdicts = judgement.verdicts
    if result.variants.count == 1 { result.capacity = result.variants[0].capacity }
    if let obstacle {
      result.verdicts.append(obstacle)
      if obstacle.severity == .error { result.fail(with: .baselineUnusable) }
    }
    if scenario.comparison != nil, result.status != .aborted, !measured.wasStopped {
      result.judge(
        comparisons: result.comparisons, isStrict: isStrict, reportsImprovement: reportsImprovement)
    }
    result.notes = measured.notes + TrialNotes(options: scenario.trials).notes(on: result.variants)
    if !measured.wasStopped { result.notes += capacities.notes }
    if let baseline = earlier?.result {
      let told = Comparability.unsoundness(baseline)
      result.notes += Comparability.unfitness(baseline).filter { !told.contains($0) }.map {
        "the baseline \(earlier?.name ?? "") is unfit: \($0)"
      }
    }
    if let readings = measured.readings { result.notes.append(readings.note) }
  }

  private var identity: ScenarioIdentity {
    var identity = ScenarioIdentity(
      name: scenario.name, path: scenario.path, resolvedSHA256: ScenarioDigest.sha256(run.digestText),
      seed: scenario.seed, pattern: scenario.workload.pattern.rawValue,
      resolved: (try? JSONValue(parsing: run.resolvedJSON)) ?? .null)
    identity.overrides = run.overrides.isEmpty ? nil : run.overrides
    identity.variables = run.environment.isEmpty ? nil : run.environment
    return identity
  }

  /// What noise the precision that was asked for allows.
  private var noiseLimits: NoiseLimits {
    scenario.trials.stopEarly.map { NoiseLimits(precision: $0.intervalWidth) } ?? NoiseLimits()
  }
}
