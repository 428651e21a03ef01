import ResultModel
import ScenarioModel

/// One comparison of what was observed with its limit, and what it comes to.
struct ObjectiveJudgement: Equatable {
  enum Outcome: Equatable {
    case holds, broken
    /// Too little was measured to know.
    case undecided
  }

  var outcome: Outcome
  /// Both sides, as the sample has them.
  var observed: Double
  var limit: Double
  /// Both sides with every percentile of too few values replaced by what it is at least.
  var floorObserved: Double
  var floorLimit: Double
  /// The percentiles of too few values.
  var uncertain: [String]

  /// Judges one set of figures; nil when one of them is missing.
  ///
  /// A percentile of too few values never lets an objective pass. It breaks one only when what is certain of it breaks it, too.
  init?(_ expression: ObjectiveExpression, figure: (String) -> PhaseResult.Figure?) {
    var figures: [String: PhaseResult.Figure] = [:]
    for metric in expression.metrics { figures[metric.name] = figure(metric.name) }
    guard let sides = expression.sides({ figures[$0]?.value }) else { return nil }
    let floor = expression.sides { figures[$0]?.floor }
    (observed, limit) = sides
    (floorObserved, floorLimit) = floor ?? sides
    uncertain = figures.filter { !$0.value.isKnown }.keys.sorted()
    let holds = expression.comparison.holds(observed, limit)
    let mayHold = holds || expression.comparison.holds(floorObserved, floorLimit)
    outcome = !mayHold ? .broken : !uncertain.isEmpty ? .undecided : .holds
  }
}

extension ObjectiveExpression.Comparison {
  /// How far what was observed lies beyond the limit; negative on the right side of it.
  func excess(_ observed: Double, over limit: Double) -> Double {
    switch self {
    case .less, .lessOrEqual: observed - limit
    case .greater, .greaterOrEqual: limit - observed
    case .equal: abs(observed - limit)
    }
  }
}
