import DriverInterface

/// Several messages of one task that are done at once, such as the inputs of one inference, each with a result of its own.
///
/// Roles: the handler's, on the thread that runs it, until it returns. A message that it neither answered nor failed has succeeded without
/// a value.
///
/// Time limits are the batch's: they count from its beginning, and messages with different ones are never done together. When the soft
/// one is over, the handler that asks (`checkStop`) ends: what it has answered until then counts, all else fails as
/// SoftTimeLimitExceeded.
public struct TaskBatch: ~Copyable {
  /// One message as the handler sees it.
  public struct Item: Sendable {
    /// The task's identity.
    public let identifier: TaskIdentifier
    /// Which attempt it is, from 0.
    public let retries: Int
    /// Whether an earlier worker had the same message.
    public let isRedelivered: Bool
    /// The arguments, no longer compressed.
    public let arguments: SerializedBytes
    /// What its call has added: `ApplyOptions.headers`.
    public let headers: [String: String]
    /// What it got from the tasks before it in a workflow; nil when there were none, or nothing that can be read.
    public let input: TaskInput?

    init(_ envelope: TaskEnvelope, isRedelivered: Bool, arguments: SerializedBytes) {
      identifier = envelope.identifier
      retries = Int(envelope.retries)
      self.isRedelivered = isRedelivered
      self.arguments = arguments
      headers = envelope.mask == 0 ? [:] : envelope.headers
      input = envelope.bytes(of: .input).flatMap { unsafe TaskInput(encoded: $0.bytes) }
    }
  }

  /// The messages, in the order in which they came.
  public let items: [Item]
  /// By message: how it has ended.
  private(set) var endings: [AsyncAttempt.Ending?]
  /// The number and the limit of the attempt that all of them are, as of `TaskContext`.
  private let attempt: UInt64
  private let softDeadline: Int64
  private let environment: TaskEnvironment

  init(_ items: [Item], attempt: UInt64, softDeadline: Int64, environment: TaskEnvironment) {
    self.items = items
    endings = Array(repeating: nil, count: items.count)
    self.attempt = attempt
    self.softDeadline = softDeadline
    self.environment = environment
  }

  /// Whether the handler should end soon: the worker is shut down cold, or the soft time limit is over. To be asked now and then by
  /// handlers that take long; costs a reading of the clock at most.
  public var shouldStop: Bool { environment.isRevoked(attempt) || isOverSoftTimeLimit }

  /// Whether it runs for longer than the soft time limit of its messages.
  public var isOverSoftTimeLimit: Bool { environment.isOverSoftTimeLimit(softDeadline) }

  /// Throws when the handler should end: see `TaskContext.checkStop`.
  public func checkStop() throws { try environment.checkStop(attempt, softDeadline) }

  /// Ends one message with a value, as its serializer makes it.
  public mutating func succeed(_ index: Int, with value: [UInt8]) { endings[index] = .returned(value) }

  /// Ends one message with an error, which may also be a `TaskRetry`.
  public mutating func fail(_ index: Int, with error: any Error) { endings[index] = .threw(error) }

  /// Ends all messages with an error that have not ended.
  mutating func failRest(with error: any Error) {
    for index in endings.indices where endings[index] == nil { endings[index] = .threw(error) }
  }
}

/// What does the work of a task for several messages at once. What it throws is the error of all messages that it has not ended. May
/// run on several threads at once.
public typealias TaskBatchHandler = @Sendable (inout TaskBatch) throws -> Void
