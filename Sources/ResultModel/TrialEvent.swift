/// Something that happened at a moment of a trial: to a phase, a worker, a message, or the machine.
public struct TrialEvent: Codable, Sendable, Equatable {
  /// The kinds that this version writes. A file of a newer one may have others.
  public enum Kind: String, Sendable, CaseIterable {
    /// A phase began to send; `detail` is its load.
    case phaseStart = "phase_start"
    /// A phase is over, its drain included.
    case phaseEnd = "phase_end"
    /// All messages of a backlog had piled up.
    case backlogBuilt = "backlog_built"
    /// Consumers that were held for a backlog were let go.
    case consumersReleased = "consumers_released"
    /// The last message of a backlog had been received.
    case backlogDrained = "backlog_drained"
    /// One message was broken on purpose.
    case fault
    /// The fault of a worker began.
    case faultStart = "fault_start"
    /// The fault of a worker was over.
    case faultEnd = "fault_end"
    /// The trial was beyond a limit of `trials.disturbed`, and does not count.
    case disturbed
    /// The trial was the first in a process that all share, is run again, and does not count.
    case rehearsal
    /// An objective broke: `detail` has the first stretch in which it was broken.
    case objectiveBroken = "slo_breach"
    /// It held again.
    case objectiveHolds = "slo_holds"
    /// A broken objective ended the run early.
    case objectiveEndedRun = "slo_abort"
    /// The user ended the run.
    case interrupted
  }

  /// When, from the start of the trial.
  public var offsetNanoseconds: Int64
  /// What kind of thing, as files have it: the text of a `Kind`.
  public var kind: String
  /// Whom it concerns, e.g. the phase or the worker.
  public var subject: String
  /// More about it, for people.
  public var detail: String

  /// An event at that moment.
  public init(offsetNanoseconds: Int64, kind: Kind, subject: String = "", detail: String = "") {
    self.offsetNanoseconds = offsetNanoseconds
    self.kind = kind.rawValue
    self.subject = subject
    self.detail = detail
  }

  enum CodingKeys: String, CodingKey {
    case offsetNanoseconds = "offset_ns"
    case kind, subject, detail
  }
}

extension [TrialEvent] {
  /// The same events, the earliest first; those of one moment stay in the order that they were noted in.
  public var inOrderOfTime: [TrialEvent] {
    enumerated()
      .sorted { ($0.element.offsetNanoseconds, $0.offset) < ($1.element.offsetNanoseconds, $1.offset) }
      .map(\.element)
  }
}
