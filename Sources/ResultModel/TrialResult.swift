/// One execution of a variant.
public struct TrialResult: Codable, Sendable, Equatable {
  /// How a trial ended.
  public enum Status: String, Codable, Sendable, CaseIterable {
    /// Its load was delivered.
    case ok
    /// Its load was not delivered; `invalidReasons` says why.
    case invalid
    /// Its process died.
    case crashed
    /// It did not end in time.
    case timedOut = "timed_out"
    /// Beyond a limit of `trials.disturbed`, whoever kept the machine busy.
    case disturbed
    /// Stopped by the user, or by an objective that ends the run.
    case aborted
  }

  /// Which trial of its variant this is, from 0.
  public var index: Int
  /// Its place in the order of execution of the whole run, from 0.
  public var order: Int
  /// Its seed.
  public var seed: UInt64
  /// How it ended.
  public var status: Status
  /// Why it is invalid, in sentences; empty otherwise.
  public var invalidReasons: [String]
  /// When it began, from the start of the run.
  public var startOffsetNanoseconds: Int64?
  /// The index of the disturbed trial that it repeats; absent for a planned trial.
  public var repeats: Int?
  /// Which confirmation of a regression it belongs to, from 1; absent for what was measured first.
  public var batch: Int?
  /// What happened in it, in order of time.
  public var events: [TrialEvent]
  /// Its phases, the warm-up included, in order of time.
  public var phases: [PhaseResult]

  /// A trial with its phases.
  public init(
    index: Int, order: Int, seed: UInt64, status: Status = .ok, invalidReasons: [String] = [],
    startOffsetNanoseconds: Int64? = nil, events: [TrialEvent] = [], phases: [PhaseResult]
  ) {
    self.index = index
    self.order = order
    self.seed = seed
    self.status = status
    self.invalidReasons = invalidReasons
    self.startOffsetNanoseconds = startOffsetNanoseconds
    self.events = events
    self.phases = phases
  }

  enum CodingKeys: String, CodingKey {
    case index, order, seed, status
    case invalidReasons = "invalid_reasons"
    case startOffsetNanoseconds = "start_offset_ns"
    case repeats, batch, events, phases
  }
}
