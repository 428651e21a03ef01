import ResultModel
import Statistics

/// Whether a warm-up reached what it is there for: a stretch in which neither rate nor median rises or falls.
struct WarmupSteadiness {
  private static let rule = SteadyState(length: 8, limit: 0.1)

  /// One sentence for each warm-up that never became steady; nothing of one that is too short to tell.
  static func notes(on trials: [TrialResult]) -> [String] {
    let warmups = trials.flatMap(\.phases).filter { $0.sampleType == .warmup }
    var seen: Set<String> = []
    return warmups.map(\.name).filter { seen.insert($0).inserted }.compactMap { name in
      let verdicts = warmups.filter { $0.name == name }.compactMap(isSteady)
      let unsteadyCount = verdicts.count { !$0 }
      guard unsteadyCount > 0 else { return nil }
      return "phase \(name): never became steady in \(unsteadyCount) of \(verdicts.count) trials: rate or median still "
        + "changed by more than \(QuantityText.significant(100 * rule.limit)) % over every \(rule.length) intervals, so that "
        + "the first figures after it may belong to it; use a longer warm-up"
    }
  }

  /// Nil when there are too few whole intervals.
  static func isSteady(_ phase: PhaseResult) -> Bool? {
    let length = phase.intervals.first?.lengthNanoseconds ?? 0
    // The last one may be cut short, or belong to the drain.
    let whole = phase.intervals.filter { $0.lengthNanoseconds >= length / 2 && $0.received > 0 && $0.p50 != nil }
    guard length > 0, whole.count >= rule.length else { return nil }
    let rates = whole.map { Double($0.received) * 1e9 / Double($0.lengthNanoseconds) }
    return rule.start(of: [rates, whole.compactMap(\.p50).map(Double.init)]) != nil
  }
}
