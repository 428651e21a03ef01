import Platform

/// What a handler can know of the attempt that it makes.
public struct TaskContext: Sendable {
  /// The task's identity.
  public let identifier: TaskIdentifier
  /// Which attempt it is, from 0.
  public let retries: Int
  /// Whether an earlier worker had the same message and perhaps did some of the work.
  public let isRedelivered: Bool
  /// What the task is a part of.
  public let relations: TaskRelations
  /// What the call has added: `ApplyOptions.headers`.
  public let headers: [String: String]
  /// What the tasks before it returned; of asynchronous attempts alone, since others read it where it lies.
  var input: TaskInput?
  /// Numbers the attempts of a worker, from 1.
  let attempt: UInt64
  /// When its soft time limit is over; `.max` for never.
  let softDeadline: Int64
  let environment: TaskEnvironment

  /// The context of an attempt that no worker makes: to call a handler oneself, as in its tests,
  /// `try Add(x: 2, y: 2).run(TaskContext())`. Nobody calls it off, and it has no limit.
  public init(
    identifier: TaskIdentifier = .none, retries: Int = 0, isRedelivered: Bool = false, headers: [String: String] = [:]
  ) {
    self.identifier = identifier
    self.retries = retries
    self.isRedelivered = isRedelivered
    self.headers = headers
    relations = TaskRelations()
    attempt = 1
    softDeadline = .max
    environment = TaskEnvironment(clock: MonotonicTime())
  }

  init(
    _ envelope: TaskEnvelope, isRedelivered: Bool, attempt: UInt64, softDeadline: Int64, environment: TaskEnvironment
  ) {
    identifier = envelope.identifier
    retries = Int(envelope.retries)
    self.isRedelivered = isRedelivered
    relations = envelope.mask == 0 ? TaskRelations() : TaskRelations(envelope)
    headers = envelope.mask == 0 ? [:] : envelope.headers
    self.attempt = attempt
    self.softDeadline = softDeadline
    self.environment = environment
  }

  /// Whether the handler should end soon: the task was revoked while it runs (see `isRevoked`), or its soft time limit is over. To be
  /// asked now and then by handlers that take long; costs a reading of the clock at most.
  public var shouldStop: Bool { isRevoked || isOverSoftTimeLimit }

  /// Whether it was called off while it runs, or its worker is shut down cold. Heard by asynchronous tasks and in lanes; a synchronous
  /// task on a worker's own thread (`WorkerCore`, so also those of a `WorkerNode` with threads) hears of a cold shutdown alone, because
  /// that thread takes revocations.
  public var isRevoked: Bool { environment.isRevoked(attempt) }

  /// Whether it runs for longer than its soft time limit.
  public var isOverSoftTimeLimit: Bool { environment.isOverSoftTimeLimit(softDeadline) }

  /// Throws when the handler should end.
  /// - Throws: `TaskRevoked`, after which the task counts as REVOKED, or `SoftTimeLimitExceeded`.
  public func checkStop() throws { try environment.checkStop(attempt, softDeadline) }

  /// What to throw to have the task tried again.
  public func retry(countdown: Duration? = nil, cause: (any Error)? = nil) -> TaskRetry {
    TaskRetry(countdown: countdown, cause: cause)
  }
}
