extension Scenario {
  /// Alike producers.
  public struct ProducerGroup: Sendable, Equatable {
    /// The group's name, unique among the producers.
    public var name: String
    /// Threads; at least 1.
    public var count: Int
    /// Exchange to publish to; "" is the default exchange, whose routing keys are queue names.
    public var exchange: String
    /// Routing keys, used in turn; never empty unless the pattern is `ring`, and one for `request_reply`. Every key
    /// reaches at least one queue.
    public var keys: [String]
    /// Bytes of each message body, the verification header included. A power of two from 8 to 256, or 96, for `ring`, else
    /// at least 32.
    public var payloadByteCount: Int
    /// Work that travels with each message and is spent by whoever handles it.
    public var serviceTime: ServiceTime
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
    public enum Busy: String, Sendable, CaseIterable {
      /// On the processor.
      case spin
      /// Sleeping.
      case sleep
      /// Reading the whole payload, and on the processor for the rest.
      case touch
    }

    /// The group's name, unique among the consumers.
    public var name: String
    /// Threads; at least 1.
    public var count: Int
    /// Queue to take from; "" for `ring`.
    public var queue: String
    /// The most unacknowledged messages; at least 1.
    public var prefetchCount: Int
    /// What is acknowledged.
    public var acknowledgement: Acknowledgement
    /// How service time is spent.
    public var busy: Busy
    /// Service times are divided by this; a worker at 0.5 takes twice as long.
    public var speed: Double
    /// The most messages taken at once; at least 1.
    public var batchCount: Int
    /// How it waits; nil leaves it to the engine.
    public var wait: Wait?
    /// Where the group is written; the scenario's first line for a default group.
    public var source: SourcePosition
  }

  /// How much work a message carries. Drawn by the producer from its number and the sequence number.
  public enum ServiceTime: Sendable, Equatable {
    /// The same for every message; 0 is no work.
    case fixed(nanoseconds: Int64)
    /// Exponentially distributed.
    case exponential(meanNanoseconds: Int64)
  }
}
