extension Scenario {
  /// A whole number per message, in nanoseconds or bytes: fixed, or drawn from the message's producer and number.
  public enum Distribution: Sendable, Equatable {
    /// The same for every message.
    case fixed(Int64)
    /// Exponentially distributed; the mean is above 0.
    case exponential(mean: Int64)
    /// Log-normally distributed, by two percentiles; the second is the larger.
    case lognormal(p50: Int64, p99: Int64)
    /// Each of these equally likely.
    case uniform(ClosedRange<Int64>)
    /// These in turn; at least one.
    case cycle([Int64])
    /// One of these, by shares that make 1.
    case bimodal([Mode])
    /// One of those of a file, equally likely; at least one.
    case recorded([Int64])

    /// A value and how many of the messages have it.
    public struct Mode: Sendable, Equatable {
      /// The value.
      public var value: Int64
      /// From 0 to 1.
      public var share: Double
    }

    /// The largest value; nil where there is no largest.
    public var highest: Int64? {
      switch self {
      case .fixed(let value): value
      case .exponential, .lognormal: nil
      case .uniform(let range): range.upperBound
      case .cycle(let values), .recorded(let values): values.max()
      case .bimodal(let modes): modes.map(\.value).max()
      }
    }
  }

  /// How a producer chooses among its routing keys.
  public enum KeyChoice: Sendable, Equatable {
    /// One after the other.
    case inTurn
    /// Each equally likely.
    case uniform
    /// Key k in proportion to 1 / k^exponent: the first is the most popular.
    case zipf(exponent: Double)
  }
}
