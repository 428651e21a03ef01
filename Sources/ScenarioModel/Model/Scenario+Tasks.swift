extension Scenario {
  /// What the workers of the pattern `tasks` run tasks on; how many there are and what they take at a time is in their group of
  /// consumers, named `workers`.
  public struct TaskPool: Sendable, Equatable {
    /// What runs a task.
    public enum Kind: String, Sendable, CaseIterable {
      /// Threads of this process.
      case threads
      /// The worker's own thread.
      case solo
      /// Child processes, which can be killed.
      case processes
    }

    /// What runs a task.
    public var kind: Kind
    /// Threads or children of each worker; 1 for `solo`.
    public var concurrency: Int
    /// A child is replaced after so many tasks; nil for never.
    public var tasksPerChildLimit: Int?
    /// Where it is written; the scenario's first line when it is left out.
    public var source: SourcePosition

    /// Threads or children that each worker has beside its own thread, which runs the tasks itself when there are none.
    public var laneCount: Int { kind == .processes || concurrency > 1 ? concurrency : 0 }
  }

  /// One kind of task: what its body does, and the options that it is sent with. Times in nanoseconds.
  public struct TaskKind: Sendable, Equatable {
    /// Its name, unique among the tasks.
    public var name: String
    /// How long its body works.
    public var serviceTime: Distribution
    /// How it works.
    public var busy: ConsumerGroup.Busy
    /// How many of all tasks that clients send are of this kind, relative to the others; 0 for one that
    /// is only part of workflows, or sent by the beat alone.
    public var weight: Double
    /// The share of attempts that fail, from 0 to 1.
    public var failingShare: Double
    /// How often a failed task is tried again.
    public var retryLimit: Int
    /// The wait before the first retry, doubled each time; nil for none.
    public var retryBackoffNanoseconds: Int64?
    /// The longest wait.
    public var retryBackoffLimitNanoseconds: Int64?
    /// Whether each wait is drawn from 0 to that.
    public var hasRetryJitter: Bool
    /// When a task is killed.
    public var timeLimitNanoseconds: Int64?
    /// When it is told to stop.
    public var softTimeLimitNanoseconds: Int64?
    /// The most starts per second of each worker.
    public var rateLimitPerSecond: Double?
    /// How long it is held back before a worker gets it.
    public var countdownNanoseconds: Int64
    /// When it is no longer worth starting, from when it was sent.
    public var expiryNanoseconds: Int64?
    /// Its priority, 0 to 255.
    public var priority: Int
    /// Whether it is acknowledged when it is done, not when it begins.
    public var acknowledgesLate: Bool
    /// Whether it is delivered again when its worker dies.
    public var isRejectedOnWorkerLost: Bool
    /// How many messages of it a handler gets at once, at most.
    public var batchCount = 1
    /// Whether nobody is told how it ended.
    public var ignoresResult = false
    /// Bytes of its arguments, where they are not those of whoever sends it.
    public var payload: Distribution? = nil
    /// When the beat sends it; nil for never.
    public var schedule: TaskSchedule? = nil
    /// The tasks that are sent in its place; nil for a task.
    public var workflow: TaskWorkflow? = nil
    /// Where it is written; the scenario's first line for the default task.
    public var source: SourcePosition
  }

  /// Tasks that follow one another, by their names.
  public enum TaskWorkflow: Sendable, Equatable {
    /// One after the other.
    case chain([String])
    /// Side by side.
    case group([String])
    /// Side by side, and then one with all their results.
    case chord(header: [String], body: String)

    /// The tasks that it names, as often as it does.
    public var names: [String] {
      switch self {
      case .chain(let names), .group(let names): names
      case .chord(let header, let body): header + [body]
      }
    }

    /// The most tasks of a workflow, those of workflows in it included.
    public static let sizeLimit = 1_000
  }
}
