/// The outcome of a capacity search: the highest rate that keeps a metric under its limit, as an interval.
public struct CapacityResult: Codable, Sendable, Equatable {
  /// What the trials at one rate have come to.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// Significantly under the limit.
    case passed
    /// Significantly over it.
    case failed
    /// Neither, with all trials of a step.
    case undecided
    /// Tried once or twice, to find out where to look.
    case probed
    /// The load could not be brought about, and not for the subject's doing.
    case invalid
  }

  /// One trial of a step.
  public struct Trial: Codable, Sendable, Equatable {
    /// What the search made of it.
    public enum Status: String, Codable, Sendable, CaseIterable {
      /// Its figure counts.
      case ok
      /// The subject did not take the load, or not in time: over the limit, whatever the figure.
      case over
      /// Not counted, and repeated.
      case invalid
    }

    /// Its place in the order of execution of the whole run, from 0.
    public var order: Int
    /// Its seed.
    public var seed: UInt64
    /// What the search made of it.
    public var status: Status
    /// The metric, in nanoseconds.
    public var observed: Double?
    /// Of a percentile, the share of messages beyond the limit over the share that may be; of a mean, the mean over the limit.
    public var ratio: Double?
    /// Messages sent and received per second.
    public var sentPerSecond: Double?
    public var receivedPerSecond: Double?
    /// Why it is over or invalid, in sentences.
    public var reasons: [String]

    /// A trial.
    public init(order: Int, seed: UInt64, status: Status, reasons: [String] = []) {
      self.order = order
      self.seed = seed
      self.status = status
      self.reasons = reasons
    }

    enum CodingKeys: String, CodingKey {
      case order, seed, status, observed, ratio
      case sentPerSecond = "sent_per_s"
      case receivedPerSecond = "received_per_s"
      case reasons
    }
  }

  /// One rate that was tried.
  public struct Step: Codable, Sendable, Equatable {
    /// The rate.
    public var ratePerSecond: Double
    /// The metric at that rate, of all its trials together; absent when the step was invalid.
    public var observed: Double?
    /// 95 % interval of `observed`, from the differences between trials; absent for fewer than three.
    public var observedCI95: Interval<Double>?
    /// Whether the rate was sustained under the limit, significantly or not.
    public var ok: Bool
    /// What follows for the rate.
    public var verdict: Verdict?
    /// Whether these are the longer trials that confirm the result.
    public var confirmation: Bool?
    /// The mean of the trials' ratios: 1 at the limit.
    public var ratio: Double?
    /// Its trials, in their order.
    public var trials: [Trial]?

    /// A rate and how it went.
    public init(ratePerSecond: Double, observed: Double?, ok: Bool) {
      self.ratePerSecond = ratePerSecond
      self.observed = observed
      self.ok = ok
    }

    enum CodingKeys: String, CodingKey {
      case ratePerSecond = "rate_per_s"
      case observed
      case observedCI95 = "observed_ci95"
      case ok, verdict, confirmation, ratio, trials
    }
  }

  /// The capacity: `low`, the highest rate that is shown to keep the limit.
  public var ratePerSecond: Double
  /// The lower end of the interval; 0 when no rate kept the limit.
  public var low: Double
  /// The upper end; absent when no rate was shown to break the limit.
  public var high: Double?
  /// The limit of the metric.
  public var limit: Double
  /// Which figure has the limit: `latency.p99`.
  public var metric: String?
  /// How wide the interval was to be, as a share of the rate.
  public var precision: Double?
  /// Whether longer trials at `low` agreed; absent where none were made, or not all.
  public var confirmed: Bool?
  /// Whether the trials were used up before the interval was as narrow as asked for.
  public var exhausted: Bool?
  /// What was tried, in the order of the first trials.
  public var steps: [Step]

  /// A capacity between `low` and `high`.
  public init(ratePerSecond: Double, low: Double, high: Double?, limit: Double, steps: [Step]) {
    self.ratePerSecond = ratePerSecond
    self.low = low
    self.high = high
    self.limit = limit
    self.steps = steps
  }

  enum CodingKeys: String, CodingKey {
    case ratePerSecond = "rate_per_s"
    case low, high, limit, metric, precision, confirmed, exhausted, steps
  }
}
