extension Scenario {
  /// How much is sent, and when.
  public struct Load: Sendable, Equatable {
    /// One after the other. A warm-up comes first; at least one phase is no warm-up.
    public var phases: [Phase]
    /// The last stretch before an intended time that is spun rather than slept.
    public var pacingSpinNanoseconds: Int64
    /// A run is invalid when the p99 of the send delay exceeds this.
    public var pacingMaxLagNanoseconds: Int64
    /// How long messages may take to arrive after the last phase.
    public var drainNanoseconds: Int64
  }

  /// A stretch of time with one kind of load and its own statistics.
  public struct Phase: Sendable, Equatable {
    /// Where the sending times come from. Rates and counts are totals of the phase, split over the producers.
    public enum Kind: Sendable, Equatable {
      /// Open loop, evenly spaced.
      case constant(ratePerSecond: Double)
      /// Open loop, exponentially distributed gaps.
      case poisson(ratePerSecond: Double)
      /// Open loop at a rate that changes.
      case varying(VaryingRate)
      /// Open loop: this many messages at once, the first time at the start and then once per period.
      case burst(messageCount: Int64, periodNanoseconds: Int64)
      /// Closed loop: each producer has this many messages outstanding, sent and not handled yet (`request_reply` and
      /// a ring with a round trip: not answered yet).
      case inFlight(perProducer: Int)
      /// As fast as the subject takes them: a number of messages, or nil for as many as fit in the time.
      case saturate(messageCount: Int64?)
      /// As fast as the subject takes them while nobody receives, then received as fast as possible.
      case backlog(messageCount: Int64)
      /// Open loop: the messages of a recording, this many times as fast.
      case trace(Trace, speed: Double)
      /// Open loop: what the schedules of tasks say, and nothing else.
      case schedule
    }

    /// `main` for the only phase, `warmup` for the warm-up.
    public var name: String
    /// Where the sending times come from.
    public var kind: Kind
    /// Whether its figures are kept apart and never judged.
    public var isWarmup: Bool
    /// How long it lasts; nil exactly when `kind` is a number of messages.
    public var durationNanoseconds: Int64?
    /// Where the phase is written; for a warm-up, where `warmup` is.
    public var source: SourcePosition

    /// Whether messages have an intended sending time, so that `latency` means something.
    public var isOpenLoop: Bool {
      switch kind {
      case .constant, .poisson, .varying, .burst, .trace, .schedule: true
      case .inFlight, .saturate, .backlog: false
      }
    }
  }
}
