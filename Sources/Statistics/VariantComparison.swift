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
  /// The smallest change that these trials would probably have shown, as a share of the baseline; nil when there are too few.
  public let detectableShare: Double?
  /// Which way is better.
  public let direction: Direction

  /// Compares trials that have nothing to do with each other. All values are positive and neither side is empty.
  public init(
    candidate: [Double], baseline: [Double], direction: Direction, alpha: Double, seed: UInt64 = 1
  ) {
    precondition(!candidate.isEmpty && !baseline.isEmpty, "a comparison needs trials on both sides")
    self.direction = direction
    ratio = Self.ratio(SampleStatistics.median(candidate), SampleStatistics.median(baseline))
    interval = AcceleratedBootstrap.ratioOfMedians(candidate: candidate, baseline: baseline, seed: seed).map {
      $0.low...$0.high
    }
    p = RankSumTest(candidate, baseline).p
    test = .rankSum
    let variations = [candidate, baseline].compactMap(SampleStatistics.coefficientOfVariation)
    let pooled = (variations.reduce(0) { $0 + $1 * $1 } / Double(max(1, variations.count))).squareRoot()
    detectableShare =
      variations.count == 2
      ? DetectableEffect.minimal(variation: pooled, count: min(candidate.count, baseline.count), alpha: alpha) : nil
  }

  /// Compares trials that were run in pairs, `candidate[i]` beside `baseline[i]`. All values are positive.
  public init(pairs candidate: [Double], _ baseline: [Double], direction: Direction, alpha: Double, seed: UInt64 = 1) {
    precondition(candidate.count == baseline.count && !candidate.isEmpty, "pairs have two sides")
    self.direction = direction
    let ratios = zip(candidate, baseline).map { Self.ratio($0, $1) }
    ratio = SampleStatistics.median(ratios) ?? 1
    interval = AcceleratedBootstrap.median(of: ratios, seed: seed).map { $0.low...$0.high }
    let logarithms = ratios.map { log($0) }
    p = SignFlipTest.p(logarithms, seed: seed)
    test = .signFlip
    detectableShare = SampleStatistics.standardDeviation(logarithms).flatMap {
      DetectableEffect.minimalPaired(deviation: $0, count: ratios.count, alpha: alpha)
    }
  }

  /// Compares figures without noise, where any difference is real.
  public init(exact candidate: Double, _ baseline: Double, direction: Direction) {
    self.direction = direction
    ratio = Self.ratio(candidate, baseline)
    interval = ratio...ratio
    p = candidate == baseline ? 1 : 0
    test = .exact
    detectableShare = 0
  }

  /// What it says, given p corrected for all comparisons made together.
  /// - Parameter tolerance: The share by which the candidate may differ and still be called the same.
  public func verdict(adjustedP: Double, alpha: Double, tolerance: Double) -> Verdict {
    if adjustedP < alpha, ratio != 1 {
      return (ratio > 1) == (direction == .lowerIsBetter) ? .worse : .better
    }
    guard let interval else { return .inconclusive }
    return interval.lowerBound >= 1 - tolerance && interval.upperBound <= 1 + tolerance ? .same : .inconclusive
  }

  /// Whether the difference is a change for the worse of more than `share`.
  public func isWorse(byMoreThan share: Double) -> Bool {
    switch direction {
    case .lowerIsBetter: ratio > 1 + share
    case .higherIsBetter: ratio < 1 / (1 + share)
    }
  }

  private static func ratio(_ candidate: Double?, _ baseline: Double?) -> Double {
    guard let candidate, let baseline, candidate != baseline else { return 1 }
    return baseline == 0 ? .infinity : candidate / baseline
  }
}
