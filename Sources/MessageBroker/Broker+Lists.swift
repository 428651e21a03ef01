import Platform
import RingBuffers
import Synchronization

extension Broker {
  /// All queues, by name. Locks the control path briefly, publishers and consumers never.
  public func listQueues() -> [QueueStatistics] {
    let queues = control.withLock { Array($0.queues.values) }
    return queues.map { $0.statistics() }.sorted { $0.name < $1.name }
  }

  /// All exchanges, by name; the default one has the empty name.
  public func listExchanges() -> [ExchangeDescription] {
    control.withLock { $0.exchangeDescriptions() }.sorted { $0.name < $1.name }
  }

  /// All bindings, by exchange, destination and key; the implicit ones of the default exchange too.
  public func listBindings() -> [BindingDescription] {
    control.withLock { $0.bindingDescriptions() }.sorted(by: BindingDescription.precedes)
  }

  /// The names of the queues that a message would be put into if it were published now, by name; empty means unroutable.
  ///
  /// For tools and tests: what a harness expects of a topology. Publishing goes by `Session.route`. Errors: 403 (an internal
  /// exchange), 404.
  public func queues(
    reachedFrom exchange: String, key: String, headers: FieldTable = [:]
  ) throws(BrokerError) -> [String] {
    let snapshot = try change { (control) throws(BrokerError) in control.snapshot(version: routing.current) }
    _ = try snapshot.number(ofOpen: exchange)
    return (snapshot.queues(exchange: exchange, key: key, headers: headers) ?? []).map(\.name).sorted()
  }

  /// Totals of the broker as a whole.
  public func statistics() -> BrokerStatistics {
    // The returned ones first: they count among the unroutable ones a moment later.
    let returned = sessions.total(.returned)
    return BrokerStatistics(
      queueCount: control.withLock { $0.queues.count }, unroutable: sessions.total(.unroutable) - returned,
      returned: returned, lostAtClose: sessions.total(.lostAtClose),
      droppedWithQueue: sessions.total(.droppedWithQueue),
      deadLettersLost: deadLettersLost.load(ordering: .relaxed),
      bodyByteCount: bodies.pool.byteCountInUse, bodyMemoryExhaustedCount: bodies.pool.exhaustedCount)
  }

  /// The text of a routing key that a delivery carries.
  public func routingKey(_ number: RoutingKeyNumber) -> String {
    control.withLock { $0.routingKeys.names[Int(number.index)] }
  }

  /// The name of the exchange that a delivery came through; empty for the default exchange.
  public func exchangeName(_ number: ExchangeNumber) -> String {
    control.withLock { $0.exchangeNames.names[Int(number.index)] }
  }
}
