extension ScenarioBuilder {
  /// The exchange a producer group publishes to.
  mutating func exchange(in section: Section, _ pattern: Scenario.Pattern, _ topology: Scenario.Topology) -> String {
    let kind = pattern.exchangeKinds
    let open = topology.exchanges.filter { !$0.isInternal }
    let isGiven = givenText("to", in: section) != nil
    if !isGiven, !kind.isEmpty, open.count > 1 {
      report(
        .missingKey, "`\(section.path)` does not say which exchange it publishes to", at: section.position,
        "add to: \(open.map(\.name).joined(separator: " or "))")
    }
    let name = text("to", in: section, default: kind.isEmpty || isGiven ? nil : open.first?.name)
    guard !name.isEmpty else { return name }
    let position = section.position(of: "to")
    checkReference(name, among: topology.exchanges.map(\.name), "exchange", at: position)
    guard let exchange = topology.exchanges.first(where: { $0.name == name }) else { return name }
    if exchange.isInternal {
      report(
        .conflict, "the exchange `\(name)` is internal: only other exchanges may publish to it", at: position,
        "publish to an exchange that is bound to it, or remove internal: true")
    } else if !kind.isEmpty, !kind.contains(exchange.kind) {
      report(
        .conflict,
        "the pattern `\(pattern.rawValue)` needs an exchange of type \(kind.map(\.rawValue).joined(separator: " or ")), "
          + "and `\(name)` is \(exchange.kind.rawValue)", at: position,
        "change its type, or use the pattern work_queue")
    }
    return name
  }

  /// The headers of a group's messages.
  mutating func headers(in section: Section) -> [String: String] {
    guard case .map(let entries) = section.given("headers")?.kind else { return [:] }
    let headers = texts(entries)
    record(
      .object(headers.mapValues(JSONValue.string)),
      headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "), "headers",
      in: section, isDefault: false)
    return headers
  }

  /// Single values by name; what is not one has been reported.
  func texts(_ entries: [SourceNode.Entry]) -> [String: String] {
    var texts: [String: String] = [:]
    for entry in entries { texts[entry.key] = entry.value.scalar }
    return texts
  }
}

extension Scenario.Pattern {
  /// The types of exchange that the pattern is about; none when it takes any.
  fileprivate var exchangeKinds: [Scenario.Exchange.Kind] {
    switch self {
    case .ring, .workQueue, .requestReply, .tasks: []
    case .publishSubscribe: [.fanout]
    case .routing: [.direct, .headers]
    case .topics: [.topic]
    }
  }
}
