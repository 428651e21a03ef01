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
    return notes
  }
}
