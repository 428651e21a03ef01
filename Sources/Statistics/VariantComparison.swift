import Glibc

/// How a candidate's trials compare with a baseline's: ratio, interval, p, the smallest change they could have shown, verdict.
///
/// Source: T. Kalibera and R. Jones, "Rigorous Benchmarking in Reasonable Time", 2013, for the ratio with its interval; the test beside
/// it is rank-based, or flips signs of logarithms where trials were run in pairs.
public struct VariantComparison: Sendable, Equatable {
  /// Which way is better.
  public enum Direction: Sendable, Equatable {
    /// Times, bytes.
    case lowerIsBetter
    /// Rates.
    case higherIsBetter
  }

  /// What the comparison says.
  public enum Verdict: String, Sendable, CaseIterable {
    /// The whole interval of the ratio lies within what is allowed.
    case same
    /// Significantly better.
    case better
    /// Significantly worse, by whatever amount.
    case worse
    /// None of these: too noisy, or too few trials.
    case inconclusive
  }

  /// Which test p comes from.
  public enum Test: String, Sendable {
    /// Mann-Whitney, of independent trials.
    case rankSum = "mann-whitney"
    /// Sign flips of the logarithms of the ratios, of trials in pairs.
    case signFlip = "sign-flip"
    /// No test: the figure has no noise, and any difference counts.
    case exact
  }

  /// The candidate's median divided by the baseline's; of pairs the median of their ratios.
  public let ratio: Double
  /// Its interval; nil when there are too few trials for one.
  public let interval: ClosedRange<Double>?
  /// How likely variants without a difference are to lie at least this far apart.
  public let p: Double
  /// Which test it comes from.
  public let test: Test
  /// Which way the test found the candidate: above 0 for larger values, below for smaller ones, 0 for neither.
  private let tendency: Double
  /// Which way is better.
  public let direction: Direction
  /// How far the trials scatter; nil when there are too few to know.
  private let spread: Spread?

  /// What the smallest change that would have been seen follows from.
  private enum Spread: Equatable {
    /// The coefficient of variation of independent trials, and how many there are on the smaller side.
    case ofTrials(variation: Double, count: Int)
    /// The standard deviation of the logarithms of ratios, and how many pairs there are.
    case ofPairs(deviation: Double, count: Int)
    /// Of figures without noise.
    case exact
  }

  /// Compares trials that have nothing to do with each other. All values are positive and neither side is empty.
  public init(
    candidate: [Double], baseline: [Double], direction: Direction, seed: UInt64 = 1
  ) {
    precondition(!candidate.isEmpty && !baseline.isEmpty, "a comparison needs trials on both sides")
    self.direction = direction
    ratio = Self.ratio(SampleStatistics.median(candidate), SampleStatistics.median(baseline))
    interval = AcceleratedBootstrap.ratioOfMedians(candidate: candidate, baseline: baseline, seed: seed).map {
      $0.low...$0.high
    }
    let ranks = RankSumTest(candidate, baseline)
    p = ranks.p
    tendency = ranks.statistic - Double(candidate.count * baseline.count) / 2
    test = .rankSum
    let variations = [candidate, baseline].compactMap(SampleStatistics.coefficientOfVariation)
    let pooled = (variations.reduce(0) { $0 + $1 * $1 } / Double(max(1, variations.count))).squareRoot()
    spread =
      variations.count == 2 ? .ofTrials(variation: pooled, count: min(candidate.count, baseline.count)) : nil
  }

  /// Compares trials that were run in pairs, `candidate[i]` beside `baseline[i]`. All values are positive.
  public init(pairs candidate: [Double], _ baseline: [Double], direction: Direction, seed: UInt64 = 1) {
    precondition(candidate.count == baseline.count && !candidate.isEmpty, "pairs have two sides")
    self.direction = direction
    let ratios = zip(candidate, baseline).map { Self.ratio($0, $1) }
    ratio = SampleStatistics.median(ratios) ?? 1
    interval = AcceleratedBootstrap.median(of: ratios, seed: seed).map { $0.low...$0.high }
    let logarithms = ratios.map { log($0) }
    p = SignFlipTest.p(logarithms, seed: seed)
    tendency = logarithms.reduce(0, +)
    test = .signFlip
    spread = SampleStatistics.standardDeviation(logarithms).map { .ofPairs(deviation: $0, count: ratios.count) }
  }

  /// Compares figures without noise, where any difference is real.
  public init(exact candidate: Double, _ baseline: Double, direction: Direction) {
    self.direction = direction
    ratio = Self.ratio(candidate, baseline)
    interval = ratio...ratio
    p = candidate == baseline ? 1 : 0
    tendency = candidate - baseline
    test = .exact
    spread = .exact
  }

  /// The smallest change that these trials would probably have shown, as a share of the baseline; nil when there are too few.
  /// - Parameter alpha: What p must lie below before it is corrected: alpha divided by the number of comparisons made together.
  public func detectableShare(alpha: Double) -> Double? {
    switch spread {
    case .ofTrials(let variation, let count): DetectableEffect.minimal(variation: variation, count: count, alpha: alpha)
    case .ofPairs(let deviation, let count):
      DetectableEffect.minimalPaired(deviation: deviation, count: count, alpha: alpha)
    case .exact: 0
    case nil: nil
    }
  }

  /// What it says, given p corrected for all comparisons made together.
  /// - Parameter tolerance: The share by which the candidate may differ and still be called the same.
  public func verdict(adjustedP: Double, alpha: Double, tolerance: Double) -> Verdict {
    if adjustedP < alpha, ratio != 1 {
      // The median of a few large ratios among many small ones may lie on the other side than what the test looks at.
      guard (ratio > 1) == (tendency > 0) else { return .inconclusive }
      return (ratio > 1) == (direction == .lowerIsBetter) ? .worse : .better
    }
    guard let interval else { return .inconclusive }
    return interval.lowerBound >= 1 - tolerance && interval.upperBound <= 1 + tolerance ? .same : .inconclusive
  }

  /// Whether the difference is a change for the worse of more than `share`.
  public func isWorse(byMoreThan share: Double) -> Bool {
    switch direction {
    case .lowerIsBetter: ratio > 1 + share
    case .higherIsBetter: ratio < 1 - share
    }
  }

  private static func ratio(_ candidate: Double?, _ baseline: Double?) -> Double {
    guard let candidate, let baseline, candidate != baseline else { return 1 }
    return baseline == 0 ? .infinity : candidate / baseline
  }
}
