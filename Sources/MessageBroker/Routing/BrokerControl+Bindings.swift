extension BrokerControl {
  /// Adds a binding, unless there is an equal one. Errors: 403 (the default exchange), 404 (no such exchange, queue), 405
  /// (another session's queue), 406 (arguments), 506 (limits).
  mutating func bind(_ binding: BindingDescription, by session: SessionIdentifier?) throws(BrokerError) {
    let destination = try destination(of: binding, by: session)
    // Not kept: a copy of its table would make the change below copy what they share.
    let equalCount = try exchange(binding.exchange).table
      .destinationCount(key: binding.routingKey, arguments: binding.arguments)
    try BrokerError.checkLength(of: binding.routingKey, as: "routing key")
    try binding.arguments.checkAsArguments()
    guard !bindings.contains(binding) else { return }
    guard bindings.count < limits.bindings else { throw .limit("\(limits.bindings) bindings exist") }
    guard equalCount < limits.queuesPerRoute else {
      throw .limit(
        "\(limits.queuesPerRoute) queues are bound to exchange '\(binding.exchange)' with key '\(binding.routingKey)'")
    }
    willChangeRouting()
    let result = exchanges.update(binding.exchange) { exchange in
      Result { () throws(BrokerError) in
        try exchange?.table.insert(destination, key: binding.routingKey, arguments: binding.arguments)
      }
    }
    try result.get()
    bindings.insert(binding)
  }

  /// Removes a binding; one that does not exist is no error. Errors: 403, 404, 405 as for `bind`.
  mutating func unbind(_ binding: BindingDescription, by session: SessionIdentifier?) throws(BrokerError) {
    let destination = try destination(of: binding, by: session)
    _ = try exchange(binding.exchange)
    guard bindings.contains(binding) else { return }
    willChangeRouting()
    if remove(binding, to: destination) { removeExchanges([binding.exchange]) }
  }

  /// Removes all bindings to a destination; returns the exchanges that had their last binding there and are to go with it.
  mutating func removeBindings(to destination: BindingDestination, as target: RoutingDestination) -> [String] {
    bindings.to(destination).filter { remove($0, to: target) }.map(\.exchange)
  }

  /// Removes a binding; returns whether its exchange is to go with it.
  private mutating func remove(_ binding: BindingDescription, to destination: RoutingDestination) -> Bool {
    bindings.remove(binding)
    return exchanges.update(binding.exchange) { exchange in
      exchange?.table.remove(destination, key: binding.routingKey, arguments: binding.arguments)
      return exchange?.options.isAutoDelete == true && bindings.count(from: binding.exchange) == 0
    }
  }

  private func destination(
    of binding: BindingDescription, by session: SessionIdentifier?
  ) throws(BrokerError) -> RoutingDestination {
    switch binding.destination {
    case .queue(let name): .queue(try queue(name, by: session))
    case .exchange(let name): .exchange(try exchange(name).name)
    }
  }

  func bindingDescriptions() -> [BindingDescription] {
    queues.values.map { BindingDescription(exchange: "", destination: .queue($0.name), routingKey: $0.name) }
      + bindings.all
  }
}
