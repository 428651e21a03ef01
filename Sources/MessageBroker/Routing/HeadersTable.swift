/// Headers: by what the bindings' arguments ask of a message's headers. Looks at every different set of arguments.
struct HeadersTable: BindingTable {
  private struct Row {
    let matcher: HeadersMatcher
    var destinations = DestinationList()
  }

  private var rows = ShardedDictionary<FieldTable, Row>()

  mutating func insert(
    _ destination: RoutingDestination, key: String, arguments: FieldTable
  ) throws(BrokerError) {
    let matcher = try HeadersMatcher(arguments)
    rows.update(arguments) { row in
      if row == nil { row = Row(matcher: matcher) }
      row?.destinations.insert(destination)
    }
  }

  mutating func remove(_ destination: RoutingDestination, key: String, arguments: FieldTable) {
    rows.update(arguments) { row in
      row?.destinations.remove(destination)
      if row?.destinations.isEmpty == true { row = nil }
    }
  }

  func destinationCount(key: String, arguments: FieldTable) -> Int { rows[arguments]?.destinations.count ?? 0 }

  func match(key: String, headers: FieldTable, into matches: inout RouteMatches) {
    for row in rows.values where row.matcher.matches(headers) { row.destinations.add(to: &matches) }
  }
}
