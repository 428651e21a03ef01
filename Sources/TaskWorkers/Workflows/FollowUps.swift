/// What is to be done because a task has ended.
public struct FollowUps: Sendable, Equatable {
  /// What became of a task that will never run, because of one that failed.
  public struct Cancelled: Sendable, Equatable {
    /// The task.
    public var task: TaskIdentifier
    /// What its waiter is told.
    public var failure: TaskFailure
  }

  /// Messages to publish.
  public var messages: [TaskMessage] = []
  /// Tasks whose waiters are to be told, at the address of the task that ended.
  public var cancelled: [Cancelled] = []

  /// Nothing to do.
  public init() {}

  /// Whether there is nothing to do.
  public var isEmpty: Bool { messages.isEmpty && cancelled.isEmpty }
}

/// How a task ended, as what follows it needs to know.
public enum TaskEnding: Sendable, Equatable {
  /// It returned a value.
  case success(SerializedBytes)
  /// It failed, was called off, or was rejected.
  case failure(TaskFailure)
}
