extension ScenarioBuilder {
  /// How often the beat sends a task; nil for never.
  mutating func schedule(in section: Section) -> Int64? {
    guard let node = section.node?["schedule"], case .map = node.kind else { return nil }
    let inner = section.section("schedule")
    guard inner.node?["every"] != nil else {
      if node.entries.isEmpty {
        report(.missingKey, "`schedule` says nothing", at: node.position, "write { every: 100ms }")
      }
      return nil
    }
    return givenText("every", in: inner) == nil ? nil : duration("every", in: inner)
  }

  /// A schedule needs a phase that lasts until it is due, and the beat's tasks alone need no load beside it.
  mutating func checkSchedules(_ load: Scenario.Load, of workload: Scenario.Workload, in section: Section) {
    for task in workload.tasks {
      guard let every = task.scheduleNanoseconds else { continue }
      for phase in load.phases where !phase.isWarmup {
        guard let duration = phase.durationNanoseconds else {
          report(
            .conflict, "`\(task.name)` is sent by a schedule, and the phase `\(phase.name)` has no time to be over",
            at: phase.source, "use a load with `for`")
          return
        }
        guard duration <= every else { continue }
        report(
          .conflict,
          "`\(task.name)` is due every \(Quantity.durationText(every)), and the phase `\(phase.name)` lasts "
            + "\(Quantity.durationText(duration)): it would never be sent",
          at: task.source, "use a shorter `every`, or a longer phase")
        return
      }
    }
    guard workload.isSentByBeatAlone else { return }
    for phase in load.phases where phase.kind != .schedule && !phase.isWarmup {
      report(
        .keyWithoutEffect, "the beat sends every task, so that the load of `\(phase.name)` has nothing to send",
        at: phase.source, "keep `for` alone, or give a task a `weight`")
    }
  }
}
