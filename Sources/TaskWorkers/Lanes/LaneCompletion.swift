public import DriverInterface

/// A record's way back: run, or not.
@frozen
public struct LaneCompletion: Sendable {
  /// What the intake called the record.
  public var ticket: UInt64
  /// What there is to say about it; `hasResult` tells whether it was run to its end.
  public var remarks: LaneRemarks
  /// What the handler has written; empty without a result. Valid until the lane's `releaseCompletions()`.
  public var body: MessageBody

  /// A completion.
  @inlinable @inline(__always)
  public init(ticket: UInt64, remarks: LaneRemarks, body: MessageBody) {
    self.ticket = ticket
    self.remarks = remarks
    self.body = body
  }
}

/// What is worth saying about a completion. The raw values travel between processes of one build.
@frozen
public struct LaneRemarks: OptionSet, Sendable, Hashable {
  public let rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// It had been begun before, by a worker that died of it or with it.
  public static var redelivered: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 1) } }
  /// Its worker died while it ran.
  public static var workerLost: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 2) } }
  /// It exceeded its hard limit.
  public static var timeLimitExceeded: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 4) } }
  /// It was terminated at the intake's wish.
  public static var terminated: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 8) } }
  /// No worker has begun it.
  public static var notBegun: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 16) } }
  /// One more worker died of it than its order allows; together with `workerLost`.
  public static var poisoned: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 32) } }
  /// It was run, but its result does not fit the lane's ring.
  public static var resultTooLarge: LaneRemarks { @inlinable get { LaneRemarks(rawValue: 64) } }

  /// What a worker may say; all else is found out by the intake.
  static var ofWorker: LaneRemarks { .resultTooLarge }

  /// Whether the handler has returned, in time, and its result is there.
  @inlinable
  public var hasResult: Bool { isSubset(of: .redelivered) }
}
