extension Scenario {
  /// The exchanges, queues and bindings that a run declares before it starts, in file order.
  public struct Topology: Sendable, Equatable {
    /// Named exchanges. The default exchange (name "") always exists and is not listed.
    public var exchanges: [Exchange]
    /// Queues; at least one unless the pattern is `ring`.
    public var queues: [Queue]
    /// Routes from a named exchange to a queue or to another exchange.
    public var bindings: [Binding]

    /// No exchange, no queue.
    public static let empty = Topology(exchanges: [], queues: [], bindings: [])
  }

  /// A named exchange.
  public struct Exchange: Sendable, Equatable {
    /// How an exchange compares routing keys with binding keys.
    public enum Kind: String, Sendable, CaseIterable {
      /// Equal keys.
      case direct
      /// All bindings.
      case fanout
      /// Patterns of words, with `*` for one word and `#` for any number.
      case topic
      /// The message's headers instead of its key.
      case headers
    }

    /// Unique name, never empty.
    public var name: String
    /// How it routes.
    public var kind: Kind
    /// Whether only other exchanges may publish to it.
    public var isInternal: Bool
    /// The exchange that gets what none of its bindings takes.
    public var alternate: String?
  }

  /// A route: what it means depends on the kind of its exchange.
  public struct Binding: Sendable, Equatable {
    /// Where a binding leads.
    public enum Destination: Sendable, Equatable {
      /// A queue, by its name.
      case queue(String)
      /// Another exchange, which routes on by its own bindings.
      case exchange(String)
    }

    /// Name of the exchange that messages come from.
    public var exchange: String
    /// Where they go.
    public var destination: Destination
    /// The binding key.
    public var key: String
    /// What a headers exchange compares with the message's headers, and `x-match`.
    public var arguments: [String: String]
  }
}
