import Glibc

/// What a number of trials can show at all: known before anything is measured, or from the spread of what was.
public enum DetectableEffect {
  /// The smallest difference of two variants, as a share of their level, that trials with this spread would show as
  /// significant with probability `power`.
  ///
  /// Two independent groups of `count` trials with the same spread, a two-sided test at `alpha`: reach · cv · √(2 / count), divided by
  /// √(3/π), since ranks tell that much less of a normal sample than its mean does.
  /// Sources: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, section 2.4; for the ranks E. L. Lehmann,
  /// "Nonparametrics", 1975, section 2.4.
  /// - Parameter variation: The coefficient of variation of the trials.
  /// - Returns: Nil where nothing would be significant: with fewer than two trials, which have no spread, and with so few that even
  ///   groups which lie wholly apart do not reach `alpha`.
  public static func minimal(variation: Double, count: Int, alpha: Double, power: Double = 0.95) -> Double? {
    guard count >= 2, variation.isFinite, variation >= 0, smallestUnpairedP(count, count) < alpha else { return nil }
    let reach = reach(degreesOfFreedom: Double(2 * count - 2), alpha: alpha, power: power)
    let byRanks = reach * (2 / Double(count)).squareRoot() / (3 / Double.pi).squareRoot()
    // The second smallest p is twice the smallest.
    let isApartOnly = 2 * smallestUnpairedP(count, count) >= alpha
    return variation * (isApartOnly ? max(byRanks, gapOfGroups(count: count, power: power)) : byRanks)
  }

  /// The same for `count` pairs, from the standard deviation of the logarithms of their ratios:
  /// exp(reach · deviation / √count) - 1.
  /// - Returns: Nil where nothing would be significant, as above.
  public static func minimalPaired(deviation: Double, count: Int, alpha: Double, power: Double = 0.95) -> Double? {
    guard count >= 2, deviation.isFinite, deviation >= 0, smallestPairedP(pairs: count) < alpha else { return nil }
    // Every p is a multiple of the smallest, so that the largest below alpha is what the test goes by.
    let step = smallestPairedP(pairs: count)
    let level = step * ((alpha / step).rounded(.up) - 1)
    let bySum = reach(degreesOfFreedom: Double(count - 1), alpha: level, power: power) / Double(count).squareRoot()
    // Where few steps lie below alpha, only pairs that almost all have one sign are significant.
    let stepCount = (level / step).rounded()
    let bySigns = stepCount > 3 ? 0 : distanceForOneSign(count: count, power: power, allowsOne: stepCount > 1)
    return expm1(max(bySum, bySigns) * deviation)
  }

  /// How many standard errors, themselves estimated from the trials, a difference must be away from 0 to be found with probability
  /// `power`.
  ///
  /// The non-centrality of Student's t: t·c + z·√(1 + t²(1 - c²)), with c the mean of √(χ²/ν). With few trials the spread is known
  /// badly, and the quantiles of the normal distribution would promise too much: 4.2 instead of 5.2 with 10 pairs at 1 %.
  /// Source: N. L. Johnson and B. L. Welch, "Applications of the Non-Central t-Distribution", 1940.
  private static func reach(degreesOfFreedom: Double, alpha: Double, power: Double) -> Double {
    // The lower tail: 1 - alpha / 2 is 1 where alpha is small, and no probability of a quantile.
    let t = -StudentDistribution.quantile(alpha / 2, degreesOfFreedom: degreesOfFreedom)
    let half = degreesOfFreedom / 2
    let mean = exp(lgamma(half + 0.5) - lgamma(half)) / half.squareRoot()
    return t * mean + NormalDistribution.quantile(power) * (1 + t * t * (1 - mean * mean)).squareRoot()
  }

  /// How many standard deviations normal values must lie from 0 for all of them to have one sign with probability `power`; or all but one,
  /// if that one is small enough, which is taken to be so half of the time.
  private static func distanceForOneSign(count: Int, power: Double, allowsOne: Bool) -> Double {
    let n = Double(count)
    var (low, high) = (0.5, 1.0)
    while high - low > 1e-9 {
      let each = (low + high) / 2
      let found = pow(each, n) + (allowsOne ? n * pow(each, n - 1) * (1 - each) / 2 : 0)
      if found < power { low = each } else { high = each }
    }
    return NormalDistribution.quantile(low)
  }

  /// How many standard deviations two normal groups must lie apart for all of one to exceed all of the other with probability `power`:
  /// all that is significant where there are few. By bisection over ∫ n φ(x) Φ(x)ⁿ⁻¹ (1 - Φ(x - gap))ⁿ dx, with x the largest of the
  /// lower group.
  private static func gapOfGroups(count: Int, power: Double) -> Double {
    let (step, n) = (0.05, Double(count))
    let highest: [(x: Double, weight: Double)] = stride(from: -8, through: 8, by: step).map { x in
      (x, n * exp(-x * x / 2) / (2 * Double.pi).squareRoot() * pow(NormalDistribution.cumulative(x), n - 1) * step)
    }
    var (low, high) = (0.0, 20.0)
    while high - low > 1e-6 {
      let gap = (low + high) / 2
      let found = highest.reduce(0) { $0 + $1.weight * pow(1 - NormalDistribution.cumulative($1.x - gap), n) }
      if found < power { low = gap } else { high = gap }
    }
    return high
  }

  /// The smallest p that a two-sided Mann-Whitney test of two groups can yield: 2 / (a + b choose a), when one group lies
  /// wholly above the other.
  public static func smallestUnpairedP(_ first: Int, _ second: Int) -> Double {
    guard first > 0, second > 0 else { return 1 }
    // Whole numbers as long as doubles can be: a p that is alpha itself must not fall below it by rounding.
    let ways = (1...min(first, second)).reduce(1.0) { $0 * Double(max(first, second) + $1) / Double($1) }
    return min(1, 2 / ways)
  }

  /// The smallest p that a two-sided sign-flip test of so many pairs can yield: 2 / 2ⁿ.
  public static func smallestPairedP(pairs: Int) -> Double {
    min(1, 2 * exp2(-Double(max(0, pairs))))
  }

  /// The fewest trials per variant with which the p of some outcome lies below `alpha`.
  public static func leastCount(alpha: Double, isPaired: Bool) -> Int {
    precondition(alpha > 0, "an alpha of \(alpha)")
    var count = 1
    while (isPaired ? smallestPairedP(pairs: count) : smallestUnpairedP(count, count)) >= alpha { count += 1 }
    return count
  }
}
