import Histograms
import ResultModel
import ScenarioModel
import Statistics

/// What a search has measured: its steps with their trials, as the result tells them.
struct CapacityRecord {
  /// The trials of one step.
  private struct Entry {
    var ratePerSecond: Double
    var isConfirmation: Bool
    var trials: [CapacityResult.Trial] = []
    var histogram: LatencyHistogram?
  }

  let search: Scenario.CapacitySearch
  private var entries: [Entry] = []

  init(_ search: Scenario.CapacitySearch) { self.search = search }

  mutating func add(_ reading: CapacityReading, to request: CapacitySearch.Request) {
    let known = entries.firstIndex {
      $0.ratePerSecond == request.ratePerSecond && $0.isConfirmation == request.isConfirmation
    }
    if known == nil {
      entries.append(Entry(ratePerSecond: request.ratePerSecond, isConfirmation: request.isConfirmation))
    }
    let index = known ?? entries.count - 1
    entries[index].trials.append(reading.trial)
    guard let more = reading.histogram else { return }
    if entries[index].histogram == nil {
      entries[index].histogram = more
    } else {
      entries[index].histogram?.merge(more)
    }
  }

  /// The outcome of the search, which may have been stopped.
  func result(of outcome: CapacitySearch) -> CapacityResult {
    let range = outcome.range
    var result = CapacityResult(
      ratePerSecond: range.low, low: range.low, high: range.high, limit: Double(search.limitNanoseconds),
      steps: outcome.steps.compactMap { step in
        entries.first { $0.ratePerSecond == step.ratePerSecond && $0.isConfirmation == step.isConfirmation }
          .map { self.step(step, $0) }
      })
    result.metric = search.metric
    result.precision = search.precision
    result.confirmed = outcome.isConfirmed
    result.exhausted = outcome.isExhausted
    return result
  }

  private func step(_ step: CapacityStep, _ entry: Entry) -> CapacityResult.Step {
    let decision = step.decision(trialCount: search.trialCount)
    let isKnown = !step.ratios.isEmpty
    var result = CapacityResult.Step(
      ratePerSecond: step.ratePerSecond, observed: observed(entry), ok: isKnown && step.mean <= 1)
    result.observedCI95 = interval(step, entry)
    result.verdict =
      switch decision {
      case .passed: .passed
      case .failed: .failed
      case .undecided: .undecided
      case .hint: isKnown ? .probed : .invalid
      case .unreachable: .invalid
      }
    result.confirmation = step.isConfirmation ? true : nil
    result.ratio = isKnown ? step.mean : nil
    result.trials = entry.trials
    return result
  }

  /// Of all messages of all trials together.
  private func observed(_ entry: Entry) -> Double? {
    guard let histogram = entry.histogram else { return nil }
    switch search.statistic {
    case .percentile(_, let share): return Double(histogram.value(atPercentile: 100 * (1 - share)))
    case .mean: return histogram.mean
    }
  }

  /// Woodruff's interval: the share of messages beyond the percentile has an error that follows from the differences between the
  /// trials, and the percentiles that belong to its two ends are the ends.
  private func interval(_ step: CapacityStep, _ entry: Entry) -> Interval<Double>? {
    guard step.ratios.count >= 3, let histogram = entry.histogram, let observed = observed(entry) else { return nil }
    let t = StudentDistribution.quantile(0.975, degreesOfFreedom: Double(step.ratios.count - 1))
    switch search.statistic {
    case .percentile(_, let share):
      guard let error = step.errorAtLimit else { return nil }
      func value(_ factor: Double) -> Double {
        Double(histogram.value(atPercentile: 100 * (1 - min(1, share * max(0, factor)))))
      }
      return Interval(value(1 + t * error), value(1 - t * error))
    case .mean:
      guard let deviation = SampleStatistics.standardDeviation(step.ratios) else { return nil }
      let reach = t * deviation * Double(search.limitNanoseconds) / Double(step.ratios.count).squareRoot()
      return Interval(observed - reach, observed + reach)
    }
  }
}
