extension Scenario {
  /// The exchanges, queues and bindings that a run declares before it starts, in file order.
  public struct Topology: Sendable, Equatable {
    /// Named exchanges. The default exchange (name "") always exists and is not listed.
    public var exchanges: [Exchange]
    /// Queues; at least one unless the pattern is `ring`.
    public var queues: [Queue]
    /// Routes from a named exchange to a queue.
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
    }

    /// Unique name, never empty.
    public var name: String
    /// How it routes.
    public var kind: Kind
  }

  /// A queue; first in, first out, shared by competing consumers.
  public struct Queue: Sendable, Equatable {
    /// What happens to a publish when the queue is full.
    public enum Overflow: String, Sendable, CaseIterable {
      /// The producer waits for room.
      case block
      /// The publish is refused, and a confirm says so.
      case rejectPublish = "reject_publish"
    }

    /// Unique name.
    public var name: String
    /// The most ready messages it holds.
    public var messageCountLimit: Int
    /// What happens beyond that.
    public var overflow: Overflow
  }

  /// A route: messages with this key go from this exchange to this queue.
  public struct Binding: Sendable, Equatable {
    /// Name of the exchange.
    public var exchange: String
    /// Name of the queue.
    public var queue: String
    /// The binding key.
    public var key: String
  }
}
