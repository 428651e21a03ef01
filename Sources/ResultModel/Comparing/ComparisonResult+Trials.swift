public import Statistics

extension VariantComparison.Direction {
  /// Which way a metric is better, by its name: rates upwards, times and bytes downwards.
  public init(ofMetric name: String) {
    self = ["throughput", "offered", "sent"].contains(name) ? .higherIsBetter : .lowerIsBetter
  }
}

extension ComparisonResult {
  /// Two variants compared by one metric.
  struct Candidate {
    var metric: String
    var baseline: MetricSummary
    var candidate: MetricSummary
    /// What the two are called.
    var names: (baseline: String, candidate: String)
    var comparison: VariantComparison
    /// Whether it decides about the exit code.
    var decides: Bool
    /// How many pairs of trials are compared; nil where it is not pairs.
    var pairCount: Int?

    /// Beyond what can be measured; a foreign file may hold anything, and squares of ratios must not overflow.
    private static let comparable = 1e-60...1e60

    /// Compares two summaries; nil where one has no positive values to take a ratio of.
    /// - Parameter pairs: The places of values that were measured beside each other; empty when none were.
    init?(
      _ name: String, baseline: MetricSummary, candidate: MetricSummary, names: (baseline: String, candidate: String),
      pairs: [TrialPair], rules: ComparisonRules, decidingMetric: String
    ) {
      let metric = ComparisonRules.metric(of: name)
      let direction = VariantComparison.Direction(ofMetric: metric)
      if metric == ComparisonRules.exactMetric {
        comparison = VariantComparison(exact: candidate.median, baseline.median, direction: direction)
      } else {
        guard !baseline.values.isEmpty, !candidate.values.isEmpty,
          (baseline.values + candidate.values).allSatisfy(Self.comparable.contains)
        else { return nil }
        let pairs = pairs.filter { $0.baseline < baseline.values.count && $0.candidate < candidate.values.count }
        comparison =
          pairs.isEmpty
          ? VariantComparison(candidate: candidate.values, baseline: baseline.values, direction: direction)
          : VariantComparison(
            pairs: pairs.map { candidate.values[$0.candidate] }, pairs.map { baseline.values[$0.baseline] },
            direction: direction)
        if !pairs.isEmpty { pairCount = pairs.count }
      }
      self.metric = name
      self.baseline = baseline
      self.candidate = candidate
      self.names = names
      // The one that decides may be named with its phase.
      decides = [metric, name].contains(decidingMetric) || metric == ComparisonRules.exactMetric
    }

    /// A ratio, where something stands against nothing the largest number: JSON knows no infinity.
    private static func finite(_ ratio: Double) -> Double { min(ratio, .greatestFiniteMagnitude) }

    /// Whether all values of one side lie beyond all of the other's by more than rounding and what happens once.
    private static func lieApart(_ one: [Double], _ other: [Double]) -> Bool {
      guard let low = one.min(), let high = one.max(), let otherLow = other.min(), let otherHigh = other.max() else {
        return false
      }
      return otherLow - high >= ComparisonRules.exactStep || low - otherHigh >= ComparisonRules.exactStep
    }

    /// What a figure without noise says; nil for one with noise. Trials that overlap all the same do not decide.
    private var exactVerdict: VariantComparison.Verdict? {
      guard comparison.test == .exact else { return nil }
      guard abs(candidate.median - baseline.median) >= ComparisonRules.exactStep else { return .same }
      guard Self.lieApart(baseline.values, candidate.values) else { return .inconclusive }
      return (candidate.median > baseline.median) == (comparison.direction == .lowerIsBetter) ? .worse : .better
    }

    /// - Parameter familyCount: How many comparisons p was corrected for.
    func result(adjustedP: Double, familyCount: Int, rules: ComparisonRules) -> ComparisonResult {
      let verdict =
        exactVerdict ?? comparison.verdict(adjustedP: adjustedP, alpha: rules.alpha, tolerance: rules.maxRegression)
      var result = ComparisonResult(
        metric: metric, baseline: names.baseline, candidate: names.candidate, ratio: Self.finite(comparison.ratio),
        ratioCI95: comparison.interval.map { Interval(Self.finite($0.lowerBound), Self.finite($0.upperBound)) },
        p: comparison.p, pAdjusted: adjustedP, test: comparison.test.rawValue, baselineCount: pairCount ?? baseline.n,
        candidateCount: pairCount ?? candidate.n, baselineMedian: baseline.median, candidateMedian: candidate.median,
        minimalDetectableEffectPercent: comparison.detectableShare(alpha: rules.alpha / Double(familyCount))
          .flatMap { $0.isFinite ? 100 * $0 : nil },
        verdict: Outcome(rawValue: verdict.rawValue) ?? .inconclusive)
      result.decides = decides
      // What has no noise gates exactly: a byte more for each message is one more, whatever else may vary by a few percent.
      result.isRegression =
        decides && verdict == .worse
        && (comparison.test == .exact || comparison.isWorse(byMoreThan: rules.maxRegression))
      return result
    }
  }
}
