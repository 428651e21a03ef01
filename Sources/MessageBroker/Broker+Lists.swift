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
    let exchanges = control.withLock { Array($0.exchanges.values) }
    let declared = exchanges.map { ExchangeDescription(name: $0.name, type: $0.type) }
    return [ExchangeDescription(name: "", type: .direct)] + declared.sorted { $0.name < $1.name }
  }

  /// All bindings, by exchange, queue and key; the implicit ones of the default exchange too.
  public func listBindings() -> [BindingDescription] {
    control.withLock { $0.bindingDescriptions() }
      .sorted { ($0.exchange, $0.queue, $0.routingKey) < ($1.exchange, $1.queue, $1.routingKey) }
  }

  /// Totals of the broker as a whole.
  public func statistics() -> BrokerStatistics {
    var unroutable: UInt64 = 0
    var lost: UInt64 = 0
    for slot in 0..<sessions.capacity {
      unsafe unroutable += sessions.unroutable(of: slot).pointee.load(ordering: .relaxed)
      unsafe lost += sessions.lostAtClose(of: slot).pointee.load(ordering: .relaxed)
    }
    return BrokerStatistics(
      queueCount: control.withLock { $0.queues.count }, unroutable: unroutable, lostAtClose: lost,
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
