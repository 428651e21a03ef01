public import DriverInterface
public import ResultModel

/// What one trial leaves behind.
public struct TrialOutcome: Sendable, Equatable {
  /// What was measured.
  public var result: TrialResult
  /// The histogram of every interval; times count from the start of the trial.
  public var intervals: [IntervalHistogram]
  /// Threads of the data path.
  public var threadCount: Int
  /// What the subject says about itself after the trial.
  public var statistics: SubjectStatistics
  /// What a reader should know before believing the figures.
  public var notes: [String]
  /// How often that was read during the trial, when the scenario asks for it.
  public var readings: StatisticsReadings?
  /// What was sent, when the scenario asks for it; only of a trial in the process of the run.
  public var trace: RecordedTrace?

  /// A trial that could not be run, after others could.
  static func refused(_ trial: PlannedTrial, _ error: any Error) -> TrialOutcome {
    TrialOutcome(
      result: TrialResult(
        index: trial.index, order: trial.order, seed: trial.seed, status: .invalid,
        invalidReasons: ["the trial could not be run: \(error)"], phases: []))
  }

  /// An outcome.
  public init(
    result: TrialResult, intervals: [IntervalHistogram] = [], threadCount: Int = 0,
    statistics: SubjectStatistics = SubjectStatistics(), notes: [String] = []
  ) {
    self.result = result
    self.intervals = intervals
    self.threadCount = threadCount
    self.statistics = statistics
    self.notes = notes
  }
}
