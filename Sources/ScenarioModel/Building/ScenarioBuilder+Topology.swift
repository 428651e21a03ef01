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
    checkAlternates(topology, in: section)
    checkDeadLetters(topology)
    if pattern == .routing || pattern == .topics, topology.exchanges.isEmpty, let pattern {
      report(
        .missingKey, "the pattern `\(pattern.rawValue)` has no exchange to publish to", at: section.position,
        "add topology: { exchanges: { events: \(pattern == .topics ? "topic" : "direct") }, queues: …, bindings: … }")
    }
    return topology
  }

  /// The queues of the file, or the pattern's own.
  private func queueEntries(for pattern: Scenario.Pattern?, in section: Section) -> [SourceNode.Entry] {
    if let entries = section.node?["queues"]?.entries, !entries.isEmpty { return entries }
    // Its consumers have queues of their own.
    if pattern == .publishSubscribe { return [] }
    let name = pattern == .requestReply ? "requests" : pattern == .tasks ? "tasks" : "work"
    return [
      .init(key: name, keyPosition: section.position, value: .init(kind: .map([]), position: section.position))
    ]
  }

  mutating func exchange(_ entry: SourceNode.Entry) -> Scenario.Exchange {
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
    var exchange = Scenario.Exchange(
      name: entry.key, kind: choice("type", in: section), isInternal: boolean("internal", in: section), alternate: nil)
    if givenText("alternate", in: section) != nil { exchange.alternate = text("alternate", in: section) }
    return exchange
  }

  private mutating func checkAlternates(_ topology: Scenario.Topology, in section: Section) {
    let names = topology.exchanges.map(\.name)
    for exchange in topology.exchanges {
      guard let alternate = exchange.alternate else { continue }
      checkReference(
        alternate, among: names, "exchange",
        at: section.node?["exchanges"]?[exchange.name]?["alternate"]?.position ?? section.position)
    }
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
    let leadsToExchange = exchanges.contains(to)
    if leadsToExchange, queues.contains(to) {
      report(
        .conflict, "`\(to)` is an exchange and a queue, and a binding could lead to either",
        at: section.position(of: "to"), "rename one of them")
    } else if !leadsToExchange {
      checkReference(to, among: queues, "queue", at: section.position(of: "to"))
    }
    return .init(
      exchange: text("from", in: section),
      destination: leadsToExchange ? .exchange(text("to", in: section)) : .queue(text("to", in: section)),
      key: text("key", in: section),
      arguments: arguments(in: section, of: topology.exchanges.first { $0.name == from }))
  }

  private mutating func arguments(in section: Section, of exchange: Scenario.Exchange?) -> [String: String] {
    guard case .map(let entries) = section.given("arguments")?.kind else { return [:] }
    let arguments = texts(entries)
    if let exchange, exchange.kind != .headers {
      report(
        .keyWithoutEffect, "`\(exchange.name)` is \(exchange.kind.rawValue): its bindings have no arguments",
        at: section.position(of: "arguments"), "remove them, or declare it with type: headers")
    }
    let rules = ["all", "any", "all-with-x", "any-with-x"]
    if let rule = arguments["x-match"], !rules.contains(rule) {
      report(
        .invalidValue, "`x-match` is \(rules.joined(separator: ", "))",
        at: section.given("arguments")?["x-match"]?.position ?? section.position,
        Spelling.suggestion(for: rule, among: rules))
    }
    record(
      .object(arguments.mapValues(JSONValue.string)),
      arguments.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "), "arguments",
      in: section, isDefault: false)
    return arguments
  }

  /// Reports a name that nothing declares.
  mutating func checkReference(_ name: String, among names: [String], _ kind: String, at position: SourcePosition) {
    guard !names.contains(name) else { return }
    let known = names.isEmpty ? "`topology.\(kind)s` declares none" : "there is \(Spelling.list(names))"
    report(
      .unknownReference, "there is no \(kind) `\(name)`", at: position,
      Spelling.suggestion(for: name, among: names) ?? known)
  }

  mutating func checkName(_ entry: SourceNode.Entry, _ kind: String) {
    if entry.key.isEmpty || entry.key.utf8.count > 255 {
      report(.invalidValue, "the name of a \(kind) has 1 to 255 bytes", at: entry.keyPosition)
    } else if entry.key.hasPrefix("amq.") {
      report(
        .invalidValue, "names that start with `amq.` belong to the broker", at: entry.keyPosition,
        "choose another name")
    }
  }
}
