/// How many messages of a phase took which way. What does not apply to a pattern stays 0.
public struct MessageCounts: Codable, Sendable, Equatable {
  /// Due to be sent; equal to `sent` in closed loops.
  public var scheduled = 0
  /// Handed to the subject, whatever it did with them.
  public var sent = 0
  /// Taken by the subject.
  public var accepted = 0
  /// Taken, but no queue wanted them.
  public var unroutable = 0
  /// Confirmed to the publisher.
  public var confirmed = 0
  /// Refused, because a queue was full.
  public var rejected = 0
  /// Given back to the publisher (mandatory, but unroutable).
  public var returned = 0
  /// Handed to consumers, or replies received.
  public var received = 0
  /// Acknowledged by consumers.
  public var acknowledged = 0
  /// Delivered again, with the redelivered flag.
  public var redelivered = 0
  /// Outlived their time to live.
  public var expired = 0
  /// Dropped by an overflowing queue.
  public var dropped = 0
  /// Moved to a dead-letter exchange.
  public var deadLettered = 0
  /// Refused by consumers for good, with nowhere to go.
  public var discarded: Int?
  /// Operations that failed: requests that were answered too late. What was never answered is lost.
  public var errors = 0
  /// Tasks that failed for good; the failure is their result.
  public var failed: Int?
  /// Attempts that failed and were followed by another.
  public var retried: Int?
  /// Tasks that workers ran to their end, those of workflows one by one.
  public var executed: Int?
  /// Tasks that were called off; their result says so.
  public var revoked: Int?
  /// Replies that came after their request had timed out; not received.
  public var late: Int?

  /// Nothing counted yet.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case scheduled, sent, accepted, unroutable, confirmed, rejected, returned, received, acknowledged, redelivered
    case expired, dropped
    case deadLettered = "dead_lettered"
    case discarded, errors, failed, retried, executed, revoked, late
  }
}
