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
    /// What the two are called.
    var names: (baseline: String, candidate: String)
    var comparison: VariantComparison
    /// Nil for a figure that always has noise.
    var bytes: BytesComparison?
    /// Whether it decides about the exit code.
    var decides: Bool
    /// The values that are compared: all, or of trials in pairs those that have a partner.
    var values: (baseline: [Double], candidate: [Double])

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
        guard let bytes = BytesComparison(candidate: candidate, baseline: baseline, direction: direction) else {
          return nil
        }
        self.bytes = bytes
        comparison = bytes.comparison
        values = (baseline.values, candidate.values)
      } else {
        guard !baseline.values.isEmpty, !candidate.values.isEmpty,
          (baseline.values + candidate.values).allSatisfy(Self.comparable.contains)
        else { return nil }
        let pairs = pairs.filter { $0.baseline < baseline.values.count && $0.candidate < candidate.values.count }
        if pairs.isEmpty {
          values = (baseline.values, candidate.values)
          comparison = VariantComparison(candidate: values.candidate, baseline: values.baseline, direction: direction)
        } else {
          values = (pairs.map { baseline.values[$0.baseline] }, pairs.map { candidate.values[$0.candidate] })
          comparison = VariantComparison(pairs: values.candidate, values.baseline, direction: direction)
        }
      }
      self.metric = name
      self.names = names
      // The one that decides may be named with its phase.
      decides = [metric, name].contains(decidingMetric) || metric == ComparisonRules.exactMetric
    }

    /// A ratio, where something stands against nothing the largest number: JSON knows no infinity.
    private static func finite(_ ratio: Double) -> Double { min(ratio, .greatestFiniteMagnitude) }

    /// - Parameter familyCount: How many comparisons p was corrected for.
    func result(adjustedP: Double, familyCount: Int, rules: ComparisonRules) -> ComparisonResult {
      let tested = comparison.verdict(adjustedP: adjustedP, alpha: rules.alpha, tolerance: rules.maxRegression)
      let verdict = bytes?.verdict(tested) ?? tested
      var result = ComparisonResult(
        metric: metric, baseline: names.baseline, candidate: names.candidate, ratio: Self.finite(comparison.ratio),
        ratioCI95: comparison.interval.map { Interval(Self.finite($0.lowerBound), Self.finite($0.upperBound)) },
        p: comparison.p, pAdjusted: adjustedP, test: comparison.test.rawValue, baselineCount: values.baseline.count,
        candidateCount: values.candidate.count, baselineMedian: SampleStatistics.median(values.baseline),
        candidateMedian: SampleStatistics.median(values.candidate),
        minimalDetectableEffectPercent: comparison.detectableShare(alpha: rules.alpha / Double(familyCount))
          .flatMap { $0.isFinite ? 100 * $0 : nil },
        verdict: Outcome(rawValue: verdict.rawValue) ?? .inconclusive)
      result.baselineRange = Self.range(values.baseline)
      result.candidateRange = Self.range(values.candidate)
      result.reason = verdict == .inconclusive ? bytes?.reason : nil
      result.decides = decides
      // Bytes gate whatever may vary by a few percent: one more for each message is one more.
      result.isRegression =
        decides && verdict == .worse && (bytes != nil || comparison.isWorse(byMoreThan: rules.maxRegression))
      return result
    }

    private static func range(_ values: [Double]) -> Interval<Double>? {
      guard let low = values.min(), let high = values.max() else { return nil }
      return Interval(low, high)
    }
  }
}
