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

  let run: ScenarioVariants
  private let executor: any TrialExecutor
  let tool: ToolInformation
  let stop: StopFlag
  private let probesNoise: Bool
  let isStrict: Bool
  let reportsImprovement: Bool
  let earlier: EarlierRun?
  private let variantTools: [ToolInformation]
  private let keep: (TrialOutcome, ScenarioVariant) -> Void

  /// A run by the build that `tool` describes.
  /// - Parameters:
  ///   - stop: Ends the run early with what was measured; the executor's too.
  ///   - probesNoise: Whether the machine is tested for noise before and after, and judged: 0.2 s in all.
  ///   - isStrict: Whether a run that is too noisy to decide ends with exit 7, rather than with a warning.
  ///   - reportsImprovement: Whether a run in which all that changed got better ends with exit 4.
  ///   - earlier: The run that the scenario wants every variant compared with.
  ///   - variantTools: The build that runs each variant, where that is not the one that `tool` describes.
  ///   - keep: Called with every trial as soon as it is over, so that it survives whatever happens to this process.
  public init(
    _ run: ScenarioVariants, executor: any TrialExecutor, tool: ToolInformation, stop: StopFlag,
    probesNoise: Bool = false, isStrict: Bool = false, reportsImprovement: Bool = false, earlier: EarlierRun? = nil,
    variantTools: [ToolInformation] = [],
    keep: @escaping (TrialOutcome, ScenarioVariant) -> Void = { _, _ in }
  ) {
    self.run = run
    self.executor = executor
    self.tool = tool
    self.stop = stop
    self.probesNoise = probesNoise
    self.isStrict = isStrict
    self.reportsImprovement = reportsImprovement
    self.earlier = earlier
    self.variantTools = variantTools
    self.keep = keep
  }

  /// Runs everything and calls `progress` about once per interval from the calling thread.
  /// - Throws: When not even the first trial can be run: `DriverError`, `PinnedThread.StartError`, `TrialFailure`.
  public func run(progress: (RunProgress) -> Void) throws -> Outcome {
    let started = WallClock.now()
    // A simulation does not mind what the machine does.
    let environment = RunEnvironment(probesNoise: probesNoise && scenario.time == .wall)
    let start = MonotonicClock.now()
    var measured = MeasuredRun(variants: run.variants, tools: variantTools)
    if scenario.search != nil { try search(into: &measured, start: start, progress) }
    var queue = TrialQueue(of: run)
    try measure(&queue, into: &measured, since: start, progress)
    var result = draft(measured, environment, started: started)
    let obstacle = earlier?.obstacle(to: result)
    let comparison = RunComparison(
      rules: scenario.comparison, isPaired: scenario.trials.order == .paired, isRepeatable: scenario.search == nil,
      earlier: obstacle == nil ? earlier.flatMap { run in run.result.map { (run.name, $0.variants) } } : nil)
    result.comparisonRules = comparison.declaredRules
    result.comparisons = comparison.comparisons(of: summarised(measured.variants))
    for batch in stride(from: 1, through: comparison.confirmationCount, by: 1) where !measured.wasStopped {
      let accused = comparison.variantIndices(accusedIn: result.comparisons, of: measured.variants)
      guard !accused.isEmpty else { break }
      queue.beginConfirmation(batch, of: accused)
      try measure(&queue, into: &measured, since: start, progress)
      // A part of a batch finds nothing again, and refutes nothing either.
      if measured.wasStopped { break }
      comparison.confirm(&result.comparisons, batch: batch, of: measured.variants, at: accused)
    }
    // What was not measured to its end is not judged, and no report may say that it was.
    if measured.wasStopped { result.comparisons = result.comparisons.map(\.reportedOnly) }
    result.durationNanoseconds = MonotonicClock.now() - start
    conclude(&result, measured, environment, obstacle)
    var recording = RunRecording(result: result, intervalHistograms: measured.intervals)
    recording.trace = measured.trace
    return Outcome(recording: recording, statistics: measured.statistics)
  }

  /// Runs what the queue has, up to the end of the batch or the stop.
  private func measure(
    _ queue: inout TrialQueue, into measured: inout MeasuredRun, since start: Int64, _ progress: (RunProgress) -> Void
  ) throws {
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
      outcome.result.batch = trial.batch
      if queue.isRehearsal(trial) { outcome.result.becomeRehearsal() } else { queue.note(outcome.result, of: trial) }
      keep(outcome, variant)
      measured.add(outcome, of: trial, startOffset: startOffset)
      // By the user, or by an objective that ends the run.
      if outcome.result.status == .aborted { break }
    }
  }

  var scenario: Scenario { run.first }

  private func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, _ progress: (RunProgress) -> Void
  ) throws -> TrialOutcome {
    let meter = scenario.trials.disturbed.map(DisturbanceMeter.init)
    var outcome = try executor.execute(trial, of: variant) { snapshot in
      progress(
        RunProgress(
          variantIndex: trial.variantIndex, variantCount: run.variants.count, slug: variant.slug,
          trialIndex: trial.index,
          trialCount: scenario.search == nil ? max(scenario.trials.countMax, trial.index + 1) : nil,
          searchedPerSecond: scenario.search == nil ? nil : variant.scenario.steadyRatePerSecond, phase: snapshot))
    }
    if let finding = meter?.finding() { outcome.result.setAside(for: finding) }
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
}
