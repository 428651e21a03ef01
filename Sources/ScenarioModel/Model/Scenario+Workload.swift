extension Scenario {
  /// Who sends and who receives.
  public struct Workload: Sendable, Equatable {
    /// What kind of traffic flows.
    public var pattern: Pattern
    /// The ring between producers and consumers; present exactly when the pattern is `ring`.
    public var ring: Ring?
    /// Groups of alike producers (clients of `request_reply` and `tasks`), in file order; never empty.
    public var producerGroups: [ProducerGroup]
    /// Groups of alike consumers (servers of `request_reply`; of `tasks` one, the workers), in file order; never empty.
    public var consumerGroups: [ConsumerGroup]
    /// What workers run tasks on; present exactly when the pattern is `tasks`.
    public var pool: TaskPool?
    /// The kinds of tasks that clients send, in file order; empty unless the pattern is `tasks`.
    public var tasks: [TaskKind] = []
    /// The clock that crontabs go by.
    public var beatClock = BeatClock()

    /// Producers of all groups together.
    public var producerCount: Int { producerGroups.reduce(0) { $0 + $1.count } }
    /// Whether a beat sends tasks by their schedules.
    public var hasBeat: Bool { tasks.contains { $0.schedule != nil } }
    /// Whether clients send nothing, because the beat sends it all.
    public var isSentByBeatAlone: Bool { hasBeat && tasks.allSatisfy { $0.weight == 0 } }
    /// Threads that send: producers, but clients that have nothing to send, and the beat.
    public var sendingThreadCount: Int { (isSentByBeatAlone ? 0 : producerCount) + (hasBeat ? 1 : 0) }
    /// Consumers of all groups together.
    public var consumerCount: Int { consumerGroups.reduce(0) { $0 + $1.count } }

    /// The most producers and consumers of a broker together: each has a session.
    public static let sessionLimit = 1_024
  }

  /// The kind of traffic.
  public enum Pattern: String, Sendable, CaseIterable {
    /// The bare ring buffer, no broker.
    case ring
    /// Competing consumers take messages from queues.
    case workQueue = "work_queue"
    /// Clients send requests and wait for replies that servers send.
    case requestReply = "request_reply"
    /// Every consumer gets every message, from a queue of its own.
    case publishSubscribe = "publish_subscribe"
    /// A routing key that is equal to a binding key decides which queues get a message.
    case routing
    /// Routing keys are matched with patterns of words.
    case topics
    /// Clients send tasks, and workers run them and send the results.
    case tasks

    /// Whether producers are clients that get an answer to each message.
    public var hasAnswers: Bool { self == .requestReply || self == .tasks }

    /// Whether messages go from producers through queues to consumers, and nothing comes back.
    public var isOneWay: Bool { self != .ring && !hasAnswers }
  }

  /// A ring buffer between producers and consumers.
  public struct Ring: Sendable, Equatable {
    /// How many threads may use each end.
    public enum Kind: String, Sendable, CaseIterable {
      /// One producer, one consumer.
      case spsc
      /// Any number of producers, one consumer.
      case mpsc
      /// Any number of both.
      case mpmc
      /// One producer, and every consumer gets every item.
      case broadcast
      /// One producer, one consumer, items as records of bytes.
      case bytes
      /// Any number of both, the newest item first.
      case lifo

      /// Whether there may be several producers.
      var allowsProducers: Bool { self == .mpsc || self == .mpmc || self == .lifo }
      /// Whether there may be several consumers.
      var allowsConsumers: Bool { self == .mpmc || self == .broadcast || self == .lifo }
    }

    /// What producers of a ring of kind `mpsc` share.
    public enum Lanes: String, Sendable, CaseIterable {
      /// One ring, one order for all.
      case shared
      /// Nothing: each has a ring of its own, and the consumer sweeps them.
      case perProducer = "per_producer"
    }

    /// What a ring of kind `broadcast` does about a slow reader.
    public enum SlowReader: String, Sendable, CaseIterable {
      /// The producer waits for it.
      case block
      /// It is overtaken, and told how many items it missed.
      case lap
    }

    /// Where the ring lies.
    public enum Memory: String, Sendable, CaseIterable {
      /// In the memory of one process: both ends are threads of it.
      case `private`
      /// In memory of two processes: the consumers are threads of a child process.
      case shared
    }

    /// When items become visible to consumers.
    public enum Publish: String, Sendable, CaseIterable {
      /// After each item, or each batch.
      case each
      /// When the producer's lazy cursor is flushed.
      case lazy
    }

    /// How many threads may use each end.
    public var kind: Kind
    /// What the producers of kind `mpsc` share.
    public var lanes: Lanes
    /// What kind `broadcast` does about a slow reader.
    public var slowReader: SlowReader
    /// Slots (of each lane); a power of two.
    public var capacity: Int
    /// When items become visible.
    public var publish: Publish
    /// Whether every item comes back through a second ring, for measuring the round trip; its load is `in_flight`.
    public var isRoundTrip: Bool
    /// Where the ring lies.
    public var memory: Memory

    /// The most producers of an `mpsc` ring with lanes of their own: the consumer looks at each lane in turn.
    public static let laneLimit = 64
    /// The most consumers of a `broadcast` ring: its producer looks at each of them.
    public static let readerLimit = 64
  }

  /// How an idle thread waits.
  public enum Wait: String, Sendable, CaseIterable {
    /// Look again at once.
    case spin
    /// Give the core away between looks.
    case yield
    /// Look less and less often.
    case backoff
    /// Sleep until woken.
    case park
    /// Look for a while, then sleep until woken.
    case spinThenPark = "spin_then_park"
  }
}
