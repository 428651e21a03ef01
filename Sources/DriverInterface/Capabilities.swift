/// What a driver's subject can do; asking for more is refused before anything runs.
public struct Capabilities: Sendable {
  /// Whether raw rings can be measured.
  public var rings: Bool
  /// Whether the subject confirms what it accepted.
  public var publisherConfirms: Bool
  /// Whether a request can name the queue for its reply.
  public var requestReply: Bool
  /// Whether there are workers that run tasks.
  public var tasks: Bool
  /// Whether latency one way can be measured: sender and receiver share a clock.
  public var sharedClock: Bool
  /// Which ways of choosing a consumer queues have, by the names of scenario files.
  public var dispatches: Set<String>
  /// What else queues can be declared with.
  public var queueFeatures: Set<QueueFeature>
  /// Whether the driver can break messages and workers on purpose.
  public var faultInjection: Bool

  /// Creates a description.
  public init(
    rings: Bool, publisherConfirms: Bool, requestReply: Bool, sharedClock: Bool, tasks: Bool = false,
    dispatches: Set<String> = ["shared"], queueFeatures: Set<QueueFeature> = [], faultInjection: Bool = false
  ) {
    self.rings = rings
    self.publisherConfirms = publisherConfirms
    self.requestReply = requestReply
    self.tasks = tasks
    self.sharedClock = sharedClock
    self.dispatches = dispatches
    self.queueFeatures = queueFeatures
    self.faultInjection = faultInjection
  }
}

/// What not every broker's queues can do.
public enum QueueFeature: String, Sendable, CaseIterable {
  /// The newest message first.
  case lastInFirstOut = "order: lifo"
  /// Urgent messages first.
  case priorities
  /// A limit of bytes.
  case byteLimit = "max_bytes"
  /// Dropping messages from a full queue.
  case dropHead = "overflow: drop_head"
  /// Refused publishes as dead letters.
  case rejectPublishDeadLetter = "overflow: reject_publish_dlx"
  /// Messages that do not wait for ever.
  case messageLifetime = "message_ttl"
  /// Queues that do not stay for ever.
  case expiry = "expires"
  /// A place for what was not handled.
  case deadLetters = "dead_letter"
  /// A limit of attempts.
  case deliveryLimit = "delivery_limit"
  /// Waits between attempts.
  case retry
  /// A limit of unacknowledged messages.
  case unacknowledgedLimit = "unacknowledged_limit"
}
