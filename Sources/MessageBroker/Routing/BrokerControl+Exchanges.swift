extension BrokerControl {
  /// The exchanges that every broker has beside the default one.
  static let predeclaredExchanges: [(name: String, type: ExchangeType)] = [
    ("amq.direct", .direct), ("amq.fanout", .fanout), ("amq.topic", .topic), ("amq.headers", .headers),
    ("amq.match", .headers),
  ]

  mutating func predeclareExchanges() {
    // Number 0 is the default exchange, which is not in the dictionary: it has no bindings to look up.
    _ = exchangeNames.intern("", limit: limits.exchanges)
    for (name, type) in Self.predeclaredExchanges {
      guard let number = exchangeNames.intern(name, limit: limits.exchanges) else {
        preconditionFailure("the limit of exchanges leaves no room for the predeclared ones")
      }
      exchanges.set(name, to: Exchange(name: name, type: type, number: UInt16(number)))
    }
  }

  /// The exchange of that name. Errors: 403 (the default one), 404.
  func exchange(_ name: String) throws(BrokerError) -> Exchange {
    guard !name.isEmpty else { throw .defaultExchange }
    guard let exchange = exchanges[name] else { throw .noExchange(name) }
    return exchange
  }

  mutating func declareExchange(
    _ name: String, type: ExchangeType, options: ExchangeOptions
  ) throws(BrokerError) {
    guard !name.isEmpty else { throw .defaultExchange }
    try BrokerError.checkLength(of: name, as: "exchange name")
    try options.check(for: name)
    if let known = exchanges[name] { return try known.checkEquivalence(type: type, options: options) }
    guard !name.hasPrefix("amq.") else { throw .reserved("exchange", name) }
    guard let number = exchangeNames.intern(name, limit: limits.exchanges) else {
      throw .limit("\(limits.exchanges) exchange names were used")
    }
    willChangeRouting()
    exchanges.set(name, to: Exchange(name: name, type: type, number: UInt16(number), options: options))
  }

  /// One that does not exist is no error.
  mutating func deleteExchange(_ name: String, ifUnused: Bool) throws(BrokerError) {
    guard !name.isEmpty else { throw .defaultExchange }
    guard !name.hasPrefix("amq.") else {
      throw BrokerError(code: .accessRefused, message: "deletion of system exchange '\(name)' not allowed")
    }
    guard exchanges[name] != nil else { return }
    guard !ifUnused || bindings.count(from: name) == 0 else {
      throw BrokerError(code: .preconditionFailed, message: "exchange '\(name)' in use")
    }
    willChangeRouting()
    removeExchanges([name])
  }

  /// Removes exchanges with all their bindings, and auto-delete exchanges that had their last binding to one of them.
  mutating func removeExchanges(_ names: [String]) {
    var doomed = names
    while let name = doomed.popLast() {
      for binding in bindings.from(name) { bindings.remove(binding) }
      exchanges.set(name, to: nil)
      doomed += removeBindings(to: .exchange(name), as: .exchange(name))
    }
  }

  func exchangeDescriptions() -> [ExchangeDescription] {
    let declared = exchanges.values.map {
      ExchangeDescription(
        name: $0.name, type: $0.type, options: $0.options, bindingCount: bindings.count(from: $0.name))
    }
    return [ExchangeDescription(name: "", type: .direct, options: ExchangeOptions(), bindingCount: 0)] + declared
  }
}
