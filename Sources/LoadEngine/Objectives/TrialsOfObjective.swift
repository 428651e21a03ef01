import ResultModel
import ScenarioModel
import Statistics

/// What the trials of a variant together say about an objective.
struct TrialsOfObjective {
  /// The median of what was observed.
  let observed: Double
  /// The limit; where that is measured itself, what `observed` is compared with so that the comparison is the one that decides.
  let limit: Double
  /// The 95 % interval of `observed`; nil with too few trials.
  let interval: Interval<Double>?
  /// Whether the median holds.
  let holds: Bool
  /// Whether it would with every uncertain percentile as low as it can be.
  let floorHolds: Bool

  /// Nil for no trials, and for figures that cannot be compared.
  init?(_ expression: ObjectiveExpression, _ trials: [ObjectiveJudgement]) {
    let comparison = expression.comparison
    guard let observed = SampleStatistics.median(trials.map(\.observed)), !observed.isNaN else { return nil }
    self.observed = observed
    if let constant = expression.constantLimit {
      limit = constant
      holds = comparison.holds(observed, constant)
      let floor = SampleStatistics.median(trials.map(\.floorObserved)) ?? observed
      floorHolds = comparison.holds(floor, constant)
      interval = Self.interval(of: trials.map(\.observed), shiftedBy: 0)
      return
    }
    let differences = trials.map { $0.observed - $0.limit }
    let floors = trials.map { $0.floorObserved - $0.floorLimit }
    guard let difference = SampleStatistics.median(differences), difference.isFinite,
      let floor = SampleStatistics.median(floors)
    else { return nil }
    limit = observed - difference
    holds = comparison.holds(difference, 0)
    floorHolds = comparison.holds(floor, 0)
    interval = Self.interval(of: differences, shiftedBy: observed - difference)
  }

  private static func interval(of values: [Double], shiftedBy shift: Double) -> Interval<Double>? {
    guard values.allSatisfy(\.isFinite) else { return nil }
    return AcceleratedBootstrap.median(of: values).map { Interval($0.low + shift, $0.high + shift) }
  }
}
