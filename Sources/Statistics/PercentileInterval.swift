/// How well a sample knows a percentile: confidence intervals made of the sample's own values.
///
/// The number of values below the true percentile follows a binomial distribution whatever the values' own distribution
/// is, so that two ranks of the sorted sample enclose it with known probability. The values are taken as independent;
/// those of neighbouring messages often are not, and then the interval is too narrow.
/// Source: H. A. David and H. N. Nagaraja, "Order Statistics", 2003, section 7.1.
public enum PercentileInterval {
  /// Whether `count` values are enough to speak of `percentile` (0...100): at least ten lie above it, n (1 - p) >= 10.
  public static func isSupported(count: Int, percentile: Double) -> Bool {
    // 100 - 99.9 is a little less than 0.1; a millionth of a value is no reason to refuse.
    Double(count) * (100 - percentile) / 100 >= 10 - 1e-6
  }

  /// The ranks (1...count) of the two values that enclose `percentile` (strictly between 0 and 100).
  ///
  /// At either end the true percentile lies outside with at most `(1 - confidence) / 2`; the ranks are the closest ones
  /// that hold this. Nil when no value is extreme enough: 99 % of 200 values has no upper end at 95 % confidence.
  ///
  /// Exact while the binomial variance is at most 10,000 (some thousand steps); beyond it by the normal approximation
  /// with continuity correction, which is off by less than one rank there.
  public static func orderStatistic(
    count: Int, percentile: Double, confidence: Double = 0.95
  ) -> (lowRank: Int, highRank: Int)? {
    precondition((0..<1).contains(confidence), "a confidence of \(confidence)")
    guard count > 0, percentile > 0, percentile < 100 else { return nil }
    let tail = (1 - confidence) / 2
    let binomial = BinomialDistribution(count: count, probability: percentile / 100)
    let ranks =
      binomial.variance <= 10_000 ? exactRanks(binomial, tail: tail) : normalRanks(binomial, tail: tail)
    return ranks.lowRank >= 1 && ranks.highRank <= count ? ranks : nil
  }

  /// The largest l with P(B <= l - 1) <= tail, and the smallest u with P(B >= u) <= tail.
  private static func exactRanks(_ binomial: BinomialDistribution, tail: Double) -> (lowRank: Int, highRank: Int) {
    let (first, probabilities) = binomial.significantProbabilities()
    var low = 0
    var sum = 0.0
    while low < probabilities.count, sum + probabilities[low] <= tail {
      sum += probabilities[low]
      low += 1
    }
    var high = probabilities.count
    sum = 0
    while high > 0, sum + probabilities[high - 1] <= tail {
      sum += probabilities[high - 1]
      high -= 1
    }
    return (first + low, first + high)
  }

  private static func normalRanks(_ binomial: BinomialDistribution, tail: Double) -> (lowRank: Int, highRank: Int) {
    let reach = -NormalDistribution.quantile(tail) * binomial.variance.squareRoot()
    let centre = binomial.mean + 0.5
    return (Int((centre - reach).rounded(.down)), Int((centre + reach).rounded(.up)))
  }
}
