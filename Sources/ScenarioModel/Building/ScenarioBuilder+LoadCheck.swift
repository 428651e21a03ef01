extension ScenarioBuilder {
  /// What a load asks of a ring; `key` is the load's key, written at `position`.
  mutating func checkLoad(
    _ kind: Scenario.Phase.Kind, on ring: Scenario.Ring, of workload: Scenario.Workload, _ key: String,
    at position: SourcePosition
  ) {
    switch kind {
    case .inFlight(let limit):
      if !ring.isRoundTrip {
        report(
          .conflict, "`in_flight` counts items that come back, and this ring sends none back", at: position,
          "add round_trip: true to `ring`, or use saturate")
      } else if limit > ring.capacity {
        report(
          .conflict, "\(limit) items in flight never fit into a ring of \(ring.capacity)", at: position,
          "use in_flight: \(ring.capacity) or less, or a larger capacity")
      } else if limit > 1, ring.kind == .lifo {
        report(
          .conflict,
          "a `lifo` ring returns \(limit) items in flight in another order, and each would be timed as another",
          at: position, "use in_flight: 1")
      }
    case _ where ring.isRoundTrip:
      report(
        .conflict, "a ring with `round_trip` sends when items come back, and `\(key)` does not wait for them",
        at: position, "use in_flight: 1, or remove `round_trip`")
    case .constant, .poisson, .varying, .burst, .trace: checkTimedItems(ring, workload, key, at: position)
    case .saturate, .backlog, .schedule: break
    }
  }

  /// In an open loop each item carries the times that its latency counts from, beside its number.
  private mutating func checkTimedItems(
    _ ring: Scenario.Ring, _ workload: Scenario.Workload, _ key: String, at position: SourcePosition
  ) {
    let smallest = workload.producerGroups.map(\.payloadByteCount).min() ?? 0
    if smallest < 32 {
      report(
        .conflict, "`\(key)` needs items that carry their times, and \(smallest)B have no room for them",
        at: position, "use a payload of 32B or more, or saturate")
    }
    if ring.publish == .lazy {
      report(
        .conflict, "`\(key)` sends each item at its time, and `publish: lazy` holds items back", at: position,
        "use publish: each, or saturate")
    }
  }

  /// A message that reaches two queues is handled twice, so that nobody could say how many are outstanding.
  mutating func checkInFlight(_ load: Scenario.Load, of workload: Scenario.Workload, _ topology: Scenario.Topology) {
    guard workload.pattern.isOneWay else { return }
    let copied = workload.producerGroups.lazy.flatMap { group in
      group.keys.lazy.map { key in (key, topology.queues(reachedBy: key, of: group)) }
    }.first { $0.1.count > 1 }
    guard let (key, queues) = copied else { return }
    for phase in load.phases where !phase.isWarmup {
      guard case .inFlight = phase.kind else { continue }
      report(
        .conflict,
        "`in_flight` counts messages until they are handled, and the routing key `\(key)` takes each to "
          + queues.map { "`\($0)`" }.joined(separator: " and "),
        at: phase.source, "bind each key to one queue, or use saturate")
    }
  }
}
