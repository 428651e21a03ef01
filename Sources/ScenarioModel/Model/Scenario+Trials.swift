extension Scenario {
  /// How often everything is repeated, and how.
  public struct Trials: Sendable, Equatable {
    /// In which order variants take turns.
    public enum Order: String, Sendable, CaseIterable {
      /// Rounds of one trial of each variant, each round in an order of its own, drawn from the seed.
      case randomised
      /// Rounds forth or back by lot, as often the one as the other (a, b, b, a or b, a, a, b), so that trials of two variants are pairs.
      case paired
      /// All trials of one variant, then all of the next.
      case sequential
    }

    /// Where a trial runs.
    public enum Process: String, Sendable, CaseIterable {
      /// Each in a process of its own, so that layout and left-overs of one do not bias another.
      case fresh
      /// All in the process of the run.
      case shared
    }

    /// When a variant has been measured well enough.
    public struct StopEarly: Sendable, Equatable {
      /// The figure that decides, e.g. `latency.p99`.
      public var metric: String
      /// Width of the 95 % interval of its median, as a share of the median, that is narrow enough.
      public var intervalWidth: Double
      /// The fewest trials.
      public var leastCount: Int
      /// The most trials.
      public var mostCount: Int
    }

    /// When the machine was too busy with others for a trial to count.
    public struct Disturbed: Sendable, Equatable {
      /// The largest share of the cores' time that may be stolen; nil when it does not matter.
      public var stealLimit: Double?
      /// The largest share of the time in which some thread waited for a core; nil when it does not matter.
      public var pressureLimit: Double?
      /// How often a disturbed trial is repeated.
      public var rerunLimit: Int
    }

    /// How many trials of each variant.
    public var count: Int
    /// In which order variants take turns.
    public var order: Order
    /// Where a trial runs.
    public var process: Process
    /// Rest between two trials.
    public var coolDownNanoseconds: Int64
    /// When a trial counts as hung; nil leaves it to the engine, which allows for the time of its phases.
    public var timeoutNanoseconds: Int64?
    /// When a variant has been measured well enough; nil for never.
    public var stopEarly: StopEarly?
    /// When a trial does not count; nil for never.
    public var disturbed: Disturbed?

    /// The most trials of one variant, without those that repeat disturbed ones.
    public var countMax: Int { stopEarly?.mostCount ?? count }
  }
}
