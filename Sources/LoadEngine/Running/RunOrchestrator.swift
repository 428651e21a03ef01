public import DriverInterface
import Platform
public import ResultModel
public import ScenarioModel

/// Runs all trials of all variants of a scenario, one after the other, and makes one result of them.
public struct RunOrchestrator {
  /// What a run leaves behind.
  public struct Outcome: Sendable {
    /// The result and its interval histograms.
    public var recording: RunRecording
    /// What the subject says about itself after the last trial.
    public var statistics: SubjectStatistics
  }

  private let variants: [ScenarioVariant]
  private let executor: any TrialExecutor
  private let tool: ToolInformation
  private let stop: StopFlag

  /// A run by the build that `tool` describes; `stop` ends it early with what was measured, and is the executor's too.
  public init(
    variants: [ScenarioVariant], executor: any TrialExecutor, tool: ToolInformation, stop: StopFlag
  ) {
    precondition(!variants.isEmpty, "a run has at least one variant")
    self.variants = variants
    self.executor = executor
    self.tool = tool
    self.stop = stop
  }

  /// Runs everything and calls `progress` about once per interval from the calling thread.
  /// - Throws: `DriverError` when the subject cannot do what is asked, `PinnedThread.StartError` when the system refuses
  ///   a thread.
  public func run(progress: (RunProgress) -> Void) throws -> Outcome {
    let started = WallClock.now()
    let environment = RunEnvironment()
    let start = MonotonicClock.now()
    var measured = MeasuredRun(variants: variants)
    for trial in plan {
      if !measured.isEmpty, stop.isRequested {
        measured.wasStopped = true
        break
      }
      let startOffset = MonotonicClock.now() - start
      let outcome = try executor.execute(trial, of: variants[trial.variantIndex]) {
        progress(self.progress($0, of: trial))
      }
      measured.add(outcome, of: trial, startOffset: startOffset)
    }
    let result = assemble(measured, environment, started: started, duration: MonotonicClock.now() - start)
    return Outcome(
      recording: RunRecording(result: result, intervalHistograms: measured.intervals),
      statistics: measured.statistics)
  }

  private var scenario: Scenario { variants[0].scenario }

  /// Trial by trial, each with all variants.
  private var plan: [PlannedTrial] {
    var trials: [PlannedTrial] = []
    for index in 0..<scenario.trials.count {
      for variantIndex in variants.indices {
        trials.append(
          PlannedTrial(
            variantIndex: variantIndex, index: index, order: trials.count, seed: scenario.seed &+ UInt64(index)))
      }
    }
    return trials
  }

  private func progress(_ snapshot: ProgressSnapshot, of trial: PlannedTrial) -> RunProgress {
    RunProgress(
      variantIndex: trial.variantIndex, variantCount: variants.count, slug: variants[trial.variantIndex].slug,
      trialIndex: trial.index, trialCount: scenario.trials.count, phase: snapshot)
  }

  private func assemble(
    _ measured: MeasuredRun, _ environment: RunEnvironment, started: Int64, duration: Int64
  ) -> RunResult {
    // A stop that came after the last trial finds everything measured.
    let judgement = RunJudge(verification: scenario.verification, stop: measured.wasStopped ? stop.requested : .none)
      .judge(measured.variants)
    var result = RunResult(
      runID: "\(scenario.name)-\(started / 1_000_000)", status: judgement.status, exitCodes: judgement.exitCodes,
      tool: tool, scenario: identity,
      environment: environment.information(after: duration, trials: measured.variants.flatMap(\.trials)),
      started: WallClockTime(millisecondsSinceEpoch: started / 1_000_000), durationNanoseconds: duration,
      variants: measured.variants)
    result.verdicts = judgement.verdicts
    result.notes = measured.notes
    return result
  }

  private var identity: ScenarioIdentity {
    ScenarioIdentity(
      name: scenario.name, path: scenario.path, resolvedSHA256: ScenarioDigest.sha256(scenario.resolvedJSON),
      seed: scenario.seed, pattern: scenario.workload.pattern.rawValue,
      resolved: (try? JSONValue(parsing: scenario.resolvedJSON)) ?? .null)
  }
}
