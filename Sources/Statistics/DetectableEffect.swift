import Glibc

/// What a number of trials can show at all: known before anything is measured, or from the spread of what was.
public enum DetectableEffect {
  /// The smallest difference of two variants, as a share of their level, that trials with this spread would show as
  /// significant with probability `power`.
  ///
  /// Two independent groups of `count` trials with the same spread, a two-sided test at `alpha`:
  /// (z(1 - alpha/2) + z(power)) · cv · √(2 / count). The normal quantiles make it a little too small for few trials.
  /// Source: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, section 2.4.
  /// - Parameter variation: The coefficient of variation of the trials.
  /// - Returns: Nil with fewer than two trials, which have no spread.
  public static func minimal(variation: Double, count: Int, alpha: Double, power: Double = 0.95) -> Double? {
    guard count >= 2, variation.isFinite, variation >= 0 else { return nil }
    let reach = NormalDistribution.quantile(1 - alpha / 2) + NormalDistribution.quantile(power)
    return reach * variation * (2 / Double(count)).squareRoot()
  }

  /// The same for `count` pairs, from the standard deviation of the logarithms of their ratios:
  /// exp((z(1 - alpha/2) + z(power)) · deviation / √count) - 1.
  /// - Returns: Nil with fewer than two pairs.
  public static func minimalPaired(deviation: Double, count: Int, alpha: Double, power: Double = 0.95) -> Double? {
    guard count >= 2, deviation.isFinite, deviation >= 0 else { return nil }
    let reach = NormalDistribution.quantile(1 - alpha / 2) + NormalDistribution.quantile(power)
    return expm1(reach * deviation / Double(count).squareRoot())
  }

  /// The smallest p that a two-sided Mann-Whitney test of two groups can yield: 2 / (a + b choose a), when one group lies
  /// wholly above the other.
  public static func smallestUnpairedP(_ first: Int, _ second: Int) -> Double {
    guard first > 0, second > 0 else { return 1 }
    let logarithm = lgamma(Double(first + second + 1)) - lgamma(Double(first + 1)) - lgamma(Double(second + 1))
    return min(1, 2 * exp(-logarithm))
  }

  /// The smallest p that a two-sided sign-flip test of so many pairs can yield: 2 / 2ⁿ.
  public static func smallestPairedP(pairs: Int) -> Double {
    min(1, 2 * exp2(-Double(max(0, pairs))))
  }

  /// The fewest trials per variant with which some outcome reaches `alpha`.
  public static func leastCount(alpha: Double, isPaired: Bool) -> Int {
    precondition(alpha > 0, "an alpha of \(alpha)")
    var count = 1
    while (isPaired ? smallestPairedP(pairs: count) : smallestUnpairedP(count, count)) > alpha { count += 1 }
    return count
  }
}
