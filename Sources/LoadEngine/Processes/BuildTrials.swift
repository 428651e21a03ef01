public import ScenarioModel

/// Trials of builds: each variant is run by a binary of its own, in fresh processes.
public struct BuildTrials: TrialExecutor {
  private let executors: [FreshProcessTrials]

  /// Variant i is run by `binaries[i]`; `stop` ends a trial early with what it has measured.
  public init(_ binaries: [TrialBinary], stop: StopFlag) {
    executors = binaries.map { FreshProcessTrials(binary: $0, stop: stop) }
  }

  public func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    try executors[trial.variantIndex].execute(trial, of: variant, progress: progress)
  }
}
