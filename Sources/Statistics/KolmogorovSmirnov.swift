import Glibc

/// Whether a sample may come from a distribution: how far the two are apart, and how likely that is by chance.
///
/// Source: A. N. Kolmogorov, "Sulla determinazione empirica di una legge di distribuzione", 1933; for samples of a finite
/// size the correction of M. A. Stephens, "Use of the Kolmogorov-Smirnov, Cramér-von Mises and Related Statistics Without
/// Extensive Tables", 1970: from 20 values on its p is off by less than 0.02, and below 0.05 by less than an eighth of
/// itself.
public struct KolmogorovSmirnov: Sendable, Equatable {
  /// D: the largest distance between the share of the sample up to a value and the probability of a value up to it.
  public let statistic: Double
  /// How many values the sample has.
  public let count: Int

  /// Compares `sample` with the continuous distribution whose probability of a value up to x is `cumulative(x)`.
  /// O(n log n); an empty sample has the distance 0.
  public init(_ sample: [Double], cumulative: (Double) -> Double) {
    count = sample.count
    let total = Double(sample.count)
    var largest = 0.0
    for (rank, value) in sample.sorted().enumerated() {
      let expected = cumulative(value)
      largest = max(largest, expected - Double(rank) / total, Double(rank + 1) / total - expected)
    }
    statistic = largest
  }

  /// Compares `sample` with the exponential distribution of the given mean.
  public init(_ sample: [Double], exponentialMean mean: Double) {
    self.init(sample) { $0 <= 0 ? 0 : -expm1(-$0 / mean) }
  }

  /// How likely a sample of the distribution itself is to lie at least this far away.
  public var p: Double { Self.p(statistic: statistic, count: count) }

  /// The same for a distance `statistic` of a sample of `count` values.
  public static func p(statistic: Double, count: Int) -> Double {
    guard count > 0 else { return 1 }
    let root = Double(count).squareRoot()
    return survival((root + 0.12 + 0.11 / root) * statistic)
  }

  /// The probability that the supremum of a Brownian bridge exceeds `x`.
  ///
  /// Two forms of the same theta function: each converges in a few terms where the other does not.
  static func survival(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    if x < 1.18 {
      let base = exp(-Double.pi * Double.pi / (8 * x * x))
      // base, base^9, base^25, base^49: the last is below 1e-16 here.
      let sum = base * (1 + pow(base, 8) * (1 + pow(base, 16) * (1 + pow(base, 24))))
      return min(1, max(0, 1 - (2 * Double.pi).squareRoot() / x * sum))
    }
    var sum = 0.0
    for j in 1...4 {
      let term = exp(-2 * Double(j * j) * x * x)
      sum += j % 2 == 1 ? term : -term
    }
    return min(1, max(0, 2 * sum))
  }
}
