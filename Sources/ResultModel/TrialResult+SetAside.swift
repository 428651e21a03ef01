extension TrialResult {
  /// Whether it was the first in a process that all trials share, and was run again.
  public var isRehearsal: Bool { events.contains { $0.kind == TrialEvent.Kind.rehearsal.rawValue } }

  /// Marks it as the first in a process that all trials share.
  public mutating func becomeRehearsal() {
    setAside(
      for: TrialEvent(
        offsetNanoseconds: events.map(\.offsetNanoseconds).max() ?? 0, kind: .rehearsal, subject: "process",
        detail: "the first trial of a process pays once for memory, code and threads, so it is run again"))
  }

  /// Makes it one whose figures do not count, whatever they are, and says why. What was wrong with its load is a part of the event then:
  /// it says nothing about the subject. A trial that died, hung or was stopped stays what it is.
  public mutating func setAside(for reason: TrialEvent) {
    guard [.ok, .invalid, .disturbed].contains(status), !phases.isEmpty else { return }
    var reason = reason
    if !invalidReasons.isEmpty { reason.detail += "; it was invalid: \(invalidReasons.joined(separator: "; "))" }
    invalidReasons = []
    status = .disturbed
    events.append(reason)
  }
}
