public import Serialization

/// How a worker is set up.
public struct WorkerOptions: Sendable {
  /// The queue that it consumes, and that its tasks go back to when they are tried again.
  public var queue: String
  /// Where what follows a task goes that has a routing key, by that key; "" is the default exchange, where the key is a queue's name.
  public var exchange = ""
  /// Content types that are accepted, of arguments and of what tasks get from those before them: messages with others are rejected
  /// without being decoded.
  public var acceptContent = Set(Serializer.allCases)
  /// Tasks of one name that wait here for their rate limit; more are sent to the keeper of ETAs, so that they do not fill the
  /// prefetch window. A quarter of that is a good number.
  public var heldLimit = 64
  /// Rate limits that it keeps together with other workers; nil for limits of its own.
  public var rateLimits: SharedRateLimits?
  /// Messages that wait for room in the queue that they are sent on to.
  public var backlogLimit = 65_536
  /// Seed of the jitter of its retries.
  public var seed: UInt64 = 1

  /// The defaults.
  public init(queue: String) { self.queue = queue }

  /// What a queue's keeper of ETAs consumes.
  public static func etaQueue(of queue: String) -> String { queue + ".eta" }
}
