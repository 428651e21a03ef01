import Glibc

/// The normal distribution of mean 0 and standard deviation 1.
public enum NormalDistribution {
  /// The probability of a value up to `x`.
  public static func cumulative(_ x: Double) -> Double {
    erfc(-x / 2.0.squareRoot()) / 2
  }

  /// The value below which lies the share `probability`: -infinity for 0, infinity for 1.
  ///
  /// Peter J. Acklam's rational approximation (2000, relative error 1.15e-9), followed by one step of Halley's method
  /// with the complementary error function, which brings it to about 1e-15.
  public static func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "a probability of \(probability)")
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    // By symmetry only the lower half, where the error below loses no digits.
    if probability > 0.5 { return -quantile(1 - probability) }
    let x = approximation(probability)
    let error = cumulative(x) - probability
    let step = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    return x - step / (1 + x * step / 2)
  }

  private static func approximation(_ probability: Double) -> Double {
    if probability < 0.02425 {
      let q = (-2 * log(probability)).squareRoot()
      return polynomial(tailNumerator, at: q) / (polynomial(tailDenominator, at: q) * q + 1)
    }
    let q = probability - 0.5
    let r = q * q
    return polynomial(centreNumerator, at: r) * q / (polynomial(centreDenominator, at: r) * r + 1)
  }

  /// Horner's scheme; the coefficient of the highest power comes first.
  private static func polynomial(_ coefficients: [Double], at x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  private static let centreNumerator = [
    -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
    1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00,
  ]
  private static let centreDenominator = [
    -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
    6.680131188771972e+01, -1.328068155288572e+01,
  ]
  private static let tailNumerator = [
    -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
    -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
  ]
  private static let tailDenominator = [
    7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00,
  ]
}
