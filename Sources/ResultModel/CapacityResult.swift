/// The outcome of a capacity search: the highest rate that keeps a metric under its limit, as an interval.
public struct CapacityResult: Codable, Sendable, Equatable {
  /// One rate that was tried.
  public struct Step: Codable, Sendable, Equatable {
    /// The rate.
    public var ratePerSecond: Double
    /// The metric at that rate; absent when the step was invalid.
    public var observed: Double?
    /// Whether the rate was sustained under the limit.
    public var ok: Bool

    /// A rate and how it went.
    public init(ratePerSecond: Double, observed: Double?, ok: Bool) {
      self.ratePerSecond = ratePerSecond
      self.observed = observed
      self.ok = ok
    }

    enum CodingKeys: String, CodingKey {
      case ratePerSecond = "rate_per_s"
      case observed, ok
    }
  }

  /// The capacity.
  public var ratePerSecond: Double
  /// The highest rate that passed.
  public var low: Double
  /// The lowest rate that did not.
  public var high: Double
  /// The limit of the metric.
  public var limit: Double
  /// What was tried, in order.
  public var steps: [Step]

  /// A capacity between `low` and `high`.
  public init(ratePerSecond: Double, low: Double, high: Double, limit: Double, steps: [Step]) {
    self.ratePerSecond = ratePerSecond
    self.low = low
    self.high = high
    self.limit = limit
    self.steps = steps
  }

  enum CodingKeys: String, CodingKey {
    case ratePerSecond = "rate_per_s"
    case low, high, limit, steps
  }
}
