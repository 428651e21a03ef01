/// How a run ended.
public enum RunStatus: String, Codable, Sendable, CaseIterable {
  /// Everything asked passed.
  case passed
  /// An SLO, the verification or a comparison failed, or the results could not be written.
  case failed
  /// The load was not delivered, or a trial crashed or hung, so the figures say nothing about the subject.
  case invalid
  /// Too noisy to decide.
  case inconclusive
  /// Stopped by the user before the end; the figures are partial.
  case aborted
}
