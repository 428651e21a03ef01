/// The exchanges, queues and bindings that a workload needs, in terms that every broker knows.
public struct Topology: Sendable, Equatable {
  /// An exchange to declare.
  public struct Exchange: Sendable, Equatable {
    /// Its name; the default exchange `""` is never declared.
    public var name: String
    /// Its type, as the field names it: `direct`, `fanout`, `topic`, `headers`.
    public var type: String
    /// Whether only other exchanges may publish to it.
    public var isInternal: Bool
    /// The exchange that gets what none of its bindings takes.
    public var alternate: String?

    /// Creates a declaration.
    public init(name: String, type: String, isInternal: Bool = false, alternate: String? = nil) {
      self.name = name
      self.type = type
      self.isInternal = isInternal
      self.alternate = alternate
    }
  }

  /// A binding to make.
  public struct Binding: Sendable, Equatable {
    /// Where a binding leads.
    public enum Destination: Sendable, Equatable {
      /// A queue, by its name.
      case queue(String)
      /// Another exchange.
      case exchange(String)
    }

    /// The exchange that messages come from.
    public var exchange: String
    /// Where they go.
    public var destination: Destination
    /// The binding key.
    public var key: String
    /// What a headers exchange compares with a message's headers, and `x-match`.
    public var arguments: [String: String]

    /// Creates a binding.
    public init(exchange: String, destination: Destination, key: String, arguments: [String: String] = [:]) {
      self.exchange = exchange
      self.destination = destination
      self.key = key
      self.arguments = arguments
    }
  }

  /// What to declare and bind, in this order.
  public var exchanges: [Exchange]
  /// Queues, declared after the exchanges.
  public var queues: [Queue]
  /// Bindings, made last.
  public var bindings: [Binding]

  /// Creates a topology.
  public init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
    self.exchanges = exchanges
    self.queues = queues
    self.bindings = bindings
  }
}
