public import DriverInterface
import Platform
public import ResultModel
public import ScenarioModel

/// Runs all trials of all variants of a scenario, one after the other, and makes one result of them.
///
/// A trial that crashes, hangs or is refused is part of the result; the others go on.
public struct RunOrchestrator {
  /// What a run leaves behind.
  public struct Outcome: Sendable {
    /// The result and its interval histograms.
    public var recording: RunRecording
    /// What the subject says about itself after the last trial.
    public var statistics: SubjectStatistics
  }

  private let run: ScenarioVariants
  private let executor: any TrialExecutor
  private let tool: ToolInformation
  private let stop: StopFlag
  private let probesNoise: Bool
  private let isStrict: Bool
  private let keep: (TrialOutcome, ScenarioVariant) -> Void

  /// A run by the build that `tool` describes.
  /// - Parameters:
  ///   - stop: Ends the run early with what was measured; the executor's too.
  ///   - probesNoise: Whether the machine is tested for noise before and after, and judged: 0.2 s in all.
  ///   - isStrict: Whether a run that is too noisy to decide ends with exit 7, rather than with a warning.
  ///   - keep: Called with every trial as soon as it is over, so that it survives whatever happens to this process.
  public init(
    _ run: ScenarioVariants, executor: any TrialExecutor, tool: ToolInformation, stop: StopFlag,
    probesNoise: Bool = false, isStrict: Bool = false,
    keep: @escaping (TrialOutcome, ScenarioVariant) -> Void = { _, _ in }
  ) {
    self.run = run
    self.executor = executor
    self.tool = tool
    self.stop = stop
    self.probesNoise = probesNoise
    self.isStrict = isStrict
    self.keep = keep
  }

  /// What noise the precision that was asked for allows.
  private var noiseLimits: NoiseLimits {
    run.variants[0].scenario.trials.stopEarly.map { NoiseLimits(precision: $0.intervalWidth) } ?? NoiseLimits()
  }

  /// Runs everything and calls `progress` about once per interval from the calling thread.
  /// - Throws: When not even the first trial can be run: `DriverError`, `PinnedThread.StartError`, `TrialFailure`.
  public func run(progress: (RunProgress) -> Void) throws -> Outcome {
    let started = WallClock.now()
    // A simulation does not mind what the machine does.
    let environment = RunEnvironment(probesNoise: probesNoise && scenario.time == .wall)
    let start = MonotonicClock.now()
    var measured = MeasuredRun(variants: run.variants)
    if scenario.search != nil { try search(into: &measured, start: start, progress) }
    var queue = TrialQueue(of: run)
    while let trial = queue.next(measured.variants) {
      if !measured.isEmpty { coolDown() }
      if !measured.isEmpty, stop.isRequested {
        measured.wasStopped = true
        break
      }
      let variant = run.variants[trial.variantIndex]
      let startOffset = MonotonicClock.now() - start
      var outcome: TrialOutcome
      do {
        outcome = try execute(trial, of: variant, progress)
      } catch  where !measured.isEmpty {
        outcome = .refused(trial, error)
      }
      outcome.result.repeats = queue.repeated(trial)
      queue.note(outcome.result, of: trial)
      keep(outcome, variant)
      measured.add(outcome, of: trial, startOffset: startOffset)
    }
    let result = assemble(measured, environment, started: started, duration: MonotonicClock.now() - start)
    var recording = RunRecording(result: result, intervalHistograms: measured.intervals)
    recording.trace = measured.trace
    return Outcome(recording: recording, statistics: measured.statistics)
  }

  private var scenario: Scenario { run.first }

  private func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, _ progress: (RunProgress) -> Void
  ) throws -> TrialOutcome {
    let meter = scenario.trials.disturbed.map(DisturbanceMeter.init)
    var outcome = try executor.execute(trial, of: variant) { snapshot in
      progress(
        RunProgress(
          variantIndex: trial.variantIndex, variantCount: run.variants.count, slug: variant.slug,
          trialIndex: trial.index, trialCount: scenario.search == nil ? scenario.trials.countMax : nil,
          searchedPerSecond: scenario.search == nil ? nil : variant.scenario.steadyRatePerSecond, phase: snapshot))
    }
    if outcome.result.status == .ok, let finding = meter?.finding() {
      outcome.result.status = .disturbed
      outcome.result.events.append(finding)
    }
    return outcome
  }

  /// Runs the searches of all variants instead of planned trials.
  private func search(
    into measured: inout MeasuredRun, start: Int64, _ progress: (RunProgress) -> Void
  ) throws {
    try withoutActuallyEscaping(progress) { progress in
      try CapacityRun(
        run: run,
        execute: { trial, variant in
          let outcome = try execute(trial, of: variant, progress)
          keep(outcome, variant)
          return outcome
        }, rest: coolDown, stop: stop
      ).perform(into: &measured, start: start)
    }
  }

  /// Rests between two trials, unless the user wants to end.
  private func coolDown() {
    let end = MonotonicClock.now() + scenario.trials.coolDownNanoseconds
    while !stop.isRequested {
      let rest = end - MonotonicClock.now()
      guard rest > 0 else { return }
      PrecisionSleep.sleep(nanoseconds: min(rest, 100_000_000))
    }
  }

  private func assemble(
    _ measured: MeasuredRun, _ environment: RunEnvironment, started: Int64, duration: Int64
  ) -> RunResult {
    var variants = measured.variants
    for index in variants.indices {
      variants[index].summary = MetricSummary.all(
        of: variants[index].countedTrials, adding: scenario.comparison?.metric)
    }
    let host = environment.information(trials: variants.flatMap(\.trials))
    // A stop that came after the last trial finds everything measured.
    let capacities = CapacityVerdicts(variants: variants)
    let judgement = RunJudge(
      limits: run.variants.map(\.scenario.verification), trials: scenario.trials,
      stop: measured.wasStopped ? stop.requested : .none, isStrict: isStrict, unshownTrials: measured.unshownTrials
    ).judge(
      variants, host: RunEnvironment.verdict(on: host.noise, limits: noiseLimits),
      capacities: measured.wasStopped ? [] : capacities.verdicts)
    var result = RunResult(
      runID: "\(scenario.name)-\(started / 1_000_000)", status: judgement.status, exitCodes: judgement.exitCodes,
      tool: tool, scenario: identity,
      environment: host,
      started: WallClockTime(millisecondsSinceEpoch: started / 1_000_000), durationNanoseconds: duration,
      time: scenario.time == .virtual ? .virtual : .wall, variants: variants)
    result.verdicts = judgement.verdicts
    if variants.count == 1 { result.capacity = variants[0].capacity }
    compare(&result)
    result.notes = measured.notes + TrialNotes(options: scenario.trials).notes(on: variants)
    if !measured.wasStopped { result.notes += capacities.notes }
    if let readings = measured.readings { result.notes.append(readings.note) }
    return result
  }

  /// Compares the variants with the baseline, if there is one; what it comes to decides only where the scenario says so.
  private func compare(_ result: inout RunResult) {
    let rules = scenario.comparison.map {
      ComparisonRules(metric: $0.metric, maxRegression: $0.maxRegression, alpha: $0.alpha)
    }
    result.comparisons = ResultComparison(rules: rules ?? ComparisonRules()).within(
      result.variants, isPaired: scenario.trials.order == .paired)
    guard rules != nil, result.status != .aborted else { return }
    result.judge(comparisons: result.comparisons, isStrict: isStrict)
  }

  private var identity: ScenarioIdentity {
    ScenarioIdentity(
      name: scenario.name, path: scenario.path, resolvedSHA256: ScenarioDigest.sha256(run.digestText),
      seed: scenario.seed, pattern: scenario.workload.pattern.rawValue,
      resolved: (try? JSONValue(parsing: run.resolvedJSON)) ?? .null)
  }
}
