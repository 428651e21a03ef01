/// What the subject says about itself: shown to the user, never used to verify it.
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

    /// Creates a row.
    public init(name: String, readyCount: Int, unacknowledgedCount: Int, consumerCount: Int, memoryByteCount: Int) {
      self.name = name
      self.readyCount = readyCount
      self.unacknowledgedCount = unacknowledgedCount
      self.consumerCount = consumerCount
      self.memoryByteCount = memoryByteCount
    }
  }

  /// All queues, by name.
  public var queues: [Queue]

  /// Creates a report.
  public init(queues: [Queue] = []) { self.queues = queues }
}
