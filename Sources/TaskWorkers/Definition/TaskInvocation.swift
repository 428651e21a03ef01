public import DriverInterface
public import Serialization

/// One attempt in the terms of the raw level: the message where it lies, and its arguments' bytes.
///
/// Valid until the handler returns. Making one allocates nothing and retains nothing.
@safe @frozen
public struct TaskInvocation: ~Copyable {
  /// The whole message.
  public let envelope: TaskEnvelope
  /// The arguments as their serializer made them, no longer compressed.
  public let arguments: MessageBody
  /// Whether an earlier worker had the same message.
  public let isRedelivered: Bool
  @usableFromInline let attempt: UInt64
  @usableFromInline let softDeadline: Int64
  /// Kept alive by whoever made the invocation: a reference of its own would cost two atomic operations for each task.
  @usableFromInline unowned(unsafe) let environment: TaskEnvironment

  @inlinable @inline(__always)
  init(
    _ envelope: TaskEnvelope, arguments: MessageBody, isRedelivered: Bool, attempt: UInt64, softDeadline: Int64,
    environment: TaskEnvironment
  ) {
    self.envelope = envelope
    self.arguments = arguments
    self.isRedelivered = isRedelivered
    self.attempt = attempt
    self.softDeadline = softDeadline
    unsafe self.environment = environment
  }

  /// The task's identity.
  @inlinable
  public var identifier: TaskIdentifier { envelope.identifier }

  /// How the arguments were serialized, and how the result should be.
  public var serializer: Serializer { envelope.serializer }

  /// Throws when the handler should end: see `TaskContext.checkStop`. Allocates nothing; costs a reading of the clock at most.
  /// - Throws: `TaskRevoked`, after which the task counts as REVOKED, or `SoftTimeLimitExceeded`.
  public func checkStop() throws { try unsafe environment.checkStop(attempt, softDeadline) }

  /// The attempt for handlers of the typed level, which may keep it.
  public var context: TaskContext {
    TaskContext(
      envelope, isRedelivered: isRedelivered, attempt: attempt, softDeadline: softDeadline,
      environment: unsafe environment)
  }
}

/// What does the work of a task at the raw level: reads the arguments' bytes and appends the result's to the writer, as
/// `TaskInvocation.serializer` writes them. May throw, also `TaskRetry`. May run on several threads at once.
public typealias TaskHandler = @Sendable (borrowing TaskInvocation, inout ByteWriter) throws -> Void

/// The same for work that waits: gets copies, and runs on Swift's concurrency pool.
public typealias AsyncTaskHandler = @Sendable (TaskContext, SerializedBytes) async throws -> [UInt8]
