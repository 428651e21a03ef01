public import ScenarioModel
public import Statistics

extension CapacitySearch.Options {
  /// What the scenario asks for.
  public init(_ search: Scenario.CapacitySearch) {
    let largest: Double? = if case .percentile(_, let share) = search.statistic { 1 / share } else { nil }
    self.init(
      from: search.from, bounds: min(search.lowestRatePerSecond, search.from)...search.to, precision: search.precision,
      trialCount: search.trialCount, largestRatio: largest)
  }
}
