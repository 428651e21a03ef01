/// How one type of exchange finds where a message goes. A value: a session keeps the copy of the moment it looked.
protocol BindingTable: Sendable {
  /// Adds a binding. Error: 406, when the type cannot do with such arguments.
  mutating func insert(
    _ destination: RoutingDestination, key: String, arguments: FieldTable
  ) throws(BrokerError)

  /// Takes away a binding that was added.
  mutating func remove(_ destination: RoutingDestination, key: String, arguments: FieldTable)

  /// How many destinations have bindings that match exactly what this one would.
  func destinationCount(key: String, arguments: FieldTable) -> Int

  /// Adds the destinations for a message.
  func match(key: String, headers: FieldTable, into matches: inout RouteMatches)
}

/// Direct: by the routing key.
struct DirectTable: BindingTable {
  private var destinations = ShardedDictionary<String, DestinationList>()

  mutating func insert(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    destinations.update(key) { list in
      if list == nil { list = DestinationList() }
      list?.insert(destination)
    }
  }

  mutating func remove(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    destinations.update(key) { list in
      list?.remove(destination)
      if list?.isEmpty == true { list = nil }
    }
  }

  func destinationCount(key: String, arguments: FieldTable) -> Int { destinations[key]?.count ?? 0 }

  func match(key: String, headers: FieldTable, into matches: inout RouteMatches) {
    destinations[key]?.add(to: &matches)
  }
}

/// Fanout: all of them.
struct FanoutTable: BindingTable {
  private var destinations = DestinationList()

  mutating func insert(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    destinations.insert(destination)
  }

  mutating func remove(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    destinations.remove(destination)
  }

  func destinationCount(key: String, arguments: FieldTable) -> Int { destinations.count }

  func match(key: String, headers: FieldTable, into matches: inout RouteMatches) { destinations.add(to: &matches) }
}

/// Topic: by patterns of words.
struct TopicTable: BindingTable {
  private var trie = TopicTrie()

  mutating func insert(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    trie.update(pattern: key) { $0.insert(destination) }
  }

  mutating func remove(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    trie.update(pattern: key) { $0.remove(destination) }
  }

  func destinationCount(key: String, arguments: FieldTable) -> Int { trie.destinations(pattern: key)?.count ?? 0 }

  func match(key: String, headers: FieldTable, into matches: inout RouteMatches) {
    trie.match(key: key, into: &matches)
  }
}
