/// The broker as a whole.
public struct BrokerStatistics: Sendable, Equatable {
  /// Queues at the moment.
  public let queueCount: Int
  /// Messages that no queue was bound for, over all sessions there ever were.
  public let unroutable: UInt64
  /// Mandatory messages that no queue was bound for; not among the unroutable ones.
  public let returned: UInt64
  /// Staged messages that were lost because their queue was full when their session closed.
  public let lostAtClose: UInt64
  /// Staged copies of messages for several queues whose queue was deleted before they were pushed; the other queues got theirs.
  public let droppedWithQueue: UInt64
  /// Dead letters that were dropped because there was no memory for their headers.
  public let deadLettersLost: Int
  /// Bytes of bodies held in blocks. Blocks on their way back to their owner count until it collects them.
  public let bodyByteCount: Int
  /// How often a body found no memory (`PublishOutcome.noMemory`).
  public let bodyMemoryExhaustedCount: Int
}
