/// Where a binding leads.
public enum BindingDestination: Sendable, Hashable {
  /// To the queue of that name.
  case queue(String)
  /// To the exchange of that name, which routes the message on by its own bindings.
  case exchange(String)

  /// The destination's name.
  public var name: String {
    switch self {
    case .queue(let name), .exchange(let name): name
    }
  }

  /// `queue` or `exchange`, as `list_bindings` says it.
  public var kind: String {
    switch self {
    case .queue: "queue"
    case .exchange: "exchange"
    }
  }
}

/// One binding, as `list_bindings` shows it. Two that differ in anything are two bindings.
public struct BindingDescription: Sendable, Hashable {
  /// The exchange that messages come from; empty for the implicit binding of every queue under its name.
  public let exchange: String
  /// Where they go.
  public let destination: BindingDestination
  /// The routing key or pattern.
  public let routingKey: String
  /// The arguments: what a headers exchange matches with; other types keep them only.
  public let arguments: FieldTable

  /// A binding of `destination` to `exchange`.
  public init(
    exchange: String, destination: BindingDestination, routingKey: String = "", arguments: FieldTable = [:]
  ) {
    self.exchange = exchange
    self.destination = destination
    self.routingKey = routingKey
    self.arguments = arguments
  }

  /// The order of lists: by exchange, kind and name of the destination, and key.
  static func precedes(_ left: BindingDescription, _ right: BindingDescription) -> Bool {
    (left.exchange, left.destination.kind, left.destination.name, left.routingKey, left.arguments.description)
      < (right.exchange, right.destination.kind, right.destination.name, right.routingKey, right.arguments.description)
  }
}
