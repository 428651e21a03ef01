public import ScenarioModel

/// Runs one trial after the other, wherever that is: in this process or in one of its own.
public protocol TrialExecutor {
  /// Runs one trial to its end, or to the stop that the executor was made with.
  ///
  /// - Parameter progress: Called about once per interval from the calling thread.
  /// - Throws: When the trial could not be run at all: `DriverError` when the subject cannot do what is asked, `PinnedThread.StartError` when the system refuses a
  ///   thread.
  func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome
}
