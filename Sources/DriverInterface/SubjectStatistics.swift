/// What the subject says about itself: shown to the user. Of what it says, the verification believes one thing only: how many
/// messages left a queue without having been handled, where the scenario lets them.
public struct SubjectStatistics: Sendable, Equatable {
  /// One row of `list_queues`.
  public struct Queue: Sendable, Equatable {
    /// The queue's name.
    public var name: String
    /// Messages that wait for a consumer.
    public var readyCount: Int
    /// Messages handed out and not acknowledged yet.
    public var unacknowledgedCount: Int
    /// Consumers subscribed now.
    public var consumerCount: Int
    /// Memory that the queue and its messages take, in bytes.
    public var memoryByteCount: Int

    /// Messages that wait until they may be delivered at all.
    public var delayedCount = 0
    /// Messages that went through.
    public var traffic = Traffic()
    /// The same per second of late; nil of a single reading.
    public var rates: Rates?
    /// Messages that left without having been handled.
    public var departures = Departures()
    /// How long messages were in the queue before they were delivered; nil while the subject does not know.
    public var timeInQueue: TimeInQueue?

    /// Creates a row.
    public init(name: String, readyCount: Int, unacknowledgedCount: Int, consumerCount: Int, memoryByteCount: Int) {
      self.name = name
      self.readyCount = readyCount
      self.unacknowledgedCount = unacknowledgedCount
      self.consumerCount = consumerCount
      self.memoryByteCount = memoryByteCount
    }
  }

  /// How long messages were in a queue, from when they were published to when their consumer had them for the first time, as far
  /// as the subject takes samples of that.
  public struct TimeInQueue: Sendable, Equatable {
    /// Messages that it was measured of.
    public var sampleCount: Int
    /// The median, in nanoseconds.
    public var p50Nanoseconds: Int64
    /// The 99th percentile, in nanoseconds.
    public var p99Nanoseconds: Int64

    /// Creates a summary.
    public init(sampleCount: Int, p50Nanoseconds: Int64, p99Nanoseconds: Int64) {
      self.sampleCount = sampleCount
      self.p50Nanoseconds = p50Nanoseconds
      self.p99Nanoseconds = p99Nanoseconds
    }
  }

  /// Messages that left a queue without having been handled, since its declaration; each by one of these ways.
  public struct Departures: Sendable, Equatable {
    /// Waited for too long, and nothing gets dead letters.
    public var expired = 0
    /// Made room for others, and nothing gets dead letters.
    public var dropped = 0
    /// Became dead letters, for whatever reason.
    public var deadLettered = 0
    /// Refused by a consumer for good, and nothing gets dead letters.
    public var discarded = 0
    /// Thrown away by an administrator.
    public var purged = 0

    /// None left.
    public init() {}

    /// Those that are nowhere any more.
    public var gone: Int { expired + dropped + discarded + purged }

    /// Both together.
    public static func + (left: Self, right: Self) -> Self { left.merged(right, +) }

    /// What was added since `earlier`.
    public static func - (later: Self, earlier: Self) -> Self { later.merged(earlier, -) }

    private func merged(_ other: Self, _ operation: (Int, Int) -> Int) -> Self {
      var result = self
      for field in [\Self.expired, \.dropped, \.deadLettered, \.discarded, \.purged] {
        result[keyPath: field] = operation(result[keyPath: field], other[keyPath: field])
      }
      return result
    }
  }

  /// All queues, by name.
  public var queues: [Queue]
  /// All exchanges, by name.
  public var exchanges: [Exchange] = []
  /// All bindings, by their exchange and destination.
  public var bindings: [Binding] = []
  /// All consumers, by their queue.
  public var consumers: [Consumer] = []

  /// Creates a report.
  public init(queues: [Queue] = []) { self.queues = queues }
}
