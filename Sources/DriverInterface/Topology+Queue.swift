extension Topology {
  /// What happens to a message that finds its queue full.
  public enum Overflow: Sendable, Equatable {
    /// The publisher waits until there is room.
    case block
    /// The message is refused, and its publisher told.
    case rejectPublish
    /// The same, and the message goes where the queue's dead letters go.
    case rejectPublishDeadLetter
    /// The message that would be next makes room.
    case dropHead

    /// Whether a full queue refuses messages.
    public var refuses: Bool { self == .rejectPublish || self == .rejectPublishDeadLetter }
  }

  /// Which ready message is next.
  public enum Order: Sendable, Equatable {
    /// The oldest.
    case fifo
    /// The newest.
    case lifo
    /// The oldest of the highest priority, from 0 to this.
    case priority(highest: Int)
  }

  /// Where a queue's messages go that leave it without having been handled.
  public struct DeadLetter: Sendable, Equatable {
    /// The exchange; "" is the default one.
    public var exchange: String
    /// The routing key; nil for the one that each message came with.
    public var key: String?

    /// Creates an address.
    public init(exchange: String, key: String? = nil) {
      self.exchange = exchange
      self.key = key
    }
  }

  /// How long a message waits after a consumer gave it back: `backoff`, doubled each time, up to `limit`, in nanoseconds.
  public struct Retry: Sendable, Equatable {
    /// The first wait.
    public var backoffNanoseconds: Int64
    /// The longest wait.
    public var limitNanoseconds: Int64
    /// Whether each wait is drawn from 0 to that.
    public var hasJitter: Bool

    /// Creates a rule.
    public init(backoffNanoseconds: Int64, limitNanoseconds: Int64, hasJitter: Bool) {
      self.backoffNanoseconds = backoffNanoseconds
      self.limitNanoseconds = limitNanoseconds
      self.hasJitter = hasJitter
    }
  }

  /// A queue to declare. Times in nanoseconds; what is nil is not limited.
  public struct Queue: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// How many messages may be ready in it; nil takes the subject's default.
    public var maxLength: Int?
    /// How many bytes of bodies may be ready in it.
    public var maxByteCount: Int?
    /// What happens beyond that.
    public var overflow: Overflow
    /// Which message is next.
    public var order = Order.fifo
    /// Which consumer gets it, by the name that scenario files use.
    public var dispatch = "shared"
    /// How long a message may be ready.
    public var messageLifetimeNanoseconds: Int64?
    /// How long the queue stays without being used.
    public var expiryNanoseconds: Int64?
    /// Where messages go that leave without having been handled; nil for nowhere.
    public var deadLetter: DeadLetter?
    /// How often a message may come back.
    public var deliveryLimit: Int?
    /// How long it waits then; nil for not at all.
    public var retry: Retry?
    /// How many messages may be unacknowledged, over all consumers.
    public var unacknowledgedLimit: Int?

    /// Creates a declaration.
    public init(name: String, maxLength: Int? = nil, overflow: Overflow = .block) {
      self.name = name
      self.maxLength = maxLength
      self.overflow = overflow
    }

    /// What the subject must be able to do for it.
    public var features: Set<QueueFeature> {
      let needed: [(QueueFeature, Bool)] = [
        (.lastInFirstOut, order == .lifo), (.byteLimit, maxByteCount != nil), (.dropHead, overflow == .dropHead),
        (.rejectPublishDeadLetter, overflow == .rejectPublishDeadLetter),
        (.messageLifetime, messageLifetimeNanoseconds != nil), (.expiry, expiryNanoseconds != nil),
        (.deadLetters, deadLetter != nil), (.deliveryLimit, deliveryLimit != nil), (.retry, retry != nil),
        (.unacknowledgedLimit, unacknowledgedLimit != nil),
      ]
      var features = Set(needed.filter(\.1).map(\.0))
      if case .priority = order { features.insert(.priorities) }
      return features
    }
  }
}
