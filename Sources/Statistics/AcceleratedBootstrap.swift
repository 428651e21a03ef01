import Distributions

/// Confidence intervals by drawing samples again from themselves, corrected for bias and skewness (BCa).
///
/// Better than the plain percentile method where the statistic is skewed, as ratios are. It assumes nothing about the values but
/// that they are independent.
/// Source: B. Efron, "Better Bootstrap Confidence Intervals", 1987; for several samples the acceleration of the pooled jackknife,
/// A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 5.4.
public enum AcceleratedBootstrap {
  /// With fewer values not even the smallest and the largest enclose the median with 95 %: 1 - 2 / 2ⁿ.
  public static let leastCount = 6

  /// An interval and what it was made of.
  public struct Interval: Sendable, Equatable {
    /// The statistic of the samples themselves.
    public var estimate: Double
    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// Creates an interval.
    public init(estimate: Double, low: Double, high: Double) {
      self.estimate = estimate
      self.low = low
      self.high = high
    }
  }

  /// The median of a sample; nil with fewer than `leastCount` values.
  public static func median(
    of values: [Double], confidence: Double = 0.95, resamples: Int = 4_000, seed: UInt64 = 1
  ) -> Interval? {
    interval([values], confidence: confidence, resamples: resamples, seed: seed) { medianOfSorted($0[0]) }
  }

  /// The median of `candidate` divided by that of `baseline`, whose values have nothing to do with each other; nil with fewer than
  /// `leastCount` values on either side, or a value that is not positive.
  public static func ratioOfMedians(
    candidate: [Double], baseline: [Double], confidence: Double = 0.95, resamples: Int = 4_000, seed: UInt64 = 1
  ) -> Interval? {
    guard candidate.allSatisfy({ $0 > 0 }), baseline.allSatisfy({ $0 > 0 }) else { return nil }
    return interval([candidate, baseline], confidence: confidence, resamples: resamples, seed: seed) {
      medianOfSorted($0[0]) / medianOfSorted($0[1])
    }
  }

  /// The interval of a statistic of one or several independent samples.
  /// - Parameter statistic: Gets each sample sorted.
  static func interval(
    _ samples: [[Double]], confidence: Double, resamples: Int, seed: UInt64, statistic: ([[Double]]) -> Double
  ) -> Interval? {
    precondition((0..<1).contains(confidence), "a confidence of \(confidence)")
    precondition(resamples > 1, "an interval needs at least two resamples")
    guard samples.allSatisfy({ $0.count >= leastCount }) else { return nil }
    let sorted = samples.map { $0.sorted() }
    let estimate = statistic(sorted)
    var random = Xoshiro256(seed: seed)
    let drawn = (0..<resamples).map { _ in
      statistic(sorted.map { draw($0, using: &random) })
    }.sorted()
    guard drawn[0] < drawn[drawn.count - 1] else { return Interval(estimate: estimate, low: drawn[0], high: drawn[0]) }
    // Half of those that are equal count as smaller: medians of small samples take few different values.
    let smaller = drawn.count { $0 < estimate }
    let notLarger = drawn.count { $0 <= estimate }
    let share = Double(smaller + notLarger) / 2 / Double(drawn.count)
    let bias = NormalDistribution.quantile(min(max(share, 0.5 / Double(drawn.count)), 1 - 0.5 / Double(drawn.count)))
    let acceleration = acceleration(sorted, statistic: statistic)
    let expansion = samples.count > 1 ? 1 : expansion(samples[0].count)
    func end(_ probability: Double) -> Double {
      let reach = bias + NormalDistribution.quantile(probability) * expansion
      let corrected = NormalDistribution.cumulative(bias + reach / (1 - acceleration * reach))
      return SampleStatistics.quantile(corrected, ofSorted: drawn)
    }
    return Interval(estimate: estimate, low: end((1 - confidence) / 2), high: end((1 + confidence) / 2))
  }

  /// How much wider the interval of one sample must be, because resamples of n values vary by (n - 1) / n of what samples do. The ratio of
  /// two samples needs none: without it 94 to 97 % of its intervals cover the truth from 6 values on, while one sample's fell to 92 %.
  ///
  /// Source: T. C. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015, section 4.1.3.
  private static func expansion(_ count: Int) -> Double { (Double(count) / Double(count - 1)).squareRoot() }

  /// A sample of the same size, drawn with replacement; sorted, since so are the values.
  private static func draw(_ sorted: [Double], using random: inout Xoshiro256) -> [Double] {
    var counts = [Int](repeating: 0, count: sorted.count)
    for _ in sorted.indices { counts[Int.random(in: sorted.indices, using: &random)] += 1 }
    var sample: [Double] = []
    sample.reserveCapacity(sorted.count)
    for (value, count) in zip(sorted, counts) { for _ in 0..<count { sample.append(value) } }
    return sample
  }

  /// How fast the statistic's spread changes with its value: from leaving out each value once.
  private static func acceleration(_ sorted: [[Double]], statistic: ([[Double]]) -> Double) -> Double {
    var cubes = 0.0
    var squares = 0.0
    for (index, sample) in sorted.enumerated() {
      let without = sample.indices.map { left in
        var samples = sorted
        samples[index].remove(at: left)
        return statistic(samples)
      }
      let mean = without.reduce(0, +) / Double(without.count)
      let count = Double(sample.count)
      for value in without {
        let influence = (count - 1) * (mean - value) / count
        cubes += influence * influence * influence
        squares += influence * influence
      }
    }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    return acceleration.isFinite ? acceleration : 0
  }

  private static func medianOfSorted(_ sorted: [Double]) -> Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}
