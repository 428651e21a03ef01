/// What one phase asks of the workers.
public struct PhasePlan: Sendable, Equatable {
  /// Where the sending times come from.
  public enum Load: Sendable, Equatable {
    /// Open loop, evenly spaced: messages per second of all producers together.
    case constant(ratePerSecond: Double)
    /// Open loop, exponentially distributed gaps: messages per second of all producers together.
    case poisson(ratePerSecond: Double)
    /// Closed loop: each producer keeps this many messages outstanding.
    case inFlight(perProducer: Int)
    /// As fast as the subject takes them; with a count, that many messages of all producers together.
    case saturate(messageCount: Int64?)
  }

  /// The phase's name.
  public var name: String
  /// Where the sending times come from.
  public var load: Load
  /// How long it lasts, in nanoseconds; nil exactly when the load is a number of messages.
  public var durationNanoseconds: Int64?
  /// Seed of this phase's arrivals.
  public var seed: UInt64
  /// The last stretch before an intended time that is spun rather than slept, in nanoseconds.
  public var pacingSpinNanoseconds: Int64

  /// Creates a plan.
  public init(
    name: String, load: Load, durationNanoseconds: Int64?, seed: UInt64, pacingSpinNanoseconds: Int64 = 30_000
  ) {
    self.name = name
    self.load = load
    self.durationNanoseconds = durationNanoseconds
    self.seed = seed
    self.pacingSpinNanoseconds = pacingSpinNanoseconds
  }

  /// Whether messages have an intended sending time, so that latency can be counted from it.
  public var isOpenLoop: Bool {
    switch load {
    case .constant, .poisson: true
    case .inFlight, .saturate: false
    }
  }

  /// Whether producers wait for consumers to report what they handled.
  public var reportsCompletion: Bool {
    if case .inFlight = load { true } else { false }
  }
}
