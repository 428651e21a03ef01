import Distributions
import ResultModel
import ScenarioModel

/// What is run next: the plan, without trials of variants that are measured well enough, then what was disturbed again; and after
/// that, batch by batch, what confirms a regression.
///
/// Trials in pairs are repeated in pairs: with one side of another hour there would be no pair.
struct TrialQueue {
  private let options: Scenario.Trials
  private let seed: UInt64
  private let baselineIndex: Int?
  private var upcoming: ArraySlice<PlannedTrial>
  private var disturbed: [Repetition] = []
  /// What a trial repeats, by its variant and index.
  private var origins: [Place: Repetition] = [:]
  /// The variants of the present batch, and which confirmation it is; nil for what is measured first.
  private var variantIndices: [Int]
  private var batch: Int?
  /// By variant, the first index that no trial has.
  private var nextIndices: [Int]
  private var order = 0
  private let rehearsal: PlannedTrial?

  private struct Place: Hashable {
    let variantIndex: Int
    let index: Int

    init(_ trial: PlannedTrial) { (variantIndex, index) = (trial.variantIndex, trial.index) }
  }

  /// Trials that are run again side by side.
  private struct Repetition {
    /// The index of the planned trials, and their seed.
    var index: Int
    var seed: UInt64
    var variantIndices: [Int]
    /// How often they have been repeated.
    var count: Int
  }

  init(of run: ScenarioVariants) {
    options = run.first.trials
    seed = run.first.seed
    baselineIndex = run.variants.firstIndex(where: \.isBaseline)
    // A search decides after each trial which comes next.
    let plan = TrialPlan(variantCount: run.variants.count, trials: options, seed: seed)
    let isPlanned = run.first.search == nil
    // A simulation does not mind how warm its process is.
    rehearsal = isPlanned && run.first.time == .wall ? plan.rehearsal : nil
    upcoming = isPlanned ? ([rehearsal].compactMap(\.self) + plan.trials)[...] : []
    variantIndices = Array(run.variants.indices)
    nextIndices = run.variants.map { _ in run.first.trials.countMax }
    if let rehearsal { nextIndices[rehearsal.variantIndex] += 1 }
  }

  /// Whether a trial is run before all others, and does not count.
  func isRehearsal(_ trial: PlannedTrial) -> Bool {
    rehearsal.map { Place($0) == Place(trial) } ?? false
  }

  /// The next trial, given what has been measured; nil at the end of the batch.
  mutating func next(_ measured: [VariantResult]) -> PlannedTrial? {
    let rule = batch == nil ? options.stopEarly.map(EarlyStop.init) : nil
    while true {
      while var trial = upcoming.popFirst() {
        let isRepeated = origins[Place(trial)] != nil
        if !isRepeated, let rule, rule.isSatisfied(by: measured[trial.variantIndex]) { continue }
        trial.order = order
        order += 1
        return trial
      }
      guard !disturbed.isEmpty else { return nil }
      scheduleAgain(disturbed.removeFirst())
    }
  }

  /// Has as many trials of these variants run as the plan has, with seeds of their own: the confirmation of that number, from 1.
  mutating func beginConfirmation(_ number: Int, of variantIndices: [Int]) {
    batch = number
    self.variantIndices = variantIndices
    disturbed = []
    let first = variantIndices.map { nextIndices[$0] }.max() ?? 0
    let plan = TrialPlan(variantCount: variantIndices.count, trials: options, seed: seed &+ UInt64(first))
    upcoming =
      plan.trials.map { trial in
        var trial = trial
        trial.variantIndex = variantIndices[trial.variantIndex]
        trial.index += first
        trial.batch = number
        return trial
      }[...]
    for index in variantIndices { nextIndices[index] = first + options.countMax }
  }

  /// The index of the planned trial that this one repeats; nil for a planned one.
  func repeated(_ trial: PlannedTrial) -> Int? { origins[Place(trial)]?.index }

  /// Has a disturbed trial repeated, as often as the scenario allows.
  mutating func note(_ result: TrialResult, of trial: PlannedTrial) {
    guard result.status == .disturbed, let limits = options.disturbed else { return }
    let earlier = origins[Place(trial)]
    let repetition = Repetition(
      index: earlier?.index ?? trial.index, seed: trial.seed, variantIndices: partners(of: trial.variantIndex),
      count: (earlier?.count ?? 0) + 1)
    guard repetition.count <= limits.rerunLimit else { return }
    // Both sides of a pair may be disturbed, and several candidates beside one baseline.
    if options.order == .paired, let known = disturbed.firstIndex(where: { $0.index == repetition.index }) {
      let all = Set(disturbed[known].variantIndices).union(repetition.variantIndices)
      disturbed[known].variantIndices = all.sorted()
    } else {
      disturbed.append(repetition)
    }
  }

  /// What is run again with a variant: in pairs the baseline with a candidate, and all candidates with the baseline.
  private func partners(of variantIndex: Int) -> [Int] {
    guard options.order == .paired, let baselineIndex, variantIndices.contains(baselineIndex) else {
      return [variantIndex]
    }
    return variantIndex == baselineIndex ? variantIndices : [baselineIndex, variantIndex].sorted()
  }

  private mutating func scheduleAgain(_ repetition: Repetition) {
    let index = repetition.variantIndices.map { nextIndices[$0] }.max() ?? 0
    // By lot, as in the plan: in step with every other index one side could always meet what disturbs at even intervals.
    var random = Xoshiro256(seed: seed, stream: UInt64(index))
    let isForth = Bool.random(using: &random)
    for variant in isForth ? repetition.variantIndices : repetition.variantIndices.reversed() {
      nextIndices[variant] = index + 1
      var trial = PlannedTrial(variantIndex: variant, index: index, order: 0, seed: repetition.seed)
      trial.batch = batch
      origins[Place(trial)] = repetition
      upcoming.append(trial)
    }
  }
}
