extension Scenario.Topology {
  /// The queues that a message goes to when it is published to `exchange` with `key` and `headers`: in file order, each once.
  ///
  /// Worked out from the file alone, by the rules of AMQP 0-9-1: what the subject then does is compared with this. Cost: linear
  /// in the number of bindings for each exchange on the way.
  public func queues(
    reachedBy key: String, headers: [String: String] = [:], through exchange: String
  ) -> [String] {
    var visited: Set<String> = []
    var reached: Set<String> = []
    visit(exchange, key, headers, visited: &visited, reached: &reached)
    return queues.map(\.name).filter(reached.contains)
  }

  /// The queues that a group's messages with `key` go to.
  func queues(reachedBy key: String, of group: Scenario.ProducerGroup) -> [String] {
    queues(reachedBy: key, headers: group.headers, through: group.exchange)
  }

  /// Whether the exchange is one whose routes can be worked out: not one that was refused already.
  func isRouted(_ exchange: String) -> Bool {
    exchange.isEmpty || exchanges.contains { $0.name == exchange }
  }

  /// The routing keys that the bindings of an exchange name, in file order, each once; where keys decide nothing, the empty one.
  func knownKeys(of exchange: String) -> [String] {
    guard let kind = exchanges.first(where: { $0.name == exchange })?.kind else {
      return exchange.isEmpty ? queues.map(\.name) : []
    }
    var seen: Set<String> = []
    let keys = bindings.filter { $0.exchange == exchange && seen.insert($0.key).inserted }.map(\.key)
    return switch kind {
    case .direct: keys
    case .topic: keys.filter { TopicPattern($0).isLiteral }
    case .fanout, .headers: [""]
    }
  }

  private func visit(
    _ name: String, _ key: String, _ headers: [String: String], visited: inout Set<String>,
    reached: inout Set<String>
  ) {
    guard visited.insert(name).inserted else { return }
    guard let exchange = exchanges.first(where: { $0.name == name }) else {
      // The default exchange routes by queue name.
      if name.isEmpty { reached.insert(key) }
      return
    }
    let matching = bindings.filter { $0.exchange == name && exchange.kind.matches($0, key: key, headers: headers) }
    for binding in matching {
      switch binding.destination {
      case .queue(let queue): reached.insert(queue)
      case .exchange(let next): visit(next, key, headers, visited: &visited, reached: &reached)
      }
    }
    if matching.isEmpty, let alternate = exchange.alternate {
      visit(alternate, key, headers, visited: &visited, reached: &reached)
    }
  }
}

extension Scenario.Exchange.Kind {
  /// Whether a binding of an exchange of this kind takes a message.
  func matches(_ binding: Scenario.Binding, key: String, headers: [String: String]) -> Bool {
    switch self {
    case .direct: binding.key == key
    case .fanout: true
    case .topic: TopicPattern(binding.key).matches(key)
    case .headers: Self.matches(binding.arguments, headers)
    }
  }

  /// `x-match` says whether all of the other arguments must be equal to the message's headers, or any; those that begin with
  /// `x-` count only when it ends with `-with-x`.
  private static func matches(_ arguments: [String: String], _ headers: [String: String]) -> Bool {
    let rule = arguments["x-match"] ?? "all"
    let wanted = arguments.filter { $0.key != "x-match" && (rule.hasSuffix("-with-x") || !$0.key.hasPrefix("x-")) }
    let isEqual = { (argument: (key: String, value: String)) in headers[argument.key] == argument.value }
    return rule.hasPrefix("any") ? wanted.contains(where: isEqual) : wanted.allSatisfy(isEqual)
  }
}
