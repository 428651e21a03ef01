/// Something that must be said beside a phase's figures.
///
/// Open for labels of newer versions: an unknown one is kept and shown as it is.
public struct PhaseLabel: RawRepresentable, Codable, Sendable, Hashable {
  /// The label as written in files.
  public var rawValue: String

  /// The label of that text.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The 99th percentile of `send_delay` exceeds a tenth of that of `latency`: the figures show the generator.
  public static let generatorBound = PhaseLabel(rawValue: "generator-bound")
  /// A closed loop: only `service_time` exists, and it hides what waiting callers would have felt.
  public static let closedLoop = PhaseLabel(rawValue: "closed-loop")
  /// A high percentile of latency is below what the machine's own hiccups allow.
  public static let platformBound = PhaseLabel(rawValue: "platform-bound")
  /// More threads than cores: the figures show the scheduler.
  public static let oversubscribed = PhaseLabel(rawValue: "oversubscribed")
  /// Neighbouring intervals depend on each other: the level wandered, and the intervals of percentiles were widened for it.
  public static let autocorrelated = PhaseLabel(rawValue: "autocorrelated")
  /// Figures come from every n-th message, because a clock reading costs more than a message.
  public static let sampled = PhaseLabel(rawValue: "sampled")
}
