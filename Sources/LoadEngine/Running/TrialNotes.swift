import ResultModel
import ScenarioModel

/// What a reader should know about the trials of a run before believing the figures.
struct TrialNotes {
  let options: Scenario.Trials

  /// Sentences, the most important first.
  func notes(on variants: [VariantResult]) -> [String] {
    let trials = variants.flatMap(\.trials).filter { !$0.isRehearsal }
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
    return notes + WarmupSteadiness.notes(on: trials) + missedFaults(in: trials) + clippedSeries(in: trials)
  }

  /// One sentence per phase and series with values above the range of the histograms.
  private func clippedSeries(in trials: [TrialResult]) -> [String] {
    let phases = trials.flatMap(\.phases)
    var seen: Set<String> = []
    return phases.map(\.name).filter { seen.insert($0).inserted }.flatMap { phase in
      PhaseResult.seriesNames.compactMap { series in
        let summaries = phases.filter { $0.name == phase }.compactMap { $0[series: series] }
        let clipped = summaries.reduce(0) { $0 + ($1.saturatedCount ?? 0) }
        guard clipped > 0 else { return nil }
        let count = summaries.reduce(0) { $0 + $1.count }
        let share = "\(QuantityText.count(clipped)) of \(QuantityText.count(count)) values of \(series)"
        return "phase \(phase): \(share) were above measure.histogram.max: its mean and the percentiles that they "
          + "reach are larger than given, only its maximum is exact; use a larger histogram.max"
      }
    }
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
      return "phase \(phase): \(fault.kind) happened \(injected) of \(planned) times: the phase was over, another "
        + "fault had the worker, or it had no message to die with"
    }
  }
}
