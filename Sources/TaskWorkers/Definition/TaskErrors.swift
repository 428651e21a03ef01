/// Thrown by a handler that wants its task tried again: `throw context.retry(countdown: .seconds(5))`.
public struct TaskRetry: Error, Sendable {
  /// How long to wait, not at all when it is negative; nil for what the task's options say.
  public var countdown: Duration?
  /// Why; it is what the task fails with when it has been tried often enough.
  public var cause: (any Error)?

  /// Asks for another attempt.
  public init(countdown: Duration? = nil, cause: (any Error)? = nil) {
    self.countdown = countdown
    self.cause = cause
  }
}

/// The task ran for longer than its soft time limit and noticed: `TaskContext.checkStop`.
public struct SoftTimeLimitExceeded: Error, Sendable, CustomStringConvertible {
  /// An error without details.
  public init() {}

  /// What happened.
  public var description: String { "the task ran for longer than its soft time limit" }
}

/// The task was called off while it ran and noticed: `TaskContext.checkStop`.
public struct TaskRevoked: Error, Sendable, CustomStringConvertible {
  /// An error without details.
  public init() {}

  /// What happened.
  public var description: String { "the task was called off while it ran" }
}

/// What a worker says of a task that it could not do, or not again: the error types in `TaskOutcome` that no handler threw.
public enum WorkerErrorName {
  /// It was tried as often as `TaskOptions.maxRetries` allows, by a handler that gave no cause.
  public static let maxRetriesExceeded = "MaxRetriesExceeded"
  /// Its queue had no room for it until its application was closed, or its worker was to send it on to a queue that is not there.
  public static let notSent = "TaskNotSent"
  /// Its process died.
  public static let workerLost = "WorkerLost"
  /// It was killed for running longer than its time limit.
  public static let timeLimitExceeded = "TimeLimitExceeded"
  /// It had expired before it began.
  public static let expired = "TaskExpired"
  /// It was called off.
  public static let revoked = "TaskRevoked"
  /// No task has that name.
  public static let notRegistered = "NotRegistered"
  /// The worker does not accept the content type.
  public static let contentDisallowed = "ContentDisallowed"
  /// It came back too often.
  public static let redeliveryLimitExceeded = "RedeliveryLimitExceeded"
  /// It has a hard time limit, and the pool has no process to kill.
  public static let timeLimitUnsupported = "TimeLimitUnsupported"
  /// It is larger than what the pool's lanes can take.
  public static let messageTooLarge = "MessageTooLarge"
  /// The result is larger than a message may be.
  public static let resultTooLarge = "ResultTooLarge"
}
