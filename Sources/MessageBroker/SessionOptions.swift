/// How a session is opened.
@frozen
public struct SessionOptions: Sendable, Equatable {
  /// How many messages a queue's batch collects before it is pushed, 1 to 64. One: every publish is in its queue when
  /// the call returns. More: the caller owes a `flush()` before it waits or stops.
  public var publishBatch: Int
  /// Deliveries that may be unacknowledged; a power of two. Holds whatever the prefetch is, also for "unlimited" (0). One that is kept
  /// for long takes up one place, however many come after it; with twice the prefetch, batches stay long beside those.
  public var windowCapacity: Int
  /// Whether the session ever parks. Saying false saves its partners a fence per batch.
  public var mayPark: Bool

  /// The default of `windowCapacity`.
  @inlinable
  public static var defaultWindowCapacity: Int { 8192 }

  /// The largest `publishBatch`.
  @inlinable
  public static var publishBatchLimit: Int { 64 }

  /// Options of a session.
  @inlinable
  public init(publishBatch: Int = 1, windowCapacity: Int = SessionOptions.defaultWindowCapacity, mayPark: Bool = true) {
    self.publishBatch = publishBatch
    self.windowCapacity = windowCapacity
    self.mayPark = mayPark
  }
}

/// Names a session to the control path, for exclusive queues. Never reused by a broker.
public struct SessionIdentifier: Hashable, Sendable {
  let number: UInt64
}

/// Who says that a delivery is done.
@frozen
public enum AcknowledgementMode: UInt8, Sendable {
  /// The consumer, with `acknowledge`, `reject` or `nack`.
  case manual
  /// Nobody: a message counts as acknowledged when it is delivered (`no_ack`).
  case automatic
}
