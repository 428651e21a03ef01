extension ScenarioBuilder {
  /// A time limit needs a process that can be ended, and must leave time for the phases.
  mutating func checkTimeout(
    _ trials: Scenario.Trials, _ load: Scenario.Load, _ time: Scenario.Time, isSearched: Bool, in section: Section
  ) {
    guard let timeout = trials.timeoutNanoseconds, let node = root["trials"]?["timeout"] else { return }
    if trials.process == .shared {
      report(
        .conflict, "a trial in the process of the run cannot be ended, so `timeout` would mean nothing",
        at: node.position, "remove `timeout`, or use process: fresh")
    }
    // A simulation takes its own time.
    guard time == .wall else { return }
    let phases = load.phases.reduce(Int64(0)) { sum, phase in
      // Those that confirm what a search has found are longer.
      sum + (phase.durationNanoseconds ?? 0) * (isSearched && !phase.isWarmup ? Scenario.confirmationFactor : 1)
    }
    if timeout <= phases {
      report(
        .outOfRange,
        "after \(Quantity.durationText(timeout)) every trial would count as hung: its phases alone take "
          + Quantity.durationText(phases), at: node.position,
        "use more than \(Quantity.durationText(phases)) and the time of the drains, or leave `timeout` out")
    }
  }

  /// A rule about a figure that no phase has would never hold.
  mutating func checkMetric(
    of rule: Scenario.Trials.StopEarly?, _ load: Scenario.Load, _ workload: Scenario.Workload?, _ time: Scenario.Time
  ) {
    guard let rule, let workload, let position = root["trials"]?["stop_early"]?["metric"]?.position else { return }
    let phases = load.phases.filter { !$0.isWarmup }
    guard !phases.isEmpty else { return }
    let knowledge = MetricKnowledge(
      workload: workload, phases: phases, isSimulated: time == .virtual, mayRecover: root.mayRecover)
    guard let problem = knowledge.problem(with: rule.metric) else { return }
    report(.conflict, problem.message, at: position, problem.suggestion)
  }
}
