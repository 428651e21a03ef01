extension ScenarioBuilder {
  /// What comparisons decide; nil when the file does not say, and then they decide nothing.
  ///
  /// Not part of the resolved scenario: what is made of the figures does not change how they come about, so that runs with
  /// and without it can be compared.
  mutating func comparison(
    _ load: Scenario.Load, _ workload: Scenario.Workload?, _ time: Scenario.Time, in root: Section
  ) -> Scenario.Comparison? {
    guard root.given("compare") != nil else { return nil }
    let section = root.section("compare")
    let resolved = json
    defer { json = resolved }
    var comparison = Scenario.Comparison(
      metric: givenText("metric", in: section).map { _ in text("metric", in: section) },
      maxRegression: share("max_regression", in: section), alpha: number("alpha", in: section),
      against: givenText("against", in: section).map { _ in text("against", in: section) },
      confirmationCount: Int(count("confirm", in: section)))
    if comparison.alpha <= 0 || comparison.alpha >= 1 {
      report(
        .outOfRange, "`alpha` is \(Quantity.decimalText(comparison.alpha))", at: section.position(of: "alpha"),
        "use a share between 0 and 1, such as 0.01")
    }
    if let name = comparison.against, !BaselineName.isValid(name) {
      report(
        .invalidValue, "`\(name)` cannot name a baseline", at: section.position(of: "against"),
        "use letters, digits, `.`, `_` and `-`, as in ringside baseline save NAME")
    }
    let phases = load.phases.filter { !$0.isWarmup }
    if let metric = comparison.metric, let workload, !phases.isEmpty {
      comparison.metric = decidingMetric(metric, phases, workload, time, in: section)
    }
    return comparison
  }

  /// The metric as the figures of the run are called, after a look at whether there will be such a figure: with a phase, as in
  /// `latency.p99@steady`, where there are several.
  private mutating func decidingMetric(
    _ metric: String, _ phases: [Scenario.Phase], _ workload: Scenario.Workload, _ time: Scenario.Time,
    in section: Section
  ) -> String {
    let parts = metric.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let phaseName = parts.count > 1 ? parts[1] : nil
    let judged = phases.filter { phaseName == nil || $0.name == phaseName }
    if let phaseName, judged.isEmpty {
      let names = phases.map(\.name)
      report(
        .unknownReference, "no phase whose figures count is called `\(phaseName)`", at: section.position(of: "metric"),
        Spelling.suggestion(for: phaseName, among: names) ?? "it is one of \(names.joined(separator: ", "))")
      return metric
    }
    let knowledge = MetricKnowledge(
      workload: workload, phases: judged, isSimulated: time == .virtual, mayRecover: root.mayRecover,
      phaseName: phaseName)
    if let problem = knowledge.problem(with: parts[0]) {
      report(.conflict, problem.message, at: section.position(of: "metric"), problem.suggestion)
    }
    return phases.count > 1 ? metric : parts[0]
  }
}
