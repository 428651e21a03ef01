import DriverInterface

/// Several messages of one task that are done at once, such as the inputs of one inference, each with a result of its own.
///
/// Roles: the handler's, on the thread that runs it, until it returns. A message that it neither answered nor failed has succeeded without
/// a value.
public struct TaskBatch: ~Copyable {
  /// One message as the handler sees it.
  public struct Item {
    /// The task's identity.
    public let identifier: TaskIdentifier
    /// Which attempt it is, from 0.
    public let retries: Int
    /// Whether an earlier worker had the same message.
    public let isRedelivered: Bool
    /// The arguments, no longer compressed.
    public let arguments: SerializedBytes
    /// What it got from the tasks before it in a workflow; nil when there were none, or nothing that can be read.
    public let input: TaskInput?

    init(_ envelope: TaskEnvelope, isRedelivered: Bool, arguments: SerializedBytes) {
      identifier = envelope.identifier
      retries = Int(envelope.retries)
      self.isRedelivered = isRedelivered
      self.arguments = arguments
      input = envelope.bytes(of: .input).flatMap { unsafe TaskInput(encoded: $0.bytes) }
    }
  }

  /// The messages, in the order in which they came.
  public let items: [Item]
  /// By message: how it has ended.
  private(set) var endings: [AsyncAttempt.Ending?]

  init(_ items: [Item]) {
    self.items = items
    endings = Array(repeating: nil, count: items.count)
  }

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
