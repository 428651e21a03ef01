import ResultModel
import ScenarioModel

/// Whether a variant has been measured well enough: a rule that the scenario fixed before anybody looked.
struct EarlyStop {
  let rule: Scenario.Trials.StopEarly

  /// Whether the 95 % interval of the metric's median is narrow enough in every phase that has the metric.
  func isSatisfied(by variant: VariantResult) -> Bool {
    let counted = variant.countedTrials
    guard counted.count >= rule.leastCount else { return false }
    let summaries = MetricSummary.all(of: counted, metric: rule.metric)
    guard !summaries.isEmpty else { return false }
    return summaries.allSatisfy { summary in
      guard let interval = summary.ci95 else { return false }
      // A figure that never changes is known exactly, also when it is 0, which no width is a share of.
      if interval.low == interval.high { return true }
      guard summary.median != 0 else { return false }
      return (interval.high - interval.low) / abs(summary.median) <= rule.intervalWidth
    }
  }
}
