extension SubjectStatistics {
  /// One row of `list_exchanges`.
  public struct Exchange: Sendable, Equatable, Codable {
    /// Its name; empty for the default exchange.
    public var name: String
    /// Its type, as the field names it.
    public var type: String
    /// Whether only other exchanges publish to it.
    public var isInternal: Bool

    /// Creates a row.
    public init(name: String, type: String, isInternal: Bool) {
      self.name = name
      self.type = type
      self.isInternal = isInternal
    }
  }

  /// One row of `list_bindings`.
  public struct Binding: Sendable, Equatable, Codable {
    /// The exchange that messages come from; empty for the default one.
    public var source: String
    /// The queue or exchange that they go to.
    public var destination: String
    /// `queue` or `exchange`.
    public var destinationKind: String
    /// The binding key.
    public var key: String
    /// What else is compared, as text.
    public var arguments: String

    /// Creates a row.
    public init(source: String, destination: String, destinationKind: String, key: String, arguments: String = "") {
      self.source = source
      self.destination = destination
      self.destinationKind = destinationKind
      self.key = key
      self.arguments = arguments
    }
  }

  /// One row of `list_consumers`.
  public struct Consumer: Sendable, Equatable, Codable {
    /// The queue that it takes from.
    public var queue: String
    /// Whose it is, in the subject's terms.
    public var session: String
    /// Its name within that.
    public var tag: String
    /// Whether it acknowledges.
    public var acknowledges: Bool
    /// How many deliveries may be unacknowledged; 0 for no limit.
    public var prefetchCount: Int
    /// Its priority among the consumers of the queue.
    public var priority: Int
    /// Whether it gets messages now, as far as the queue decides that.
    public var isActive: Bool
    /// Deliveries that it has not acknowledged.
    public var unacknowledgedCount: Int

    /// Creates a row.
    public init(
      queue: String, session: String, tag: String, acknowledges: Bool, prefetchCount: Int, priority: Int,
      isActive: Bool, unacknowledgedCount: Int
    ) {
      self.queue = queue
      self.session = session
      self.tag = tag
      self.acknowledges = acknowledges
      self.prefetchCount = prefetchCount
      self.priority = priority
      self.isActive = isActive
      self.unacknowledgedCount = unacknowledgedCount
    }
  }
}
