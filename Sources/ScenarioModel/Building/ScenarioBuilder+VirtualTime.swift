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
    if workload.pattern == .tasks {
      report(
        .notSupportedYet, "the pattern `tasks` is not supported yet in virtual time", at: position, "use time: wall")
    }
    for group in workload.producerGroups where !group.encoding.isPlain {
      report(
        .conflict, "in virtual time encoding takes no time, so that `serializer` and `compression` mean nothing",
        at: group.source, "use serializer: raw and compression: none, or time: wall")
    }
    for phase in load.phases {
      switch phase.kind {
      case .saturate, .backlog:
        report(
          .conflict, "in virtual time sending takes no time, so nothing can be saturated", at: phase.source,
          "use constant, poisson or in_flight")
      case .inFlight
      where workload.pattern != .tasks && workload.producerGroups.contains { $0.serviceTime.highest == 0 }:
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
