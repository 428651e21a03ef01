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
    in section: Section, exchange: String, _ topology: Scenario.Topology
  ) -> ([String], Scenario.KeyChoice) {
    guard case .map = section.given("keys")?.kind else {
      return (listedKeys(in: section, exchange: exchange, topology), .inTurn)
    }
    if !exchange.isEmpty {
      checkReference(exchange, among: topology.exchanges.map(\.name), "exchange", at: section.position(of: "to"))
    }
    return drawnKeys(from: Self.knownKeys(exchange, topology), in: section)
  }

  private mutating func listedKeys(
    in section: Section, exchange: String, _ topology: Scenario.Topology
  ) -> [String] {
    if !exchange.isEmpty {
      checkReference(exchange, among: topology.exchanges.map(\.name), "exchange", at: section.position(of: "to"))
    }
    let known = Self.knownKeys(exchange, topology)
    var keys: [String] = []
    if let node = section.given("keys") {
      guard case .list(let items) = node.kind else { return known }
      if items.isEmpty {
        report(.missingKey, "`keys` is empty", at: node.position, "name at least one routing key")
      }
      for item in items {
        guard let key = item.scalar else { continue }
        keys.append(key)
        if Self.isRouted(exchange, topology), !known.contains(key) {
          report(
            .unknownReference, "the routing key `\(key)` reaches no queue", at: item.position,
            Spelling.suggestion(for: key, among: known)
              ?? (exchange.isEmpty ? "the default exchange routes by queue name" : "bind a queue with this key"))
        }
      }
    } else {
      keys = known
      if known.count != 1, Self.isRouted(exchange, topology) {
        report(
          .missingKey, "`\(section.path)` does not say which routing keys it uses", at: section.position,
          known.isEmpty ? "add a binding from `\(exchange)`" : "add keys: [\(known.joined(separator: ", "))]")
      }
    }
    record(
      .array(keys.map(JSONValue.string)), keys.joined(separator: ", "), "keys", in: section,
      isDefault: section.given("keys") == nil)
    return keys
  }

  /// Whether the exchange is one whose routes can be worked out: not one that was refused already.
  private static func isRouted(_ exchange: String, _ topology: Scenario.Topology) -> Bool {
    exchange.isEmpty || topology.exchanges.contains { $0.name == exchange }
  }

  /// All routing keys that reach a queue, in file order, each once.
  static func knownKeys(_ exchange: String, _ topology: Scenario.Topology) -> [String] {
    if exchange.isEmpty { return topology.queues.map(\.name) }
    var seen: Set<String> = []
    return topology.bindings.filter { $0.exchange == exchange && seen.insert($0.key).inserted }.map(\.key)
  }

  /// Reports queues that fill and are never emptied, and batches that never fit.
  mutating func checkRoutes(_ workload: Scenario.Workload, _ topology: Scenario.Topology, in section: Section) {
    let emptied = Set(workload.consumerGroups.map(\.queue))
    let areConsumersKnown = emptied.isSubset(of: topology.queues.map(\.name))
    var reported: Set<String> = []
    for group in workload.producerGroups {
      let reached = Set(group.keys.flatMap { Self.queues(reachedBy: $0, through: group.exchange, topology) })
      for queue in topology.queues where reached.contains(queue.name) {
        if areConsumersKnown, !emptied.contains(queue.name), reported.insert(queue.name).inserted {
          report(
            .conflict, "the queue `\(queue.name)` is filled by `\(group.name)`, but no consumer takes from it",
            at: queuePosition(queue.name, else: group.source), "add a consumer with from: \(queue.name)")
        }
        if group.batchCount > queue.messageCountLimit {
          report(
            .conflict,
            "a batch of \(group.batchCount) never fits into `\(queue.name)`, whose max_length is "
              + "\(queue.messageCountLimit)", at: queuePosition(queue.name, else: group.source),
            "use max_length: \(group.batchCount) or more, or a smaller batch")
        }
      }
      checkRefusals(group, topology)
    }
  }

  /// A message that one of its queues refuses and another takes is neither accepted nor rejected: the verification could
  /// not tell what has to arrive where.
  private mutating func checkRefusals(_ group: Scenario.ProducerGroup, _ topology: Scenario.Topology) {
    for key in group.keys {
      let names = Self.queues(reachedBy: key, through: group.exchange, topology)
      let reached = topology.queues.filter { names.contains($0.name) }
      guard reached.count > 1, let refusing = reached.first(where: { $0.overflow == .rejectPublish }) else { continue }
      report(
        .notSupportedYet,
        "`overflow: reject_publish` is not supported yet for `\(refusing.name)`, since the routing key `\(key)` leads to "
          + "other queues too", at: queuePosition(refusing.name, else: group.source),
        "use overflow: block, or a routing key of its own")
    }
  }

  /// The queues that a message with `key` goes to, in file order.
  static func queues(reachedBy key: String, through exchange: String, _ topology: Scenario.Topology) -> [String] {
    let names = topology.queues.map(\.name)
    if exchange.isEmpty { return names.filter { $0 == key } }
    return names.filter { name in
      topology.bindings.contains { $0.exchange == exchange && $0.key == key && $0.queue == name }
    }
  }

  private func queuePosition(_ name: String, else position: SourcePosition) -> SourcePosition {
    root["topology"]?["queues"]?.entry(name)?.keyPosition ?? position
  }

  /// `fair` is a prefetch of 1; another one beside it cannot hold.
  mutating func checkFairDispatch(_ consumers: [Group], in section: Section) {
    let queues = root["topology"]?["queues"]?.entries ?? []
    let isFair =
      section.node?["dispatch"]?.scalar == "fair" || queues.contains { $0.value["dispatch"]?.scalar == "fair" }
    guard isFair else { return }
    var reported: Set<SourcePosition> = []
    for group in consumers {
      guard let prefetch = group.section.given("prefetch"), let text = givenText("prefetch", in: group.section),
        (try? Quantity.count(text)) != 1, reported.insert(prefetch.position).inserted
      else { continue }
      report(
        .conflict, "`dispatch: fair` means a prefetch of 1, not \(text)", at: prefetch.position,
        "remove `prefetch`, or use dispatch: shared")
    }
  }
}
