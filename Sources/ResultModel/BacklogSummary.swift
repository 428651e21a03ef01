/// The two halves of a phase that builds a backlog and then lets it be received.
public struct BacklogSummary: Codable, Sendable, Equatable {
  /// Messages that waited when receiving began.
  public var messageCount: Int
  /// From the start of the phase to the last message sent.
  public var buildNanoseconds: Int64
  /// From the moment that receiving was allowed to the last message received.
  public var drainNanoseconds: Int64

  /// Both halves.
  public init(messageCount: Int, buildNanoseconds: Int64, drainNanoseconds: Int64) {
    self.messageCount = messageCount
    self.buildNanoseconds = buildNanoseconds
    self.drainNanoseconds = drainNanoseconds
  }

  /// Messages per second while it was built.
  public var builtPerSecond: Double { Double(messageCount) * 1e9 / Double(max(1, buildNanoseconds)) }
  /// Messages per second while it was received.
  public var drainedPerSecond: Double { Double(messageCount) * 1e9 / Double(max(1, drainNanoseconds)) }

  enum CodingKeys: String, CodingKey {
    case messageCount = "messages"
    case buildNanoseconds = "build_ns"
    case drainNanoseconds = "drain_ns"
  }
}
