/// Something that happened to a task or a worker, by the field's names.
///
/// Events travel as MessagePack records on the topic exchange `TaskEvent.exchange`; whoever wants them binds a queue with a pattern
/// such as `task.#` or `worker.heartbeat`. What a kind of event does not say is nil.
public struct TaskEvent: Sendable, Equatable {
  /// What happened.
  public enum Kind: String, Sendable, CaseIterable {
    /// An application has sent the task, or the worker of a task that it follows has.
    case taskSent = "task-sent"
    /// A worker has taken it from its queue.
    case taskReceived = "task-received"
    /// Its handler begins.
    case taskStarted = "task-started"
    /// It returned a value; `runtimeNanoseconds` says how long that took.
    case taskSucceeded = "task-succeeded"
    /// It failed for good; `exception` says why.
    case taskFailed = "task-failed"
    /// No worker could do anything with it.
    case taskRejected = "task-rejected"
    /// It was called off, or had expired.
    case taskRevoked = "task-revoked"
    /// It failed and will be tried again; `exception` says why.
    case taskRetried = "task-retried"
    /// A worker has begun to work.
    case workerOnline = "worker-online"
    /// It is still there.
    case workerHeartbeat = "worker-heartbeat"
    /// It has stopped.
    case workerOffline = "worker-offline"

    /// The key that such events are published with: `task.succeeded`, `worker.online`.
    public var routingKey: String {
      let (subject, verb) = (rawValue.prefix { $0 != "-" }, rawValue.drop { $0 != "-" }.dropFirst())
      return "\(subject).\(verb)"
    }
  }

  /// The topic exchange that events are published on.
  public static let exchange = "task-events"

  /// What happened.
  public var kind: Kind
  /// The worker or application that says so: `hostname`.
  public var hostname: String
  /// When, in nanoseconds of the application's clock; `TaskApplication.unixNanoseconds(at:)` says what time of day that was.
  public var timestamp: Int64
  /// The sender's number for its events, rising by 1: a gap is an event that was lost.
  public var clock: UInt64
  /// The task: `uuid`.
  public var task: TaskIdentifier?
  /// Its name.
  public var name: String?
  /// Which attempt, from 0.
  public var retries: UInt32?
  /// The queue that it was sent to.
  public var queue: String?
  /// The first task of its workflow.
  public var root: TaskIdentifier?
  /// The task that sent it.
  public var parent: TaskIdentifier?
  /// How long the handler took: `runtime`.
  public var runtimeNanoseconds: Int64?
  /// Type and text of the error.
  public var exception: String?
  /// Whether a revoked task was running and was terminated.
  public var isTerminated: Bool?
  /// Whether a revoked task was one that had expired.
  public var isExpired: Bool?
  /// How often a worker says that it is there, in nanoseconds: `freq`.
  public var heartbeatNanoseconds: Int64?
  /// Tasks that a worker is executing.
  public var active: Int?
  /// Tasks that a worker has finished since it began.
  public var processed: UInt64?

  /// An event that says no more than this.
  public init(_ kind: Kind, hostname: String, timestamp: Int64, clock: UInt64 = 0) {
    self.kind = kind
    self.hostname = hostname
    self.timestamp = timestamp
    self.clock = clock
  }

  /// A task was sent.
  init(sent message: TaskMessage, hostname: String, timestamp: Int64) {
    self.init(
      .taskSent, hostname: hostname, timestamp: timestamp, task: message.identifier, name: message.task,
      retries: message.retries)
    queue = message.queue
    root = message.relations.root
    parent = message.relations.parent
  }

  /// An event of one task.
  public init(
    _ kind: Kind, hostname: String, timestamp: Int64, task: TaskIdentifier, name: String, retries: UInt32 = 0
  ) {
    self.init(kind, hostname: hostname, timestamp: timestamp)
    self.task = task
    self.name = name
    self.retries = retries
  }
}
