/// All routing at one moment, immutable: what a session resolves its routes with.
///
/// Made in O(1): it shares the control path's tables, which copy the parts that they change afterwards. Made only when a session
/// asks.
final class RoutingSnapshot: Sendable {
  let version: UInt64
  /// How many queues were deleted so far.
  let deletionCount: UInt64
  let queues: ShardedDictionary<String, MessageQueue>
  let exchanges: ShardedDictionary<String, Exchange>

  init(
    version: UInt64 = 0, deletionCount: UInt64 = 0,
    queues: ShardedDictionary<String, MessageQueue> = ShardedDictionary(),
    exchanges: ShardedDictionary<String, Exchange> = ShardedDictionary()
  ) {
    self.version = version
    self.deletionCount = deletionCount
    self.queues = queues
    self.exchanges = exchanges
  }

  /// The queues for a message that is published to `exchange`, each once, in the order of their declaration; nil when it may not be
  /// published there.
  ///
  /// Exchanges that lead to one another are visited breadth first and once each, so that a cycle ends. An exchange whose own
  /// bindings lead nowhere hands the message to its alternate exchange. A name that no exchange has leads nowhere.
  /// - Parameter allowsInternal: Whether it comes from the broker itself, for which no exchange is closed.
  func queues(
    exchange: String, key: String, headers: FieldTable, allowsInternal: Bool = false
  ) -> [MessageQueue]? {
    if exchange.isEmpty { return queues[key].map { [$0] } ?? [] }
    guard let first = exchanges[exchange], allowsInternal || !first.options.isInternal else { return nil }
    var matches = RouteMatches()
    first.route(key: key, headers: headers, into: &matches)
    if !matches.exchanges.isEmpty { follow(&matches, from: exchange, key: key, headers: headers) }
    return Self.distinct(matches.queues)
  }

  private func follow(_ matches: inout RouteMatches, from first: String, key: String, headers: FieldTable) {
    var seen: Set<String> = [first]
    var place = 0
    while place < matches.exchanges.count {
      let next = matches.exchanges[place]
      place += 1
      guard seen.insert(next).inserted else { continue }
      if next.isEmpty {
        if let queue = queues[key] { matches.queues.append(queue) }
      } else {
        exchanges[next]?.route(key: key, headers: headers, into: &matches)
      }
    }
  }

  /// The number of an exchange that may be published to. Errors: 403 (an internal exchange), 404.
  func number(ofOpen exchange: String) throws(BrokerError) -> UInt16 {
    guard !exchange.isEmpty else { return 0 }
    guard let found = exchanges[exchange] else { throw .noExchange(exchange) }
    guard !found.options.isInternal else { throw .internalExchange(exchange) }
    return found.number
  }

  private static func distinct(_ queues: [MessageQueue]) -> [MessageQueue] {
    guard queues.count > 1 else { return queues }
    var distinct: [MessageQueue] = []
    for queue in queues.sorted(by: { $0.number < $1.number }) where queue !== distinct.last {
      distinct.append(queue)
    }
    return distinct
  }
}
