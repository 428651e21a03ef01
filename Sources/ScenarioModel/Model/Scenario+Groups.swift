extension Scenario {
  /// Alike producers.
  public struct ProducerGroup: Sendable, Equatable {
    /// The group's name, unique among the producers.
    public var name: String
    /// Threads; at least 1.
    public var count: Int
    /// Exchange to publish to; "" is the default exchange, whose routing keys are queue names.
    public var exchange: String
    /// Routing keys; never empty unless the pattern is `ring`, and one for `request_reply`. Every key reaches at least one
    /// queue, unless messages are mandatory.
    public var keys: [String]
    /// How the next key is chosen.
    public var keyChoice: KeyChoice
    /// Headers of every message.
    public var headers: [String: String]
    /// Bytes of each message body, the verification header included. A power of two from 8 to 256, or 96, for `ring`, always the
    /// same; else from 32 to 1 Mi, and what a distribution has beyond that is the end.
    public var payload: Distribution
    /// The share of each body that a compressor can save, from 0 to 1.
    public var compressibleShare: Double
    /// How bodies travel; always plain for `ring`.
    public var encoding = Encoding()
    /// Work that travels with each message and is spent by whoever handles it, in nanoseconds.
    public var serviceTime: Distribution
    /// Message priorities, 0 to 255.
    public var priority = Distribution.fixed(0)
    /// How long a message may wait in a queue, in nanoseconds; nil for as long as the queue allows.
    public var expirationNanoseconds: Int64? = nil
    /// Whether messages ask to survive a restart.
    public var isPersistent = false
    /// Whether messages that reach no queue come back.
    public var isMandatory = false
    /// The most publisher confirms outstanding; 0 publishes without confirms.
    public var confirmsOutstandingLimit: Int
    /// Messages handed over at once; at least 1, and 1 for `request_reply`.
    public var batchCount: Int
    /// How long a client waits for a reply (pattern `request_reply`).
    public var timeoutNanoseconds: Int64
    /// How it waits; nil leaves it to the engine (spin, then park; park at once with more threads than cores).
    public var wait: Wait?
    /// Where the group is written; the scenario's first line for a default group.
    public var source: SourcePosition

    /// The smallest body outside of a ring: its verification header.
    public static let smallestPayloadByteCount = 32
    /// The largest body.
    public static let largestPayloadByteCount = 1 << 20

    /// Bytes of the largest body that the group may have.
    public var payloadByteCountLimit: Int {
      encoding.isPlain ? Self.largestPayloadByteCount : Encoding.largestPayloadByteCount
    }

    /// Bytes of the largest body.
    public var payloadByteCount: Int { payload.highest.map(Int.init) ?? payloadByteCountLimit }
  }

  /// Alike consumers.
  public struct ConsumerGroup: Sendable, Equatable {
    /// What a consumer tells the broker about the messages it handled.
    public enum Acknowledgement: Sendable, Equatable {
      /// Each message by itself.
      case each
      /// Nothing: a message counts as handled when it is delivered.
      case none
      /// Every n-th message, and all before it.
      case every(Int)
    }

    /// How service time is spent.
    public enum Busy: Sendable, Equatable {
      /// On the processor.
      case spin
      /// Sleeping.
      case sleep
      /// Reading the whole payload, and on the processor for the rest.
      case touch
      /// Computing this Fibonacci number recursively, and on the processor for the rest.
      case fibonacci(Int)

      /// Those that are a word in the file.
      static let words: KeyValuePairs<String, Busy> = ["spin": .spin, "sleep": .sleep, "touch": .touch]
    }

    /// The group's name, unique among the consumers.
    public var name: String
    /// Threads; at least 1.
    public var count: Int
    /// Queue to take from; "" for `ring`, and when each instance has its own.
    public var queue: String
    /// Whether each instance takes from a queue of its own, named like the instance.
    public var hasOwnQueues: Bool
    /// The most unacknowledged messages; at least 1.
    public var prefetchCount: Int
    /// What is acknowledged.
    public var acknowledgement: Acknowledgement
    /// How service time is spent.
    public var busy: Busy
    /// Service times are divided by this; a worker at 0.5 takes twice as long.
    public var speed: Double
    /// Among consumers of a queue with dispatch `consumer_priority`, higher ones come first.
    public var priority = 0
    /// The share of deliveries that fail, from 0 to 1.
    public var failingShare = 0.0
    /// The most messages taken at once; at least 1.
    public var batchCount: Int
    /// How it waits; nil leaves it to the engine.
    public var wait: Wait?
    /// Where the group is written; the scenario's first line for a default group.
    public var source: SourcePosition

    /// The queue that an instance takes from.
    public func queue(of index: Int) -> String { hasOwnQueues ? "\(name).\(index)" : queue }

    /// All queues that its instances take from.
    public var queues: [String] { hasOwnQueues ? (0..<count).map(queue(of:)) : [queue] }
  }
}
