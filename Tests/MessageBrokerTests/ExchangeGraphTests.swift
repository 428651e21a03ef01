import Distributions
import MessageBroker
import Testing

/// Exchanges that lead to exchanges, and alternate exchanges, against a search through the graph that is plainly right.
@Suite struct ExchangeGraphTests {
  /// A world of a few exchanges and queues, as lists of bindings.
  struct Graph {
    struct Binding: Hashable {
      var source: String
      var destination: BindingDestination
      var key: String
    }

    var types: [String: ExchangeType] = [:]
    var alternates: [String: String] = [:]
    var bindings: Set<Binding> = []
    var queues: Set<String> = []

    func matches(_ binding: Binding, key: String) -> Bool {
      switch types[binding.source]! {
      case .direct: binding.key == key
      case .fanout: true
      case .topic: TopicTests.matches(binding.key, key)
      case .headers: false
      }
    }

    func queues(reachedFrom exchange: String, key: String) -> [String] {
      var found: Set<String> = []
      var seen: Set<String> = []
      var waiting = [exchange]
      while !waiting.isEmpty {
        let next = waiting.removeFirst()
        guard seen.insert(next).inserted else { continue }
        if next.isEmpty {
          if queues.contains(key) { found.insert(key) }
          continue
        }
        guard types[next] != nil else { continue }
        let meant = bindings.filter { $0.source == next && matches($0, key: key) }
        for binding in meant {
          switch binding.destination {
          case .queue(let name): found.insert(name)
          case .exchange(let name): waiting.append(name)
          }
        }
        if meant.isEmpty, let alternate = alternates[next] { waiting.append(alternate) }
      }
      return found.sorted()
    }

    mutating func removeExchange(_ name: String) {
      types[name] = nil
      alternates[name] = nil
      bindings = bindings.filter { $0.source != name && $0.destination != .exchange(name) }
    }
  }

  @Test(arguments: 1...25 as ClosedRange<UInt64>)
  func messagesReachWhatTheSearchFinds(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (names, queues, keys) = (["A", "B", "C", "D", "E"], ["q1", "q2", "q3", "k1"], ["k1", "k2.x", ""])
    let patterns = ["k1", "k2.x", "#", "k2.*", "*", ""]
    let broker = Broker()
    var graph = Graph()
    var session = try broker.openSession()
    for queue in queues { try broker.declareQueue(queue, options: QueueOptions(maxLength: 1 << 16)) }
    graph.queues = Set(queues)
    for step in 0..<150 {
      let name = names[random.below(names.count)]
      switch random.below(10) {
      case ..<2 where graph.types[name] == nil:
        let type = [ExchangeType.direct, .fanout, .topic][random.below(3)]
        let alternate = random.below(2) == 0 ? nil : (names + ["", "never declared"])[random.below(7)]
        try broker.declareExchange(name, type: type, options: ExchangeOptions(alternateExchange: alternate))
        graph.types[name] = type
        graph.alternates[name] = alternate
      case 2 where random.below(3) == 0:
        try broker.deleteExchange(name)
        graph.removeExchange(name)
      case 3 where random.below(3) == 0:
        let queue = queues[random.below(queues.count)]
        try broker.deleteQueue(queue)
        try broker.declareQueue(queue, options: QueueOptions(maxLength: 1 << 16))
        graph.bindings = graph.bindings.filter { $0.destination != .queue(queue) }
      default:
        guard graph.types[name] != nil else { break }
        try change(&graph, broker, name, (names, queues, patterns), &random)
      }
      for key in keys {
        let place: Comment = "seed \(seed), step \(step), from \(name) with '\(key)'"
        guard graph.types[name] != nil else { continue }
        let expected = graph.queues(reachedFrom: name, key: key)
        let found = try broker.queues(reachedFrom: name, key: key)
        #expect(found == expected, place)
        try publish(&session, broker, exchange: name, key: key, expected: expected, place)
      }
    }
    session.close()
  }

  /// Binds or unbinds something at exchange `name`.
  func change(
    _ graph: inout Graph, _ broker: Broker, _ name: String,
    _ world: (names: [String], queues: [String], patterns: [String]), _ random: inout SplitMix64
  ) throws {
    let known = world.names.filter { graph.types[$0] != nil }
    let toQueue = random.below(2) == 0
    let destination: BindingDestination =
      toQueue
      ? .queue(world.queues[random.below(world.queues.count)]) : .exchange(known[random.below(known.count)])
    let key = world.patterns[random.below(world.patterns.count)]
    let binding = Graph.Binding(source: name, destination: destination, key: key)
    let isNew = random.below(3) > 0
    switch (destination, isNew) {
    case (.queue(let queue), true): try broker.bind(queue: queue, to: name, key: key)
    case (.queue(let queue), false): try broker.unbind(queue: queue, from: name, key: key)
    case (.exchange(let exchange), true): try broker.bind(exchange: exchange, to: name, key: key)
    case (.exchange(let exchange), false): try broker.unbind(exchange: exchange, from: name, key: key)
    }
    if isNew { graph.bindings.insert(binding) } else { graph.bindings.remove(binding) }
  }

  /// A message goes to each expected queue exactly once, and to no other.
  func publish(
    _ session: inout Session, _ broker: Broker, exchange: String, key: String, expected: [String], _ place: Comment
  ) throws {
    let before = totals(broker)
    let route = try session.route(exchange: exchange, key: key)
    let outcome = session.publish([1], route: route, now: 0)
    #expect(outcome == (expected.isEmpty ? .unroutable : .accepted), place)
    #expect(session.queueCount(of: route) == expected.count, place)
    for (name, count) in totals(broker) {
      #expect(count - (before[name] ?? 0) == (expected.contains(name) ? 1 : 0), place)
    }
  }

  func totals(_ broker: Broker) -> [String: UInt64] {
    Dictionary(uniqueKeysWithValues: broker.listQueues().map { ($0.name, $0.totals.published) })
  }

  @Test func anAlternateExchangeTakesWhatNoBindingMatches() throws {
    let broker = Broker()
    for queue in ["kept", "rest"] { try broker.declareQueue(queue, options: QueueOptions(maxLength: 4)) }
    try broker.declareExchange("log", options: ExchangeOptions(alternateExchange: "unmatched"))
    try broker.bind(queue: "kept", to: "log", key: "error")
    #expect(try broker.queues(reachedFrom: "log", key: "debug") == [])
    try broker.declareExchange("unmatched", type: .fanout)
    try broker.bind(queue: "rest", to: "unmatched")
    #expect(try broker.queues(reachedFrom: "log", key: "debug") == ["rest"])
    #expect(try broker.queues(reachedFrom: "log", key: "error") == ["kept"])
    // A binding that matches counts as a match, even when the exchange behind it leads nowhere.
    try broker.declareExchange("nowhere")
    try broker.bind(exchange: "nowhere", to: "log", key: "info")
    #expect(try broker.queues(reachedFrom: "log", key: "info") == [])
  }
}
