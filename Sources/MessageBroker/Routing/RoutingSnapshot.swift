/// All routing at one moment, immutable: what a session resolves its routes with.
///
/// Made in O(1): it shares the control path's tables, which copy the parts that they change afterwards. Made only when a session
/// asks.
final class RoutingSnapshot: Sendable {
  let version: UInt64
  let queues: ShardedDictionary<String, MessageQueue>
  let exchanges: ShardedDictionary<String, Exchange>

  init(
    version: UInt64 = 0, queues: ShardedDictionary<String, MessageQueue> = ShardedDictionary(),
    exchanges: ShardedDictionary<String, Exchange> = ShardedDictionary()
  ) {
    self.version = version
    self.queues = queues
    self.exchanges = exchanges
  }

  /// The queues for a message that is published to `exchange`, each once, in the order of their slots.
  ///
  /// Exchanges that lead to one another are visited breadth first and once each, so that a cycle ends. An exchange whose own
  /// bindings lead nowhere hands the message to its alternate exchange. A name that no exchange has leads nowhere.
  func queues(exchange: String, key: String, headers: FieldTable) -> [MessageQueue] {
    var matches = RouteMatches()
    route(from: exchange, key: key, headers: headers, into: &matches)
    if !matches.exchanges.isEmpty {
      var seen: Set<String> = [exchange]
      var place = 0
      while place < matches.exchanges.count {
        let next = matches.exchanges[place]
        place += 1
        if seen.insert(next).inserted { route(from: next, key: key, headers: headers, into: &matches) }
      }
    }
    return Self.distinct(matches.queues)
  }

  /// Errors: 403 (an internal exchange), 404.
  func checkPublishing(to exchange: String) throws(BrokerError) {
    guard !exchange.isEmpty else { return }
    guard let found = exchanges[exchange] else { throw .noExchange(exchange) }
    guard !found.options.isInternal else { throw .internalExchange(exchange) }
  }

  private func route(from exchange: String, key: String, headers: FieldTable, into matches: inout RouteMatches) {
    if exchange.isEmpty {
      if let queue = queues[key] { matches.queues.append(queue) }
    } else {
      exchanges[exchange]?.route(key: key, headers: headers, into: &matches)
    }
  }

  private static func distinct(_ queues: [MessageQueue]) -> [MessageQueue] {
    guard queues.count > 1 else { return queues }
    var distinct: [MessageQueue] = []
    for queue in queues.sorted(by: { $0.handle.slot < $1.handle.slot }) where queue !== distinct.last {
      distinct.append(queue)
    }
    return distinct
  }
}
