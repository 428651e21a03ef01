extension CapacitySearch {
  /// What is searched, and how.
  public struct Options: Sendable, Equatable {
    /// The first rate.
    public var from: Double
    /// The lowest and the highest rate that may be tried.
    public var bounds: ClosedRange<Double>
    /// How wide the interval may be, as a share of the rate.
    public var precision: Double
    /// Trials of a step.
    public var trialCount: Int
    /// The largest value that a reading can have, when there is one: 100 for the share of messages beyond a p99.
    public var largestRatio: Double?

    /// A search from `from` within `bounds`.
    public init(
      from: Double, bounds: ClosedRange<Double>, precision: Double = 0.02, trialCount: Int = 5,
      largestRatio: Double? = nil
    ) {
      precondition(bounds.lowerBound > 0 && precision > 0 && trialCount >= 2, "a search in \(bounds)")
      self.from = min(max(from, bounds.lowerBound), bounds.upperBound)
      self.bounds = bounds
      self.precision = precision
      self.trialCount = trialCount
      self.largestRatio = largestRatio
    }
  }

  /// What a trial says.
  public enum Reading: Sendable, Equatable {
    /// The observed value as a multiple of the allowed one, and the variance that it has by chance at least.
    case ratio(Double, leastVariance: Double)
    /// The subject did not take the load, or not in time.
    case over
    /// The load was not brought about, and not for the subject's doing.
    case unusable
  }

  /// A trial to make.
  public struct Request: Sendable, Equatable {
    /// At this rate.
    public var ratePerSecond: Double
    /// Whether it is one of the longer ones.
    public var isConfirmation: Bool

    /// A trial at a rate.
    public init(ratePerSecond: Double, isConfirmation: Bool) {
      self.ratePerSecond = ratePerSecond
      self.isConfirmation = isConfirmation
    }
  }

  /// Where the limit's rate lies.
  public struct Range: Sendable, Equatable {
    /// The highest rate that is shown to keep the limit; 0 when none is.
    public var low: Double
    /// A rate that is shown to break it; nil when none is, since the load could not be brought about or was not to go further.
    public var high: Double?

    /// From `low` to `high`.
    public init(low: Double, high: Double?) {
      self.low = low
      self.high = high
    }
  }
}
