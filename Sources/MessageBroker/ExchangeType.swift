/// How an exchange routes. Only `direct` is supported yet; declaring another is refused with 540.
public enum ExchangeType: String, Sendable, CaseIterable {
  /// To the queues bound with exactly the message's routing key.
  case direct
  /// To all bound queues. Not supported yet.
  case fanout
  /// To queues bound with a matching pattern. Not supported yet.
  case topic
  /// To queues bound with matching headers. Not supported yet.
  case headers
}

/// One exchange, as `list_exchanges` shows it.
public struct ExchangeDescription: Sendable, Equatable {
  /// The name; empty for the default exchange.
  public let name: String
  /// How it routes.
  public let type: ExchangeType
}

/// One binding, as `list_bindings` shows it.
public struct BindingDescription: Sendable, Equatable, Hashable {
  /// The exchange; empty for the implicit binding of every queue under its name.
  public let exchange: String
  /// The queue.
  public let queue: String
  /// The routing key.
  public let routingKey: String

  /// A binding of `queue` to `exchange`.
  public init(exchange: String, queue: String, routingKey: String) {
    self.exchange = exchange
    self.queue = queue
    self.routingKey = routingKey
  }
}
