extension ScenarioBuilder {
  /// The order that is checked: as given, or the strongest that any queue promises, since each is held to its own promise.
  mutating func order(
    for workload: Scenario.Workload?, _ topology: Scenario.Topology, in section: Section
  ) -> Scenario.Verification.Order {
    let promises = promises(of: workload, topology)
    let strongest = promises.map(\.order).max { $0.strength < $1.strength } ?? .perProducer
    let given = givenText("order", in: section).flatMap(Scenario.Verification.Order.init(rawValue:))
    guard let given else {
      // Only what all of them promise may be read as an order that was asked for.
      if promises.allSatisfy({ $0.order == strongest }) {
        record(.string(strongest.rawValue), strongest.rawValue, "order", in: section, isDefault: true)
      } else {
        settings.append(
          .init(path: "\(section.path).order", value: "\(strongest.rawValue), where promised", isDefault: true))
      }
      return strongest
    }
    record(.string(given.rawValue), given.rawValue, "order", in: section, isDefault: false)
    if let weak = promises.first(where: { $0.order.strength < given.strength }) {
      report(
        .conflict, "\(weak.reason), so that `order: \(given.rawValue)` is not promised",
        at: section.position(of: "order"), "remove `order`, or use order: \(weak.order.rawValue)")
    }
    return given
  }

  private struct Promise {
    var order: Scenario.Verification.Order
    /// Why not more, as the beginning of a sentence.
    var reason: String
  }

  private func promises(of workload: Scenario.Workload?, _ topology: Scenario.Topology) -> [Promise] {
    guard let workload else { return [] }
    if let ring = workload.ring {
      return [
        ring.kind == .lifo
          ? Promise(order: .none, reason: "a ring of kind `lifo` keeps no order")
          : Promise(order: .perProducer, reason: "a ring knows no keys")
      ]
    }
    if let pool = workload.pool, pool.concurrency > 1 {
      return [
        Promise(order: .none, reason: "a worker with a `concurrency` of \(pool.concurrency) runs tasks side by side")
      ]
    }
    let kills = (root["faults"]?.items ?? []).contains { $0["kind"]?.scalar == "kill_worker" }
    let filled = Set(
      workload.producerGroups.flatMap { group in group.keys.flatMap { topology.queues(reachedBy: $0, of: group) } })
    return topology.queues.filter { filled.contains($0.name) }.map { queue in
      let order = topology.promisedOrder(of: queue, sentBy: workload)
      if order == .perKey, kills {
        return Promise(
          order: .perProducer, reason: "a consumer of `\(queue.name)` is killed and others take over its keys")
      }
      return Promise(order: order, reason: queue.reason(for: order))
    }
  }
}

extension Scenario.Topology {
  /// The strongest order that a queue promises; none when it gets dead letters, which come when they come.
  public func promisedOrder(
    of queue: Scenario.Queue, sentBy workload: Scenario.Workload
  ) -> Scenario.Verification.Order {
    let getsDeadLetters = queues.contains { deadLetterQueues(of: $0, sentBy: workload).contains(queue.name) }
    return getsDeadLetters ? .none : queue.promisedOrder
  }
}

extension Scenario.Queue {
  /// Why it promises no more than `order`.
  fileprivate func reason(for order: Scenario.Verification.Order) -> String {
    if order == .perProducer { return "consumers of `\(name)` share its keys (dispatch: \(dispatch.rawValue))" }
    if self.order == .lifo { return "`\(name)` hands out the newest first" }
    if highestPriority != nil { return "`\(name)` hands out higher priorities first" }
    if retry != nil { return "`\(name)` delivers again later what failed" }
    if dispatch == .workStealing { return "idle consumers of `\(name)` take messages from others" }
    return "`\(name)` gets dead letters, which come when they come"
  }
}
