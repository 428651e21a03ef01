/// A candidate compared with a baseline by one metric.
public struct ComparisonResult: Codable, Sendable, Equatable {
  /// What the comparison came to.
  public enum Outcome: String, Codable, Sendable, CaseIterable {
    /// The interval of the ratio lies within what is allowed.
    case same
    /// Significantly better.
    case better
    /// Significantly worse.
    case worse
    /// Too noisy to decide.
    case inconclusive
  }

  /// The metric, e.g. `latency.p99`.
  public var metric: String
  /// The baseline's variant or file.
  public var baseline: String
  /// The candidate's variant or file.
  public var candidate: String
  /// Candidate's median over baseline's.
  public var ratio: Double
  /// The ratio's 95 % confidence interval; absent with too few trials.
  public var ratioCI95: Interval<Double>?
  /// The probability of such a difference by chance.
  public var p: Double
  /// The same, adjusted for the number of comparisons.
  public var pAdjusted: Double
  /// The test: `mann-whitney`, `sign-flip`, `exact` for a figure without noise, `none` where there is nothing to compare.
  public var test: String
  /// Trials of the baseline.
  public var baselineCount: Int
  /// Trials of the candidate.
  public var candidateCount: Int
  /// The baseline's median.
  public var baselineMedian: Double?
  /// The candidate's median.
  public var candidateMedian: Double?
  /// The smallest and the largest of the baseline's trials.
  public var baselineRange: Interval<Double>?
  /// The smallest and the largest of the candidate's trials.
  public var candidateRange: Interval<Double>?
  /// The smallest change these trials could have shown, in percent.
  public var minimalDetectableEffectPercent: Double?
  /// What it came to.
  public var verdict: Outcome
  /// Why it cannot tell, where more than too much noise can be said.
  public var reason: String?
  /// Whether it decides about the exit code; the others are only reported.
  public var decides: Bool?
  /// Whether it decides, and is worse by more than is allowed.
  public var isRegression: Bool?
  /// Which confirmation it is made of, from 1; absent for what was measured first.
  public var batch: Int?
  /// Whether every confirmation found the same regression; absent where none was asked.
  public var isConfirmed: Bool?

  /// A comparison with all it needs.
  public init(
    metric: String, baseline: String, candidate: String, ratio: Double, ratioCI95: Interval<Double>?, p: Double,
    pAdjusted: Double, test: String, baselineCount: Int, candidateCount: Int, baselineMedian: Double? = nil,
    candidateMedian: Double? = nil, minimalDetectableEffectPercent: Double? = nil, verdict: Outcome
  ) {
    self.metric = metric
    self.baseline = baseline
    self.candidate = candidate
    self.ratio = ratio
    self.ratioCI95 = ratioCI95
    self.p = p
    self.pAdjusted = pAdjusted
    self.test = test
    self.baselineCount = baselineCount
    self.candidateCount = candidateCount
    self.baselineMedian = baselineMedian
    self.candidateMedian = candidateMedian
    self.minimalDetectableEffectPercent = minimalDetectableEffectPercent
    self.verdict = verdict
  }

  /// The same, where nothing was to be decided.
  public var reportedOnly: ComparisonResult {
    var result = self
    (result.decides, result.isRegression) = (false, false)
    return result
  }

  enum CodingKeys: String, CodingKey {
    case metric, baseline, candidate, ratio
    case ratioCI95 = "ratio_ci95"
    case p
    case pAdjusted = "p_adjusted"
    case test
    case baselineCount = "n_a"
    case candidateCount = "n_b"
    case baselineMedian = "median_a"
    case candidateMedian = "median_b"
    case baselineRange = "range_a"
    case candidateRange = "range_b"
    case minimalDetectableEffectPercent = "mde_pct"
    case verdict, reason
    case decides = "gating"
    case isRegression = "regression"
    case batch
    case isConfirmed = "confirmed"
  }
}
