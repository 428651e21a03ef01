/// What a lane is told about a record besides its bytes.
@frozen
public struct LaneOrder: Sendable, Equatable {
  /// The intake's own name for the record, which its completion brings back.
  public var ticket: UInt64
  /// So long after its start the handler's context says that the soft limit is exceeded; 0 for never.
  public var softLimitNanoseconds: Int64
  /// So long after its start the record is ended by force; 0 for never. A thread cannot be forced: there it is asked.
  public var hardLimitNanoseconds: Int64
  /// Whether the record is run again when its worker dies while it runs. When not, it comes back as `workerLost`.
  public var isReplayedAfterLoss: Bool
  /// How often at most; when one more worker dies of it, it comes back as `poisoned`.
  public var replayLimit: Int
  /// How many attempts the record stands for.
  public var attemptCount: Int

  /// An order; without more than a ticket: no limits, and back it comes when the worker is lost.
  @inlinable
  public init(
    ticket: UInt64, softLimitNanoseconds: Int64 = 0, hardLimitNanoseconds: Int64 = 0, isReplayedAfterLoss: Bool = false,
    replayLimit: Int = .max, attemptCount: Int = 1
  ) {
    self.ticket = ticket
    self.softLimitNanoseconds = softLimitNanoseconds
    self.hardLimitNanoseconds = hardLimitNanoseconds
    self.isReplayedAfterLoss = isReplayedAfterLoss
    self.replayLimit = replayLimit
    self.attemptCount = attemptCount
  }

  /// Whether what has this order and what has the other may be one record: they are told to stop, killed and run again alike.
  func agrees(with other: LaneOrder) -> Bool {
    var other = other
    other.ticket = ticket
    return self == other
  }

  @inlinable
  var isLimited: Bool { softLimitNanoseconds | hardLimitNanoseconds != 0 }

  /// The limit that is over first; there must be one.
  var shortestLimit: Int64 {
    softLimitNanoseconds == 0 || hardLimitNanoseconds == 0
      ? max(softLimitNanoseconds, hardLimitNanoseconds) : min(softLimitNanoseconds, hardLimitNanoseconds)
  }
}
