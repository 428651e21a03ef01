import ResultModel

extension LatencySummary {
  /// Makes the intervals of a merged series at least as wide as the trials' own say, where a phase's level wandered.
  ///
  /// Merging counts every message as one more independent value, which those of a wandering level are not. The level of the whole is the
  /// mean of the trials' levels, and the trials do not depend on each other: their errors, each a share of its value, add up as the root
  /// of the sum of squares over their number. For a single trial that is its own interval. A percentile that a trial knows no interval
  /// of has none in the whole either.
  mutating func widenIntervals(asIn trials: [LatencySummary]) {
    for (name, known) in percentileCI95 {
      guard let value = percentiles[name] else { continue }
      var squaredBelow = 0.0
      var squaredAbove = 0.0
      var isKnown = !trials.isEmpty
      for trial in trials {
        guard let own = trial.percentiles[name], own > 0, let interval = trial.percentileCI95[name] else {
          isKnown = false
          break
        }
        let below = 1 - Double(interval.low) / Double(own)
        let above = Double(interval.high) / Double(own) - 1
        squaredBelow += below * below
        squaredAbove += above * above
      }
      let count = Double(trials.count)
      let low = Int64(exactly: (Double(value) * (1 - squaredBelow.squareRoot() / count)).rounded())
      let high = Int64(exactly: (Double(value) * (1 + squaredAbove.squareRoot() / count)).rounded())
      guard isKnown, let low, let high else {
        percentileCI95[name] = nil
        continue
      }
      percentileCI95[name] = Interval(Swift.min(known.low, low), Swift.max(known.high, high))
    }
  }
}
