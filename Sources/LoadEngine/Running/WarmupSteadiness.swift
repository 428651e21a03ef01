import ResultModel
import ScenarioModel
import Statistics

/// Whether a warm-up reached what it is there for: a stretch in which neither rate nor median rises or falls.
struct WarmupSteadiness {
  private static let rule = SteadyState(length: 8, limit: 0.1)

  /// So many intervals make a warm-up: two windows.
  private static let intervalCount: Int64 = 16
  /// A shorter one would show the scheduler rather than the subject.
  private static let shortestNanoseconds: Int64 = 20_000_000

  /// How long the rows of a phase's time series are: `usual`, but a short warm-up is cut finer, or it could not be judged.
  static func interval(of phase: Scenario.Phase, usual: Int64) -> Int64 {
    guard phase.isWarmup, let duration = phase.durationNanoseconds else { return usual }
    return min(usual, max(shortestNanoseconds, duration / intervalCount))
  }

  /// One sentence for each warm-up that did not become steady, or of which no trial can tell.
  static func notes(on trials: [TrialResult]) -> [String] {
    let warmups = trials.flatMap(\.phases).filter { $0.sampleType == .warmup }
    // Of those that were stopped, perhaps within their warm-up, nothing could be expected.
    let isExpected = trials.contains { $0.status != .aborted }
    var seen: Set<String> = []
    return warmups.map(\.name).filter { seen.insert($0).inserted }.compactMap { name in
      let verdicts = warmups.filter { $0.name == name }.compactMap(isSteady)
      guard !verdicts.isEmpty else {
        guard isExpected else { return nil }
        return "phase \(name): too short to tell whether it became steady, which takes \(rule.length) intervals of "
          + "\(QuantityText.exactDuration(nanoseconds: shortestNanoseconds)) or more with messages in each; the first figures "
          + "after it may belong to it"
      }
      let unsteadyCount = verdicts.count { !$0 }
      // Fine intervals are uneven where the machine is: now and then that happens to any warm-up, to one that is too short mostly.
      guard 2 * unsteadyCount >= verdicts.count else { return nil }
      return "phase \(name): never became steady in \(unsteadyCount) of \(verdicts.count) trials: rate or median still "
        + "changed by more than \(QuantityText.significant(100 * rule.limit)) %, and by more than they vary anyway, over every "
        + "\(rule.length) intervals, so that the first figures after it may belong to it; use a longer warm-up"
    }
  }

  /// Nil when there are too few whole intervals.
  static func isSteady(_ phase: PhaseResult) -> Bool? {
    // Any one may be longer, the first as well, where the engine's thread had to wait for a core.
    let length = SampleStatistics.median(phase.intervals.map { Double($0.lengthNanoseconds) }) ?? 0
    // The last one may be cut short, or belong to the drain.
    let whole = phase.intervals.filter {
      2 * Double($0.lengthNanoseconds) >= length && $0.received > 0 && $0.p50 != nil
    }
    guard length > 0, whole.count >= rule.length else { return nil }
    let rates = whole.map { Double($0.received) * 1e9 / Double($0.lengthNanoseconds) }
    let series = [rates, whole.compactMap(\.p50).map(Double.init)]
    // A line through eight figures changes by 1.08 times their unevenness, by chance.
    let limit = max(rule.limit, 2 * 1.08 * (series.map(unevenness).max() ?? 0))
    return SteadyState(length: rule.length, limit: limit).start(of: series) != nil
  }

  /// How much neighbours differ, as the standard deviation of figures that would differ so by chance, as a share of their mean.
  ///
  /// The median of the differences, so that the first jumps of a warm-up do not excuse what comes after them.
  private static func unevenness(_ values: [Double]) -> Double {
    let steps = zip(values, values.dropFirst()).map { abs($1 - $0) }
    guard let step = SampleStatistics.median(steps), let mean = SampleStatistics.mean(values), mean > 0 else {
      return 0
    }
    return step / (0.6745 * 2.0.squareRoot()) / mean
  }
}
