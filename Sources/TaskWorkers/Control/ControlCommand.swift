/// What a worker can be asked and told while it runs, by the field's names.
public enum ControlCommand: Sendable, Equatable {
  // inspect

  /// The tasks that are being executed.
  case active
  /// The tasks that wait for their time.
  case scheduled
  /// The tasks that were taken and wait for their turn.
  case reserved
  /// The identifiers that were revoked: the newest of them, and how many there are.
  case revoked
  /// The names of the tasks that the worker knows.
  case registered
  /// Counts since the worker began.
  case stats
  /// Whether it answers.
  case ping
  /// How it was configured.
  case conf
  /// What it knows of some tasks.
  case queryTask([TaskIdentifier])
  /// The queues that it consumes.
  case activeQueues

  // control

  /// Calls tasks off. Those that are running end with `terminate` in the `processes` pool; asynchronous ones are asked to stop in any. Who
  /// waits hears of it when the task's turn comes, be it that of its ETA. A node remembers the newest 50,000 for three hours, and one
  /// that starts later knows none of them: what is due after that is better given `expires`.
  case revoke([TaskIdentifier], terminate: Bool)
  /// A new rate limit for all tasks of a name, of each node that hears it as a whole; nil for none.
  case rateLimit(task: String, RateLimit?)
  /// New time limits for all tasks of a name, in nanoseconds; nil for none.
  case timeLimit(task: String, softNanoseconds: Int64?, hardNanoseconds: Int64?)
  /// So many more of what executes tasks, threads or children, up to `WorkerNodeOptions.concurrencyLimit`. The pool then takes more
  /// messages ahead, too.
  case poolGrow(Int)
  /// So many fewer, down to one. Those that go finish what they have begun.
  case poolShrink(Int)
  /// To finish what was taken, and end.
  case shutdown
  /// To consume one more queue.
  case addConsumer(queue: String)
  /// To consume a queue no longer.
  case cancelConsumer(queue: String)
  /// To publish events.
  case enableEvents
  /// To publish none.
  case disableEvents

  /// The name that the command travels under.
  public var method: String {
    switch self {
    case .active: "active"
    case .scheduled: "scheduled"
    case .reserved: "reserved"
    case .revoked: "revoked"
    case .registered: "registered"
    case .stats: "stats"
    case .ping: "ping"
    case .conf: "conf"
    case .queryTask: "query_task"
    case .activeQueues: "active_queues"
    case .revoke: "revoke"
    case .rateLimit: "rate_limit"
    case .timeLimit: "time_limit"
    case .poolGrow: "pool_grow"
    case .poolShrink: "pool_shrink"
    case .shutdown: "shutdown"
    case .addConsumer: "add_consumer"
    case .cancelConsumer: "cancel_consumer"
    case .enableEvents: "enable_events"
    case .disableEvents: "disable_events"
    }
  }
}

/// A command on its way to the workers, published on the fanout exchange `ControlRequest.exchange`.
public struct ControlRequest: Sendable, Equatable {
  /// The fanout exchange of commands.
  public static let exchange = "task-control"

  /// What is asked.
  public var command: ControlCommand
  /// Which workers it is for; empty for all.
  public var destination: [String]
  /// Ties replies to the request.
  public var ticket: UInt64
  /// Where replies go (`TaskInbox.address`); 0 for nowhere.
  public var replyTo: UInt64

  /// A request.
  public init(_ command: ControlCommand, destination: [String] = [], ticket: UInt64 = 0, replyTo: UInt64 = 0) {
    self.command = command
    self.destination = destination
    self.ticket = ticket
    self.replyTo = replyTo
  }
}
