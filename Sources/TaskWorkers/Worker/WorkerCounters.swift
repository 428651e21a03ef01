/// What a worker has done and refused, each message under what became of it.
@frozen
public struct WorkerCounters: Sendable, Equatable {
  /// Messages that came.
  public var received = 0
  /// Those of them that were handed out before, by the queue or to a process of this worker's pool that died with them.
  public var redelivered = 0
  /// Attempts that returned a value.
  public var succeeded = 0
  /// Tasks that failed for good.
  public var failed = 0
  /// Those of them that failed with an error of `TaskOptions.throws`.
  public var expectedFailures = 0
  /// Attempts that another one follows.
  public var retried = 0
  /// Tasks that were tried as often as they may be.
  public var exhausted = 0
  /// Tasks that were called off by name.
  public var revoked = 0
  /// Tasks that had expired.
  public var expired = 0
  /// Tasks of unknown names.
  public var notRegistered = 0
  /// Tasks of content types that are not accepted.
  public var contentDisallowed = 0
  /// Tasks that came back too often.
  public var poisoned = 0
  /// Tasks with a hard time limit that the pool cannot keep.
  public var timeLimitUnsupported = 0
  /// Messages that are none of tasks, and what came back from a lane without being an outcome of the task that it had.
  public var malformed = 0
  /// Tasks that waited here for their rate limit.
  public var heldBack = 0
  /// Tasks that were sent to the keeper of ETAs, for their time or their rate limit.
  public var forwarded = 0
  /// Tasks whose process died.
  public var workersLost = 0
  /// Tasks that were killed for their time limit.
  public var timeLimitsExceeded = 0
  /// Outcomes sent.
  public var resultsSent = 0
  /// Outcomes that nobody wanted.
  public var resultsIgnored = 0
  /// Outcomes that could not be sent: the waiter's queue held them back for a long time. One that its queue refuses counts as sent.
  public var resultsUnsent = 0
  /// Messages that could not be sent on: their queue is not there, they are too large, or too many wait for room.
  public var messagesUnsent = 0

  /// Nothing yet.
  @inlinable
  public init() {}

  @usableFromInline
  mutating func count(_ admission: TaskAdmission) {
    switch admission {
    case .run: break
    case .forward: forwarded += 1
    case .expired: expired += 1
    case .revoked: revoked += 1
    case .notRegistered: notRegistered += 1
    case .contentDisallowed: contentDisallowed += 1
    case .poisoned: poisoned += 1
    case .timeLimitUnsupported: timeLimitUnsupported += 1
    }
  }
}

extension WorkerCounters {
  /// Tasks that have ended, by how.
  var totals: [TaskState: Int] {
    [
      .success: succeeded, .failure: failed, .revoked: revoked + expired,
      .rejected: notRegistered + contentDisallowed + poisoned + timeLimitUnsupported,
    ].filter { $0.value > 0 }
  }
}
