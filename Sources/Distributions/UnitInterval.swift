import Glibc

/// Random bits as numbers of an interval, and what follows from it.
public enum UnitInterval {
  /// A number of the half-open interval (0, 1], one of 2^53 equally likely ones: never 0, so that it has a logarithm.
  @inlinable
  public static func openBelow(_ bits: UInt64) -> Double {
    Double((bits >> 11) &+ 1) * 0x1p-53
  }

  /// A number of the half-open interval [0, 1).
  @inlinable
  public static func openAbove(_ bits: UInt64) -> Double {
    Double(bits >> 11) * 0x1p-53
  }

  /// An exponentially distributed number of mean 1, by inversion; at most 36.8.
  @inlinable
  public static func exponential(_ bits: UInt64) -> Double {
    -naturalLogarithm(openBelow(bits))
  }

  /// A log-normally distributed number: e to the power of a normally distributed one, which is made of two uniform ones.
  ///
  /// Source: G. E. P. Box, Mervin E. Muller, "A Note on the Generation of Random Normal Deviates", 1958.
  @usableFromInline
  static func lognormal(_ bits: UInt64, logarithmOfMedian: Double, deviation: Double) -> Double {
    let radius = (2 * exponential(bits)).squareRoot()
    let normal = radius * cos(2 * Double.pi * openAbove(SplitMix64.mix(bits)))
    return exp(logarithmOfMedian + deviation * normal)
  }

  @usableFromInline
  static func naturalLogarithm(_ x: Double) -> Double { log(x) }
}
