extension ScenarioBuilder {
  /// The queue a consumer group takes from.
  mutating func queue(in section: Section, _ group: Group, _ topology: Scenario.Topology) -> String {
    let names = topology.queues.map(\.name)
    if let name = givenText("from", in: section) {
      checkReference(name, among: names, "queue", at: section.position(of: "from"))
      return text("from", in: section)
    }
    guard names.count == 1 else {
      if section.given("from") == nil {
        report(
          .missingKey, "`\(section.path)` does not say which queue it takes from", at: group.source,
          "add from: \(names.joined(separator: " or "))")
      }
      return names.first ?? ""
    }
    return text("from", in: section, default: names[0])
  }

  /// The routing keys of a producer group, as given, drawn, or the only one that reaches anything; and how the next is chosen.
  mutating func keys(
    in section: Section, of group: Scenario.ProducerGroup, _ topology: Scenario.Topology
  ) -> ([String], Scenario.KeyChoice) {
    guard case .map = section.given("keys")?.kind else {
      return (listedKeys(in: section, of: group, topology), .inTurn)
    }
    return drawnKeys(from: topology.knownKeys(of: group.exchange), in: section)
  }

  private mutating func listedKeys(
    in section: Section, of group: Scenario.ProducerGroup, _ topology: Scenario.Topology
  ) -> [String] {
    let known = topology.knownKeys(of: group.exchange)
    var keys: [String] = []
    if let node = section.given("keys") {
      guard case .list(let items) = node.kind else { return known }
      if items.isEmpty {
        report(.missingKey, "`keys` is empty", at: node.position, "name at least one routing key")
      }
      for item in items {
        guard let key = item.scalar else { continue }
        keys.append(key)
        // What is mandatory may be meant to come back.
        if !group.isMandatory, topology.isRouted(group.exchange), topology.queues(reachedBy: key, of: group).isEmpty {
          report(
            .unknownReference, "the routing key `\(key)` reaches no queue", at: item.position,
            Spelling.suggestion(for: key, among: known)
              ?? (group.exchange.isEmpty ? "the default exchange routes by queue name" : "bind a queue with this key"))
        }
      }
    } else {
      keys = known
      if topology.isRouted(group.exchange) { checkOnlyKey(known, in: section, of: group, topology) }
    }
    record(
      .array(keys.map(JSONValue.string)), keys.joined(separator: ", "), "keys", in: section,
      isDefault: section.given("keys") == nil)
    return keys
  }

  /// Without `keys` there must be exactly one that leads somewhere.
  private mutating func checkOnlyKey(
    _ known: [String], in section: Section, of group: Scenario.ProducerGroup, _ topology: Scenario.Topology
  ) {
    guard known.count != 1 || topology.queues(reachedBy: known[0], of: group).isEmpty else { return }
    report(
      .missingKey,
      known.count == 1
        ? "what `\(section.path)` publishes reaches no queue"
        : "`\(section.path)` does not say which routing keys it uses", at: section.position,
      known.count < 2 ? "add a binding from `\(group.exchange)`" : "add keys: [\(known.joined(separator: ", "))]")
  }

  /// Reports queues that fill and are never emptied, and batches that never fit.
  mutating func checkRoutes(_ workload: Scenario.Workload, _ topology: Scenario.Topology, in section: Section) {
    let emptied = Set(workload.consumerGroups.flatMap(\.queues))
    let areConsumersKnown = emptied.isSubset(of: topology.queues.map(\.name))
    var reported: Set<String> = []
    for group in workload.producerGroups {
      let reached = Set(group.keys.flatMap { topology.queues(reachedBy: $0, of: group) })
      for queue in topology.queues where reached.contains(queue.name) {
        if areConsumersKnown, !emptied.contains(queue.name), reported.insert(queue.name).inserted {
          report(
            .conflict, "the queue `\(queue.name)` is filled by `\(group.name)`, but no consumer takes from it",
            at: queuePosition(queue.name, else: group.source), "add a consumer with from: \(queue.name)")
        }
        if group.batchCount > queue.messageCountLimit, queue.overflow != .dropHead {
          report(
            .conflict,
            "a batch of \(group.batchCount) never fits into `\(queue.name)`, whose max_length is "
              + "\(queue.messageCountLimit)", at: queuePosition(queue.name, else: group.source),
            "use max_length: \(group.batchCount) or more, or a smaller batch")
        }
      }
      checkRefusals(group, topology)
    }
    for queue in topology.queues where areConsumersKnown && !emptied.contains(queue.name) {
      let sources = topology.queues.filter { topology.deadLetterQueues(of: $0, sentBy: workload).contains(queue.name) }
      guard let source = sources.first, reported.insert(queue.name).inserted else { continue }
      report(
        .conflict, "the queue `\(queue.name)` gets the dead letters of `\(source.name)`, but no consumer takes from it",
        at: queuePosition(queue.name, else: section.position), "add a consumer with from: \(queue.name)")
    }
  }

  /// A message that one of its queues refuses and another takes is neither accepted nor rejected: the verification could
  /// not tell what has to arrive where.
  private mutating func checkRefusals(_ group: Scenario.ProducerGroup, _ topology: Scenario.Topology) {
    for key in group.keys {
      let names = topology.queues(reachedBy: key, of: group)
      let reached = topology.queues.filter { names.contains($0.name) }
      guard reached.count > 1, let refusing = reached.first(where: { $0.overflow.refuses }) else { continue }
      report(
        .notSupportedYet,
        "`overflow: \(refusing.overflow.rawValue)` is not supported yet for `\(refusing.name)`, since the routing key `\(key)` leads to "
          + "other queues too", at: queuePosition(refusing.name, else: group.source),
        "use overflow: block, or a routing key of its own")
    }
  }

  func queuePosition(_ name: String, else position: SourcePosition) -> SourcePosition {
    root["topology"]?["queues"]?.entry(name)?.keyPosition ?? position
  }
}
