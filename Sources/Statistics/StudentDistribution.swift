import Glibc

/// Student's t distribution, for means of small samples.
public enum StudentDistribution {
  /// The probability of a value up to `x` with that many degrees of freedom, which must be above 0.
  ///
  /// By the regularised incomplete beta function: DLMF 26.5.27 of M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions".
  public static func cumulative(_ x: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    guard x.isFinite else { return x < 0 ? 0 : 1 }
    let square = x * x
    // The smaller of the two arguments loses no digits, neither in the tails nor in the middle.
    let tail =
      square > degreesOfFreedom
      ? incompleteBeta(degreesOfFreedom / (degreesOfFreedom + square), degreesOfFreedom / 2, 0.5) / 2
      : 0.5 - incompleteBeta(square / (degreesOfFreedom + square), 0.5, degreesOfFreedom / 2) / 2
    return x < 0 ? tail : 1 - tail
  }

  /// The value below which lies the share `probability`, strictly between 0 and 1. By bisection, about 60 steps.
  public static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability of \(probability)")
    if probability == 0.5 { return 0 }
    // By symmetry only the lower half, where small probabilities keep their digits.
    if probability > 0.5 { return -quantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
    var low = -1.0
    while cumulative(low, degreesOfFreedom: degreesOfFreedom) > probability { low *= 2 }
    var high = 0.0
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high, high - low > 1e-13 * -low else { return middle }
      if cumulative(middle, degreesOfFreedom: degreesOfFreedom) < probability { low = middle } else { high = middle }
    }
  }

  /// The regularised incomplete beta function for x in 0...1, by its continued fraction (DLMF 8.17.22), which the modified method of
  /// Lentz sums up (W. Press et al., "Numerical Recipes", section 5.2).
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast on this side of the mean only.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var value = d
    for index in 1..<500 {
      let m = Double(index)
      for numerator in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 + numerator * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + numerator / c
        if abs(c) < tiny { c = tiny }
        value *= c * d
      }
      if abs(c * d - 1) < 1e-16 { break }
    }
    return front * value
  }
}
