public import Distributions

/// What one phase asks of the workers.
public struct PhasePlan: Sendable, Equatable {
  /// Where the sending times come from.
  public enum Load: Sendable, Equatable {
    /// Open loop, evenly spaced: messages per second of all producers together.
    case constant(ratePerSecond: Double)
    /// Open loop, exponentially distributed gaps: messages per second of all producers together.
    case poisson(ratePerSecond: Double)
    /// Open loop at a rate that changes, with even or random gaps.
    case varying(RateProfile, isPoisson: Bool)
    /// Open loop: this many messages of all producers together at once, at the start and then once per period.
    case burst(messageCount: Int64, periodNanoseconds: Int64)
    /// Open loop: the messages of a recording in turn, so many times as fast.
    case trace(SendingTrace, speed: Double)
    /// Open loop: what the schedules of tasks say, and nothing else.
    case schedule
    /// Closed loop: each producer keeps this many messages outstanding.
    case inFlight(perProducer: Int)
    /// As fast as the subject takes them; with a count, that many messages of all producers together.
    case saturate(messageCount: Int64?)
    /// The same while nobody receives; when all are sent, all are received.
    case backlog(messageCount: Int64)
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
    case .constant, .poisson, .varying, .burst, .trace, .schedule: true
    case .inFlight, .saturate, .backlog: false
    }
  }

  /// Whether consumers wait until everything is sent.
  public var holdsReceivers: Bool {
    if case .backlog = load { true } else { false }
  }

  /// Messages of all producers together that an open loop has due in the first so many nanoseconds, on average; nil for
  /// loads without intended times.
  public func dueCount(until nanoseconds: Int64) -> Double? {
    let time = Double(min(max(0, nanoseconds), durationNanoseconds ?? .max))
    return switch load {
    case .constant(let rate), .poisson(let rate): rate * time / 1e9
    case .varying(let profile, _): profile.count(at: time)
    case .burst(let count, let period): time == 0 ? 0 : Double(count) * (time / Double(period)).rounded(.up)
    case .trace(let trace, let speed): Double(trace.count(before: time * speed))
    case .inFlight, .saturate, .backlog, .schedule: nil
    }
  }

  /// Whether producers wait for consumers to report what they handled.
  public var reportsCompletion: Bool {
    if case .inFlight = load { true } else { false }
  }
}
