extension ScenarioBuilder {
  /// With `publish_subscribe`, an instance of a consumer group that names no queue gets one of its own, bound to the exchange
  /// that the producers publish to.
  mutating func addOwnQueues(
    _ consumers: [Group], to topology: inout Scenario.Topology, in root: Section
  ) {
    let section = root.section("topology")
    if topology.exchanges.isEmpty {
      let position = section.position
      let type = SourceNode(kind: .scalar("fanout"), position: position)
      topology.exchanges.append(exchange(.init(key: "events", keyPosition: position, value: type)))
    }
    guard let source = topology.exchanges.first(where: { !$0.isInternal }) else { return }
    for group in consumers where group.section.given("from") == nil {
      for index in 0..<Int(count("count", in: group.section)) {
        let name = "\(group.name).\(index)"
        if !topology.queues.contains(where: { $0.name == name }) {
          let nothing = SourceNode(kind: .map([]), position: group.source)
          topology.queues.append(queue(.init(key: name, keyPosition: group.source, value: nothing), in: root))
        }
        let isBound = topology.bindings.contains { $0.destination == .queue(name) }
        if !isBound {
          topology.bindings.append(
            .init(exchange: source.name, destination: .queue(name), key: "", arguments: [:]))
        }
      }
    }
  }
}
