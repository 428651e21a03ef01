import Distributions
public import ScenarioModel

/// Which trial of which variant is run when.
public struct TrialPlan: Sendable, Equatable {
  /// All trials in the order of their execution.
  public let trials: [PlannedTrial]

  /// The plan of a run with so many variants. Trial i of each variant has the seed `seed` + i.
  ///
  /// Source of the order: A. Abedi and T. Brecht, "Conducting Repeatable Experiments in Highly Variable Cloud Computing
  /// Environments", ICPE 2017 (randomised multiple interleaved trials).
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
      for index in 0..<options.countMax {
        for variant in 0..<variantCount { add(index % 2 == 0 ? variant : variantCount - 1 - variant, index) }
      }
    case .randomised:
      for index in 0..<options.countMax {
        var random = Xoshiro256(seed: seed, stream: UInt64(index))
        for variant in (0..<variantCount).shuffled(using: &random) { add(variant, index) }
      }
    }
    self.trials = trials
  }
}
