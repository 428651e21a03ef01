import Histograms
import ResultModel
import ScenarioModel
import Statistics

/// What a trial says to a capacity search.
///
/// A trial that is invalid says something all the same when it was the subject that pushed back: it blocked its producers, refused or
/// dropped messages, still had some when the drain was over, or took longer than the limit from the actual sending on. When it was idle and the
/// generator lagged, the trial says nothing.
struct CapacityReading {
  /// For the search.
  let reading: CapacitySearch.Reading
  /// For the result.
  let trial: CapacityResult.Trial
  /// The times, for the figure of all trials of a step; nil when they cannot be used.
  let histogram: LatencyHistogram?

  /// Below this share of its messages a load was not carried.
  private static let deliveredShare = 0.999

  init(_ result: TrialResult, _ search: Scenario.CapacitySearch, drainNanoseconds: Int64) {
    var trial = CapacityResult.Trial(
      order: result.order, seed: result.seed, status: .ok, reasons: result.invalidReasons)
    let phase = result.phases.first { $0.sampleType == .normal }
    trial.sentPerSecond = phase?.rates.sentPerSecond
    trial.receivedPerSecond = phase?.rates.receivedPerSecond
    let figure = phase.flatMap { Figure($0, search) }
    trial.observed = figure?.observed
    trial.ratio = figure?.ratio
    let isComplete = result.status == .ok || result.status == .invalid
    let pushback = phase.flatMap { isComplete ? Self.pushback($0, result.status, figure, drainNanoseconds) : nil }
    if let pushback {
      trial.status = .over
      trial.reasons.append(pushback)
      reading = .over
      histogram = figure?.histogram
    } else if result.status == .ok, let figure {
      reading = .ratio(figure.ratio, leastVariance: figure.leastVariance)
      histogram = figure.histogram
    } else {
      trial.status = .invalid
      if result.status != .invalid { trial.reasons += result.events.filter { $0.kind == "disturbed" }.map(\.detail) }
      if trial.reasons.isEmpty { trial.reasons = ["the trial has no \(search.metric)"] }
      reading = .unusable
      histogram = nil
    }
    self.trial = trial
  }

  /// Why the subject did not carry the load; nil when it did, or when it is not known to be its doing.
  private static func pushback(
    _ phase: PhaseResult, _ status: TrialResult.Status, _ figure: Figure?, _ drainNanoseconds: Int64
  ) -> String? {
    let counts = phase.counts
    let arrived = counts.received + counts.redelivered
    // What no queue wanted, or went back to its publisher for that, was never owed to a consumer.
    let routed = counts.sent - counts.unroutable - counts.returned
    // One that leads to several queues is owed to each: what they dropped is known, how many they are is not.
    let owed = max(routed, arrived + counts.dropped)
    if Double(arrived) < deliveredShare * Double(owed) {
      return
        "the subject had handed over only \(QuantityText.count(counts.received)) of \(QuantityText.count(owed)) "
        + "messages when the drain was over"
    }
    guard status == .invalid else { return nil }
    if let drained = phase.drainNanoseconds, drained >= drainNanoseconds { return "the drain timed out" }
    if let waits = phase.ring?.fullWaits, waits > 0 {
      return "the subject blocked its producers \(QuantityText.count(waits)) times"
    }
    if let figure, figure.isOverBySending { return "the time from the actual sending on was over the limit, too" }
    return nil
  }
}

/// The limited figure of one phase.
private struct Figure {
  /// In nanoseconds.
  let observed: Double
  /// As a multiple of what is allowed.
  let ratio: Double
  /// The variance of `ratio` if messages were independent of each other.
  let leastVariance: Double
  let histogram: LatencyHistogram?
  /// Whether the same figure is over the limit when it counts from the actual sending, so that the generator is not to blame.
  let isOverBySending: Bool

  /// Nil when the phase has no such times.
  init?(_ phase: PhaseResult, _ search: Scenario.CapacitySearch) {
    let series = search.series == "hiccup" ? phase.platform?.hiccup : phase[series: search.series]
    guard let series, let histogram = try? series.histogram(), !histogram.isEmpty else { return nil }
    self.histogram = histogram
    let limit = Double(search.limitNanoseconds)
    switch search.statistic {
    case .percentile(_, let share):
      // Requests that were answered too late for their callers have no time, but took longer than any that has.
      let missing = phase.counts.errors
      let beyond = histogram.count - histogram.countAtOrBelow(search.limitNanoseconds) + missing
      let count = Double(histogram.count + missing)
      observed = Double(histogram.value(atPercentile: 100 * (1 - share)))
      ratio = Double(beyond) / count / share
      leastVariance = (1 - share) / share / count
      isOverBySending =
        phase.serviceTime.flatMap { try? $0.histogram() }.map {
          Double($0.value(atPercentile: 100 * (1 - share))) > limit
        } ?? false
    case .mean:
      observed = series.mean
      ratio = series.mean / limit
      let deviation = series.standardDeviation / limit
      leastVariance = deviation * deviation / Double(series.count)
      isOverBySending = phase.serviceTime.map { $0.mean > limit } ?? false
    }
  }
}
