import Distributions
public import ScenarioModel

/// Which trial of which variant is run when.
public struct TrialPlan: Sendable, Equatable {
  /// All trials in the order of their execution.
  public let trials: [PlannedTrial]
  /// What is run before all of them, and does not count; nil where nothing is.
  ///
  /// The first trial in a process pays once for what later ones find there: memory, code, threads. In a process that trials share it
  /// would stand against its own variant, time after time in the same direction, so it is run once more before. It is kept, like every
  /// trial, with an index of its own.
  public let rehearsal: PlannedTrial?

  /// The plan of a run with so many variants. Trial i of each variant has the seed `seed` + i.
  ///
  /// Rounds in pairs go forth or back by lot, as often the one as the other: what drifts evenly cancels out, and what disturbs the
  /// machine at even intervals cannot run in step with one side, as it can with a, b, b, a again and again.
  ///
  /// Sources of the orders: A. Abedi and T. Brecht, "Conducting Repeatable Experiments in Highly Variable Cloud Computing
  /// Environments", ICPE 2017 (randomised multiple interleaved trials); R. A. Fisher, "The Design of Experiments", 1935, section 21 (lots
  /// within pairs, which make a test by signs valid).
  public init(variantCount: Int, trials options: Scenario.Trials, seed: UInt64) {
    var trials: [PlannedTrial] = []
    func add(_ variantIndex: Int, _ index: Int) {
      trials.append(
        PlannedTrial(variantIndex: variantIndex, index: index, order: trials.count, seed: seed &+ UInt64(index)))
    }
    switch options.order {
    case .sequential:
      for variant in 0..<variantCount { for index in 0..<options.countMax { add(variant, index) } }
    case .paired:
      var random = Xoshiro256(seed: seed, stream: UInt64(options.countMax))
      let isForth = (0..<options.countMax).map { $0 % 2 == 0 }.shuffled(using: &random)
      for index in 0..<options.countMax {
        for variant in 0..<variantCount { add(isForth[index] ? variant : variantCount - 1 - variant, index) }
      }
    case .randomised:
      for index in 0..<options.countMax {
        var random = Xoshiro256(seed: seed, stream: UInt64(index))
        for variant in (0..<variantCount).shuffled(using: &random) { add(variant, index) }
      }
    }
    self.trials = trials
    rehearsal =
      options.process == .shared && trials.count > 1
      ? PlannedTrial(
        variantIndex: trials[0].variantIndex, index: options.countMax, order: 0, seed: trials[0].seed) : nil
  }
}
