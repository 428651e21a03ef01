public import ScenarioModel
public import WorkloadLoops

/// Runs the trials of a run in this process, each with a driver of its own.
public struct SharedProcessTrials: TrialExecutor {
  private let makeDriver: () -> any Driver
  private let stop: StopFlag

  /// Trials of the subject that `makeDriver` makes anew for each; `stop` ends one early with what was measured.
  public init(stop: StopFlag, makeDriver: @escaping () -> any Driver) {
    self.makeDriver = makeDriver
    self.stop = stop
  }

  public func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    try TrialRunner(trial, of: variant.scenario, slug: variant.slug, driver: makeDriver(), stop: stop)
      .run(progress: progress)
  }
}
