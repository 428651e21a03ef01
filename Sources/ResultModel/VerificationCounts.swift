/// What the harness found wrong with the messages of a phase, and what looking cost.
public struct VerificationCounts: Codable, Sendable, Equatable {
  /// Accepted and routed to a queue, but never received.
  public var lost = 0
  /// Received more than once without the redelivered flag.
  public var duplicated = 0
  /// Received before one that was sent earlier.
  public var reordered = 0
  /// Received with a body whose checksum is wrong.
  public var corrupted = 0
  /// How many received messages were looked at.
  public var verified = 0
  /// What looking at one message cost, in nanoseconds; absent when it was not measured.
  public var costNanosecondsPerMessage: Double?
  /// The first few messages found wrong, e.g. `lost: producer 0 sequence 41`.
  public var examples: [String] = []

  /// Nothing found yet.
  public init() {}

  /// Whether nothing was found wrong.
  public var isClean: Bool { lost == 0 && duplicated == 0 && reordered == 0 && corrupted == 0 }

  enum CodingKeys: String, CodingKey {
    case lost, duplicated, reordered, corrupted, verified
    case costNanosecondsPerMessage = "cost_ns_per_message"
    case examples
  }
}
