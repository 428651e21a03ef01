import ResultModel
import ScenarioModel

/// What a reader should know about the trials of a run before believing the figures.
struct TrialNotes {
  let options: Scenario.Trials

  /// Sentences, the most important first.
  func notes(on variants: [VariantResult]) -> [String] {
    let trials = variants.flatMap(\.trials)
    var notes: [String] = []
    let disturbed = trials.filter { $0.status == .disturbed }.count
    if disturbed > 0 {
      let repeated = trials.filter { $0.repeats != nil }.count
      notes.append("\(disturbed) of \(trials.count) trials were disturbed and do not count; \(repeated) were repeats")
    }
    if let rule = options.stopEarly {
      let open = variants.filter { !EarlyStop(rule: rule).isSatisfied(by: $0) }
      if !open.isEmpty {
        let width = QuantityText.significant(100 * rule.intervalWidth)
        notes.append(
          "the interval of \(rule.metric) did not become as narrow as \(width) % in \(open.count) of \(variants.count) "
            + "variants: more trials are needed, or a quieter machine")
      }
    }
    return notes + missedFaults(in: trials)
  }

  /// One sentence per phase and kind of fault that did not happen as often as it was to.
  private func missedFaults(in trials: [TrialResult]) -> [String] {
    let found = trials.flatMap(\.phases).flatMap { phase in (phase.faults ?? []).map { (phase.name, $0) } }
      .filter { $0.1.planned != nil }
    var seen: Set<[String]> = []
    return found.filter { seen.insert([$0.0, $0.1.kind]).inserted }.compactMap { phase, fault in
      let alike = found.filter { $0.0 == phase && $0.1.kind == fault.kind }.map(\.1)
      let injected = alike.reduce(0) { $0 + $1.injected }
      let planned = alike.reduce(0) { $0 + ($1.planned ?? 0) }
      guard injected < planned else { return nil }
      return "phase \(phase): \(fault.kind) happened \(injected) of \(planned) times: the phase was over, another fault had the "
        + "worker, or it had no message to die with"
    }
  }
}
