extension Scenario {
  /// A limit that measured figures must keep: an entry of `slo`.
  public struct Objective: Sendable, Equatable {
    /// What breaking it means.
    public enum Severity: String, Sendable, CaseIterable {
      /// The run fails, with exit 3.
      case error
      /// It is reported.
      case warn
    }

    /// What must hold.
    public var expression: ObjectiveExpression
    /// The phases in which it must, in their order; never a warm-up.
    public var phases: [String]
    /// What breaking it means.
    public var severity: Severity
    /// The length of the stretches that are judged; nil judges each phase as a whole.
    public var windowNanoseconds: Int64?
    /// Whether the first stretch in which it is broken ends the run.
    public var endsRun: Bool
    /// How long after the start of a phase nothing is judged.
    public var graceNanoseconds: Int64
    /// Where the comparison is written.
    public var source: SourcePosition
  }
}
