extension ScenarioBuilder {
  /// The declared topology, or what the pattern needs.
  mutating func topology(for pattern: Scenario.Pattern?, in root: Section) -> Scenario.Topology {
    if pattern == .ring {
      if let entry = self.root.entry("topology") {
        report(
          .keyWithoutEffect, "the pattern `ring` has no topology", at: entry.keyPosition,
          "remove `topology`, or choose another pattern")
      }
      return .empty
    }
    let section = root.section("topology")
    var topology = Scenario.Topology.empty
    for entry in section.node?["exchanges"]?.entries ?? [] {
      topology.exchanges.append(exchange(entry))
    }
    for entry in queueEntries(for: pattern, in: section) {
      topology.queues.append(queue(entry, in: root))
    }
    for (index, item) in (section.node?["bindings"]?.items ?? []).enumerated() {
      if let binding = binding(item, index, topology) { topology.bindings.append(binding) }
    }
    return topology
  }

  /// The queues of the file, or the pattern's own.
  private func queueEntries(for pattern: Scenario.Pattern?, in section: Section) -> [SourceNode.Entry] {
    if let entries = section.node?["queues"]?.entries, !entries.isEmpty { return entries }
    let name = pattern == .requestReply ? "requests" : "work"
    return [
      .init(key: name, keyPosition: section.position, value: .init(kind: .map([]), position: section.position))
    ]
  }

  private mutating func exchange(_ entry: SourceNode.Entry) -> Scenario.Exchange {
    checkName(entry, "exchange")
    let kind = KeyTable.topology.key("exchanges")?.kind
    let keys: [ScenarioKey] = if case .map(let kind) = kind { kind.objectKeys } else { [] }
    let map: SourceNode? = if case .map = entry.value.kind { entry.value } else { nil }
    let section = Section(
      map
        ?? SourceNode(
          kind: .map([.init(key: "type", keyPosition: entry.keyPosition, value: entry.value)]),
          position: entry.value.position),
      keys: keys, path: "topology.exchanges.\(entry.key)",
      jsonPath: [.key("topology"), .key("exchanges"), .key(entry.key)], position: entry.value.position)
    return .init(name: entry.key, kind: choice("type", in: section))
  }

  private mutating func queue(_ entry: SourceNode.Entry, in root: Section) -> Scenario.Queue {
    checkName(entry, "queue")
    let section = Section(
      entry.value, keys: KeyTable.queue, path: "topology.queues.\(entry.key)",
      jsonPath: [.key("topology"), .key("queues"), .key(entry.key)], standIn: root.node?["workload"],
      position: entry.keyPosition)
    _ = text("order", in: section)
    _ = text("dispatch", in: section)
    return .init(
      name: entry.key, messageCountLimit: Int(count("max_length", in: section)),
      overflow: choice("overflow", in: section))
  }

  private mutating func binding(
    _ item: SourceNode, _ index: Int, _ topology: Scenario.Topology
  ) -> Scenario.Binding? {
    guard case .map = item.kind else { return nil }
    let keys: [ScenarioKey] =
      if case .list(let kind) = KeyTable.topology.key("bindings")?.kind { kind.objectKeys } else { [] }
    let section = Section(
      item, keys: keys, path: "topology.bindings.\(index)",
      jsonPath: [.key("topology"), .key("bindings"), .index(index)], position: item.position)
    guard let from = givenText("from", in: section), let to = givenText("to", in: section) else {
      for name in ["from", "to"] where section.given(name) == nil {
        report(
          .missingKey, "a binding needs `\(name)`", at: item.position, "write { from: exchange, to: queue, key: … }")
      }
      return nil
    }
    let exchanges = topology.exchanges.map(\.name)
    let queues = topology.queues.map(\.name)
    checkReference(from, among: exchanges, "exchange", at: section.position(of: "from"))
    if exchanges.contains(to), !queues.contains(to) {
      report(.notSupportedYet, "a binding to an exchange is not supported yet", at: section.position(of: "to"))
    } else {
      checkReference(to, among: queues, "queue", at: section.position(of: "to"))
    }
    return .init(
      exchange: text("from", in: section), queue: text("to", in: section), key: text("key", in: section))
  }

  /// Reports a name that nothing declares.
  mutating func checkReference(_ name: String, among names: [String], _ kind: String, at position: SourcePosition) {
    guard !names.contains(name) else { return }
    let known = names.isEmpty ? "`topology.\(kind)s` declares none" : "there is \(names.joined(separator: ", "))"
    report(
      .unknownReference, "there is no \(kind) `\(name)`", at: position,
      Spelling.suggestion(for: name, among: names) ?? known)
  }

  private mutating func checkName(_ entry: SourceNode.Entry, _ kind: String) {
    if entry.key.isEmpty || entry.key.utf8.count > 255 {
      report(.invalidValue, "the name of a \(kind) has 1 to 255 bytes", at: entry.keyPosition)
    } else if entry.key.hasPrefix("amq.") {
      report(
        .invalidValue, "names that start with `amq.` belong to the broker", at: entry.keyPosition,
        "choose another name")
    }
  }
}
