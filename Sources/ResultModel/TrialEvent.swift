/// Something that happened at a moment of a trial: a phase, a fault, a breached SLO, a stall.
public struct TrialEvent: Codable, Sendable, Equatable {
  /// When, from the start of the trial.
  public var offsetNanoseconds: Int64
  /// What kind of thing, e.g. `phase_started`, `drain_finished`, `fault`, `stall`.
  public var kind: String
  /// Whom it concerns, e.g. the phase or the worker.
  public var subject: String
  /// More about it, for people.
  public var detail: String

  /// An event at that moment.
  public init(offsetNanoseconds: Int64, kind: String, subject: String = "", detail: String = "") {
    self.offsetNanoseconds = offsetNanoseconds
    self.kind = kind
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
