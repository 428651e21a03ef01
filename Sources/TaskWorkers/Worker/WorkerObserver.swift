/// Who hears of what a worker does, and says what follows a task. Called on the worker's thread.
///
/// Cost of one that wants to hear nothing at the moment: a question per batch, and what `running` costs.
public protocol WorkerObserver: AnyObject {
  /// Whether it wants to hear of each task at the moment. Asked once per batch; if not, it still hears of tasks that have called it
  /// before, of those that are done elsewhere than on the worker's thread, and is asked for consequences.
  var hearsTasks: Bool { get }
  /// Where the worker shows the task that runs on its thread; asked once.
  var running: RunningTask? { get }
  /// A message of a task came.
  func taskReceived(_ envelope: TaskEnvelope, now: Int64)
  /// An attempt begins.
  func taskStarted(_ envelope: TaskEnvelope, now: Int64)
  /// An attempt has ended, or a task was not begun at all: SUCCESS, FAILURE, RETRY, REVOKED or REJECTED.
  /// - Parameter runtimeNanoseconds: How long it took; 0 for a task that was not begun.
  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64)
  /// An attempt that was to begin has not: nobody was left to make it, and its message goes back into its queue.
  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64)
  /// What follows a task that has ended for good and has callbacks, errbacks, a chain or a chord. `message` says where its
  /// result goes.
  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences
}

extension WorkerObserver {
  /// Of each.
  public var hearsTasks: Bool { true }
  /// Nowhere.
  public var running: RunningTask? { nil }
}

/// What a worker does because a task has ended.
public struct TaskConsequences: Sendable, Equatable {
  /// What the waiter of a task hears that will never begin.
  public struct Notice: Sendable, Equatable {
    /// The task.
    public var identifier: TaskIdentifier
    /// How it ends.
    public var state: TaskState
    /// The error's type by name.
    public var errorType: String
    /// What the error says.
    public var errorText: String
    /// The client's number for it.
    public var correlation: UInt64
    /// Where its result would have gone.
    public var replyTo: UInt64

    /// A notice.
    public init(
      identifier: TaskIdentifier, state: TaskState = .failure, errorType: String, errorText: String,
      correlation: UInt64, replyTo: UInt64
    ) {
      self.identifier = identifier
      self.state = state
      self.errorType = errorType
      self.errorText = errorText
      self.correlation = correlation
      self.replyTo = replyTo
    }
  }

  /// Messages to send: to `TaskMessage.queue`, else to the worker's own; by way of the keeper those whose time has not come.
  public var messages: [TaskMessage] = []
  /// Waiters to tell.
  public var notices: [Notice] = []

  /// Nothing.
  public init() {}
}
