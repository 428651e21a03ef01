extension ScenarioBuilder {
  /// In a simulation only what is declared takes time: the load's intervals and the service times.
  mutating func checkVirtualTime(
    _ load: Scenario.Load, of workload: Scenario.Workload, _ faults: [Scenario.Fault], at position: SourcePosition
  ) {
    if workload.pattern == .ring {
      report(
        .conflict, "a bare ring has nothing to simulate: in virtual time its items take no time", at: position,
        "use time: wall, or the pattern work_queue")
    }
    for phase in load.phases {
      switch phase.kind {
      case .saturate, .backlog:
        report(
          .conflict, "in virtual time sending takes no time, so nothing can be saturated", at: phase.source,
          "use constant, poisson or in_flight")
      case .inFlight where workload.producerGroups.contains { $0.serviceTime.highest == 0 }:
        report(
          .conflict, "in virtual time `in_flight` needs work that takes time", at: phase.source,
          "add service_time: { exponential: 100us } under workload")
      default: break
      }
    }
    for group in workload.consumerGroups {
      let words: String
      switch group.busy {
      case .touch: words = "reading the payload takes no time, so `busy: touch` means nothing"
      case .fibonacci: words = "computing takes no time, so `busy: { fibonacci: … }` means nothing"
      case .spin, .sleep: continue
      }
      report(
        .conflict, "in virtual time \(words)", at: group.source, "use busy: spin, and declare a service_time")
    }
    if !faults.isEmpty {
      report(
        .notSupportedYet, "`faults` are not supported yet in virtual time",
        at: root["faults"]?.position ?? position, "use time: wall")
    }
  }
}
