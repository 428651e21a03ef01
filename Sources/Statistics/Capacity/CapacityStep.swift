/// What the trials at one rate of a capacity search have shown.
public struct CapacityStep: Sendable, Equatable {
  /// What follows for the rate.
  public enum Decision: Sendable, Equatable {
    /// Below the limit, significantly.
    case passed
    /// Above it, significantly.
    case failed
    /// As many trials as a step has, and neither.
    case undecided
    /// Fewer trials than a step has; on average below the limit, or above it.
    case hint(isOver: Bool)
    /// The load could not be brought about, however often it was tried: nothing is known about the subject.
    case unreachable
  }

  /// The rate, in messages per second.
  public let ratePerSecond: Double
  /// Whether these are the longer trials that confirm a result, rather than some that lead to one.
  public let isConfirmation: Bool
  /// One for each trial that can be used: the observed value as a multiple of the one that is allowed.
  public internal(set) var ratios: [Double] = []
  /// How many trials could not be used.
  public internal(set) var unusableCount = 0
  /// Mean of the variances that the readings have by chance alone.
  var leastVariance = 0.0
  var isUnreachable = false

  /// How likely a rate that is exactly at the limit passes (or fails): small, because what is decided once is not looked at again.
  static let level = 0.001
  /// What a reading counts as when the subject did not take the load.
  static let overRatio = 10.0

  init(ratePerSecond: Double, isConfirmation: Bool) {
    self.ratePerSecond = ratePerSecond
    self.isConfirmation = isConfirmation
  }

  /// The mean of the readings; at the limit it is 1.
  public var mean: Double { ratios.reduce(0, +) / Double(max(1, ratios.count)) }

  /// The standard deviation that the mean would have if it were exactly at the limit, whose noise is larger than that far below it: for
  /// counts that come in clusters the variance is in proportion to the mean.
  public var errorAtLimit: Double? {
    guard let deviation = SampleStatistics.standardDeviation(ratios) else { return nil }
    let dispersion = deviation * deviation / max(mean, 0.05)
    return (max(dispersion, leastVariance) / Double(ratios.count)).squareRoot()
  }

  /// The decision, for steps of `trialCount` trials.
  ///
  /// A rate passes by a score test, with the noise that a rate at the limit would have (a few quiet trials below the limit must not pass
  /// for little noise); it fails by a t-test with the noise that there is.
  public func decision(trialCount: Int) -> Decision {
    if isUnreachable { return .unreachable }
    let count = Double(ratios.count)
    guard ratios.count >= max(2, trialCount), let deviation = SampleStatistics.standardDeviation(ratios) else {
      return .hint(isOver: mean > 1)
    }
    let own = max(deviation, 0.01)
    let t = StudentDistribution.quantile(1 - Self.level, degreesOfFreedom: count - 1)
    if mean > 1 { return mean - t * own / count.squareRoot() > 1 ? .failed : .undecided }
    let dispersion = max(own * own, deviation * deviation / max(mean, 0.05))
    let byChance = NormalDistribution.quantile(1 - Self.level) * (leastVariance / count).squareRoot()
    let reach = max(t * (dispersion / count).squareRoot(), byChance)
    return mean + reach < 1 ? .passed : .undecided
  }

  /// Adds a reading.
  mutating func add(_ ratio: Double, leastVariance variance: Double) {
    leastVariance = (leastVariance * Double(ratios.count) + variance) / Double(ratios.count + 1)
    ratios.append(ratio)
  }
}
