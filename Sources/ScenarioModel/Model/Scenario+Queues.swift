extension Scenario {
  /// A queue: how long it gets, what is next, who gets it, and what becomes of what does not work out. Times in nanoseconds.
  public struct Queue: Sendable, Equatable {
    /// What happens to a publish when the queue is full.
    public enum Overflow: String, Sendable, CaseIterable {
      /// The producer waits for room.
      case block
      /// The publish is refused, and a confirm says so.
      case rejectPublish = "reject_publish"
      /// The message that would be next is dropped, a dead letter if the queue has those.
      case dropHead = "drop_head"
      /// The publish is refused, and the message is a dead letter.
      case rejectPublishDeadLetter = "reject_publish_dlx"
    }

    /// Which ready message is next.
    public enum Order: String, Sendable, CaseIterable {
      /// The oldest.
      case fifo
      /// The newest.
      case lifo
    }

    /// Which consumer gets a message.
    public enum Dispatch: String, Sendable, CaseIterable {
      case shared, fair, random
      case consumerPriority = "consumer_priority"
      case singleActive = "single_active"
      case roundRobin = "round_robin"
      case consistentHash = "consistent_hash"
      case powerOfTwoChoices = "power_of_two_choices"
      case leastOutstanding = "least_outstanding"
      case workStealing = "work_stealing"

      /// Whether the consumer is chosen when the message is published.
      public var choosesAtPublish: Bool {
        switch self {
        case .shared, .fair, .consumerPriority, .singleActive: false
        case .random, .roundRobin, .consistentHash, .powerOfTwoChoices, .leastOutstanding, .workStealing: true
        }
      }
    }

    /// Where messages go that leave the queue without having been handled.
    public struct DeadLetter: Sendable, Equatable {
      /// The exchange; "" is the default one, which routes by queue name.
      public var exchange: String
      /// The routing key; nil for the one that each message came with.
      public var key: String?
    }

    /// How long a message waits after a consumer failed: `backoff`, doubled each time, at most `limit`.
    public struct Retry: Sendable, Equatable {
      public var backoffNanoseconds: Int64
      public var limitNanoseconds: Int64
      /// Whether the wait is drawn from 0 to that.
      public var hasJitter: Bool
    }

    /// Unique name.
    public var name: String
    /// The most ready messages it holds.
    public var messageCountLimit: Int
    /// The most bytes of ready messages.
    public var byteCountLimit: Int? = nil
    /// What happens beyond that.
    public var overflow = Overflow.block
    /// Which message is next; among those of the highest priority, if there are priorities.
    public var order = Order.fifo
    /// The highest priority that counts; nil when none does.
    public var highestPriority: Int? = nil
    /// Who gets it.
    public var dispatch = Dispatch.shared
    /// The prefetch that its dispatch means, and that its consumers therefore have; nil when it is theirs to choose.
    public var prescribedPrefetch: Int? = nil
    /// How long a message may wait.
    public var messageLifetimeNanoseconds: Int64? = nil
    /// How long the queue lives without being used.
    public var expiryNanoseconds: Int64? = nil
    /// Where messages go that leave without having been handled; nil for nowhere.
    public var deadLetter: DeadLetter? = nil
    /// How often a message may come back.
    public var deliveryLimit: Int? = nil
    /// How long a message waits after it came back; nil for not at all.
    public var retry: Retry? = nil
    /// The most unacknowledged messages of all consumers together.
    public var unacknowledgedLimit: Int? = nil

    /// Whether a delivery that fails goes back into the queue, instead of being a dead letter at once.
    public var takesBackFailures: Bool { retry != nil || deliveryLimit != nil || deadLetter == nil }

    /// Whether messages may leave it unhandled by its own rules, whatever its consumers and producers say.
    public var mayLose: Bool {
      overflow == .dropHead || overflow == .rejectPublishDeadLetter || messageLifetimeNanoseconds != nil
    }

    /// The strongest order that it promises for what is published to it.
    public var promisedOrder: Verification.Order {
      if order == .lifo || highestPriority != nil || retry != nil || dispatch == .workStealing { return .none }
      return dispatch == .consistentHash || dispatch == .singleActive ? .perKey : .perProducer
    }
  }
}
