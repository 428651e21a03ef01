import ResultModel
import ScenarioModel
import Statistics

/// Judges the objectives of a variant by its trials: one verdict for each phase that an objective is about.
///
/// As a whole, a phase is judged by the median over its trials, with its 95 % interval beside it: trials differ more than the messages of
/// one, and one bad trial is no finding. Where the limit is measured itself, each trial is held against its own limit and the median of the
/// differences decides. Windows are not averaged away: one that is broken in any trial is a breach.
struct ObjectiveJudge {
  let variant: VariantResult
  /// What ids say behind the phase: the variant, where there are several.
  let place: String
  /// Whether the run ended early, so that what was not measured is no finding.
  let isPartial: Bool
  /// Whether what cannot be decided fails the run.
  let isStrict: Bool

  /// The verdicts in the order of the objectives and their phases.
  func verdicts(on objectives: [Scenario.Objective]) -> [Verdict] {
    objectives.enumerated().flatMap { index, objective in
      objective.phases.compactMap { phase in
        objective.windowNanoseconds == nil
          ? wholePhase(objective, phase) : windows(of: objective, index, phase)
      }
    }
  }

  func verdict(_ objective: Scenario.Objective, _ phase: String, ok: Bool) -> Verdict {
    let window = objective.windowNanoseconds.map { " per \(QuantityText.exactDuration(nanoseconds: $0))" } ?? ""
    let source = objective.source
    return Verdict(
      kind: .slo, id: "\(objective.expression.text)@\(phase)\(window)\(place)", ok: ok,
      severity: objective.severity == .warn ? .warn : .error, unit: objective.expression.unit,
      source: SourceLocation(file: source.file, line: source.line, column: source.column))
  }

  /// A verdict that says why there is none; nil where the run ended before it could be measured.
  func inconclusive(_ objective: Scenario.Objective, _ phase: String, _ reason: String) -> Verdict? {
    guard !isPartial else { return nil }
    return undecided(verdict(objective, phase, ok: false), reason)
  }

  private func undecided(_ verdict: Verdict, _ reason: String) -> Verdict {
    var verdict = verdict
    verdict.ok = false
    verdict.isInconclusive = true
    if !isStrict { verdict.severity = .warn }
    verdict.detail = "inconclusive: \(reason)"
    return verdict
  }

  // MARK: - Whole phases

  private func wholePhase(_ objective: Scenario.Objective, _ name: String) -> Verdict? {
    let expression = objective.expression
    let phases = variant.countedTrials.compactMap { $0.phases.first { $0.name == name && $0.sampleType == .normal } }
    guard !phases.isEmpty else { return inconclusive(objective, name, "the phase was not measured") }
    let judgements = phases.compactMap { phase in
      ObjectiveJudgement(expression) { phase.figure(ofMetric: $0) }
    }
    guard judgements.count == phases.count else {
      let missing = expression.metrics.first { metric in phases.contains { $0.figure(ofMetric: metric.name) == nil } }
      return inconclusive(objective, name, "no \(missing?.name ?? "figure") was measured")
    }
    guard let sample = TrialsOfObjective(expression, judgements) else {
      return inconclusive(objective, name, "its figures are no numbers")
    }
    var verdict = verdict(objective, name, ok: sample.holds)
    verdict.observed = sample.observed.isFinite ? sample.observed : nil
    verdict.limit = sample.limit
    verdict.ci95 = sample.interval ?? (phases.count == 1 ? percentileInterval(of: expression, in: phases[0]) : nil)
    let uncertain = Set(judgements.flatMap(\.uncertain)).sorted()
    if !uncertain.isEmpty, sample.holds || sample.floorHolds {
      return undecided(verdict, tooFew(uncertain, phases))
    }
    verdict.detail = remarks(verdict, expression, judgements, phases)
    return verdict
  }

  /// The interval of a percentile within one trial, by the ranks of its own values.
  private func percentileInterval(of expression: ObjectiveExpression, in phase: PhaseResult) -> Interval<Double>? {
    guard let metric = expression.observedMetric, expression.constantLimit != nil else { return nil }
    let parts = metric.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[1].hasPrefix("p") else { return nil }
    let series = parts[0] == "hiccup" ? phase.platform?.hiccup : phase[series: parts[0]]
    return series?.percentileCI95[String(parts[1].dropFirst())].map { Interval(Double($0.low), Double($0.high)) }
  }

  private func tooFew(_ metrics: [String], _ phases: [PhaseResult]) -> String {
    let texts = metrics.map { metric -> String in
      let parts = metric.split(separator: ".", maxSplits: 1).map(String.init)
      let counts = phases.compactMap { (parts[0] == "hiccup" ? $0.platform?.hiccup : $0[series: parts[0]])?.count }
      let needed = Double(parts[1].dropFirst()).map { Int((10 / (1 - $0 / 100)).rounded()) } ?? 0
      let count = counts.min() ?? 0
      return count >= needed
        ? "\(metric) lies beyond the longest time that is told apart (measure.histogram.max)"
        : "\(metric) needs \(QuantityText.count(needed)) values, and a trial has \(QuantityText.count(count))"
    }
    return texts.joined(separator: "; ")
  }

  private func remarks(
    _ verdict: Verdict, _ expression: ObjectiveExpression, _ judgements: [ObjectiveJudgement], _ phases: [PhaseResult]
  ) -> String? {
    var remarks: [String] = []
    if judgements.count > 1 {
      let brokenCount = judgements.count { $0.outcome == .broken }
      remarks.append(
        "median of \(judgements.count) trials" + (brokenCount > 0 ? ", broken in \(brokenCount) of them" : ""))
    }
    if let interval = verdict.ci95, let limit = verdict.limit, interval.low < limit, limit < interval.high {
      remarks.append("the 95 % interval reaches across the limit")
    }
    let unrecovered = phases.count { ($0.unrecoveredFaults ?? 0) > 0 }
    if expression.uses("recovery_time"), unrecovered > 0 {
      remarks.append(
        phases.count > 1 ? "\(unrecovered) of \(phases.count) trials did not recover" : "it did not recover")
    }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }
}
