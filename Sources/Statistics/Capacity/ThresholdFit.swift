import Glibc

/// Where a quantity that grows with a rate reaches 1, from many noisy readings of it at rates nearby.
///
/// The mean of the readings is taken to grow exponentially with the rate, which over a few percent any smooth curve does, and their
/// variance in proportion to the mean, as that of counts does when events come in clusters. The two parameters maximise the
/// quasi-likelihood (R. W. M. Wedderburn, "Quasi-likelihood functions, generalized linear models, and the Gauss-Newton method", Biometrika
/// 61, 1974): no distribution is assumed, readings of 0 are allowed, and estimates are of the mean, not of a typical value.
public struct ThresholdFit: Sendable {
  /// The rate about which the line is laid: the mean of the rates.
  private let centre: Double
  /// The logarithm of the mean at `centre`, and how fast it grows with the rate.
  private let intercept: Double
  private let slope: Double
  /// Of the estimates of those two.
  private let variances: (intercept: Double, slope: Double, both: Double)
  private let degreesOfFreedom: Double

  /// A fit; nil when the readings do not allow one: fewer than three, all at one rate, or none above 0. O(n) in each of a few steps.
  public init?(_ readings: [(rate: Double, value: Double)]) {
    let count = Double(readings.count)
    guard readings.count >= 3 else { return nil }
    let centre = readings.reduce(0) { $0 + $1.rate } / count
    let reach = readings.reduce(0) { max($0, abs($1.rate - centre)) }
    let mean = readings.reduce(0) { $0 + $1.value } / count
    guard reach > 0, mean > 0 else { return nil }
    var (intercept, slope) = (log(mean), 0.0)
    var information = (a: 0.0, b: 0.0, c: 0.0)
    var isStable = false
    for _ in 0..<100 {
      var score = (a: 0.0, b: 0.0)
      information = (0, 0, 0)
      for (rate, value) in readings {
        let x = (rate - centre) / reach
        let expected = exp(intercept + slope * x)
        score = (score.a + value - expected, score.b + (value - expected) * x)
        information = (information.a + expected, information.b + expected * x, information.c + expected * x * x)
      }
      let determinant = information.a * information.c - information.b * information.b
      guard determinant > 1e-12 * information.a * information.c, determinant.isFinite else { return nil }
      // A step too long for the curvature would overflow before it comes back.
      let steps = (
        a: min(max((information.c * score.a - information.b * score.b) / determinant, -2), 2),
        b: min(max((information.a * score.b - information.b * score.a) / determinant, -2), 2)
      )
      intercept += steps.a
      slope += steps.b
      isStable = abs(steps.a) < 1e-10 && abs(steps.b) < 1e-10
      if isStable { break }
    }
    // Readings that a step divides into none and some have no finite slope.
    guard isStable else { return nil }
    let residuals = readings.reduce(0) { sum, reading in
      let expected = exp(intercept + slope * (reading.rate - centre) / reach)
      return sum + (reading.value - expected) * (reading.value - expected) / expected
    }
    let dispersion = max(residuals / (count - 2), 1e-12)
    let determinant = information.a * information.c - information.b * information.b
    self.centre = centre
    self.intercept = intercept
    self.slope = slope / reach
    variances = (
      dispersion * information.c / determinant, dispersion * information.a / determinant / (reach * reach),
      -dispersion * information.b / determinant / reach
    )
    degreesOfFreedom = count - 2
  }

  /// How much the logarithm of the mean grows per unit of the rate.
  public var growth: Double { slope }

  /// Where the mean is 1; nil when it does not grow.
  public var threshold: Double? { slope > 0 ? centre - intercept / slope : nil }

  /// The rates at which the mean may be 1, with that confidence; nil when they have no end, because the readings do not show that the
  /// mean grows.
  ///
  /// Source: E. C. Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16, 1954: all rates at
  /// which the line does not differ significantly from log 1.
  public func interval(confidence: Double) -> (low: Double, high: Double)? {
    let t = StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: degreesOfFreedom)
    let a = slope * slope - t * t * variances.slope
    let b = 2 * (intercept * slope - t * t * variances.both)
    let c = intercept * intercept - t * t * variances.intercept
    let discriminant = b * b - 4 * a * c
    guard slope > 0, a > 0, discriminant >= 0 else { return nil }
    let root = discriminant.squareRoot()
    return (centre + (-b - root) / (2 * a), centre + (-b + root) / (2 * a))
  }
}
