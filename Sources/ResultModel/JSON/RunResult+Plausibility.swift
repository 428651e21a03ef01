extension RunResult {
  /// The place of a count, duration or share below 0, which no run yields; nil when there is none. O(size of the result).
  var negativePlace: String? {
    if durationNanoseconds < 0 { return "duration_ns" }
    if let rules = comparisonRules, rules.maxRegression < 0 { return "compare.max_regression" }
    for (variantIndex, variant) in variants.enumerated() {
      for (trialIndex, trial) in variant.trials.enumerated() {
        for (phaseIndex, phase) in trial.phases.enumerated() {
          guard let name = phase.negativeName else { continue }
          return "variants.\(variantIndex).trials.\(trialIndex).phases.\(phaseIndex).\(name)"
        }
      }
    }
    return nil
  }
}

extension PhaseResult {
  fileprivate var negativeName: String? {
    if let name = counts.byName.first(where: { $0.count < 0 })?.name { return "counts.\(name)" }
    if let found = verification, min(found.lost, found.duplicated, found.reordered, found.corrupted) < 0 {
      return "verify"
    }
    if startOffsetNanoseconds < 0 { return "start_offset_ns" }
    if durationNanoseconds < 0 { return "duration_ns" }
    if let name = series.first(where: { $0.summary.count < 0 || $0.summary.min < 0 })?.name { return name }
    let isWrong = intervals.contains { min($0.lengthNanoseconds, Int64($0.sent), Int64($0.received)) < 0 }
    return isWrong ? "intervals" : nil
  }
}
