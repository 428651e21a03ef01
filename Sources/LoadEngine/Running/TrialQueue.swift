import ResultModel
import ScenarioModel

/// What is run next: the plan, without trials of variants that are measured well enough, then what was disturbed again.
struct TrialQueue {
  private let options: Scenario.Trials
  private var planned: ArraySlice<PlannedTrial>
  private var disturbed: [PlannedTrial] = []
  /// By variant, the index that a repeated trial gets.
  private var nextIndex: [Int: Int] = [:]
  /// The index of the planned trial that is repeated and how often that has happened, by the repeating trial's order.
  private var repetitions: [Int: (index: Int, count: Int)] = [:]
  private var order = 0

  init(of run: ScenarioVariants) {
    options = run.first.trials
    // A search decides after each trial which comes next.
    planned =
      run.first.search == nil
      ? TrialPlan(variantCount: run.variants.count, trials: options, seed: run.first.seed).trials[...] : []
  }

  /// The next trial, given what has been measured; nil at the end.
  mutating func next(_ measured: [VariantResult]) -> PlannedTrial? {
    let rule = options.stopEarly.map(EarlyStop.init)
    while var trial = planned.popFirst() {
      if let rule, rule.isSatisfied(by: measured[trial.variantIndex]) { continue }
      trial.order = takeOrder()
      return trial
    }
    guard let original = disturbed.first else { return nil }
    disturbed.removeFirst()
    var trial = original
    let index = nextIndex[trial.variantIndex] ?? options.countMax
    nextIndex[trial.variantIndex] = index + 1
    trial.index = index
    trial.order = takeOrder()
    let earlier = repetitions[original.order] ?? (original.index, 0)
    repetitions[trial.order] = (earlier.index, earlier.count + 1)
    return trial
  }

  /// The index of the planned trial that this one repeats; nil for a planned one.
  func repeated(_ trial: PlannedTrial) -> Int? { repetitions[trial.order]?.index }

  /// Has a disturbed trial repeated, as often as the scenario allows.
  mutating func note(_ result: TrialResult, of trial: PlannedTrial) {
    guard result.status == .disturbed, let limits = options.disturbed else { return }
    if (repetitions[trial.order]?.count ?? 0) < limits.rerunLimit { disturbed.append(trial) }
  }

  private mutating func takeOrder() -> Int {
    defer { order += 1 }
    return order
  }
}
