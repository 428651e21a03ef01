public import Distributions

extension WorkloadPlan {
  /// The tasks of a workload and what runs them.
  public struct TaskPlan: Sendable, Equatable {
    /// What runs a task.
    public enum Pool: Sendable, Equatable {
      /// Threads of this process.
      case threads
      /// The worker's own thread.
      case solo
      /// Child processes.
      case processes
    }

    /// One kind of task. Times in nanoseconds.
    public struct Kind: Sendable, Equatable {
      /// Its name.
      public var name: String
      /// How its body works.
      public var busy = HandlerPlan.Busy.spin
      /// How long.
      public var serviceTime = ValueDistribution.fixed(0)
      /// How many of all tasks are of this kind, relative to the others.
      public var weight = 1.0
      /// The share of attempts that fail.
      public var failingShare = 0.0
      /// How often a failed task is tried again.
      public var retryLimit = 0
      /// The wait before the first retry; nil for none.
      public var retryBackoffNanoseconds: Int64?
      /// The longest wait; nil for what the subject has.
      public var retryBackoffLimitNanoseconds: Int64?
      /// Whether waits are drawn from 0 to that.
      public var hasRetryJitter = true
      /// When it is killed.
      public var timeLimitNanoseconds: Int64?
      /// When it is told to stop.
      public var softTimeLimitNanoseconds: Int64?
      /// The most starts per second of each worker.
      public var rateLimitPerSecond: Double?
      /// How long it is held back.
      public var countdownNanoseconds: Int64 = 0
      /// When it is no longer worth starting.
      public var expiryNanoseconds: Int64?
      /// Its priority.
      public var priority: UInt8 = 0
      /// Whether it is acknowledged when it is done, not when it begins.
      public var acknowledgesLate = false
      /// Whether it is delivered again when its worker dies.
      public var isRejectedOnWorkerLost = false
      /// How many messages of it are done at once, at most; the work of the longest of them is done once for all.
      public var batchCount = 1

      /// A task that does nothing.
      public init(name: String) { self.name = name }
    }

    /// What runs a task.
    public var pool: Pool
    /// Threads or children of each worker.
    public var concurrency: Int
    /// A child is replaced after so many tasks.
    public var tasksPerChildLimit: Int?
    /// The kinds of tasks; at least one.
    public var kinds: [Kind]

    /// Threads or children that each worker has beside its own thread, which runs the tasks itself when there are none.
    public var laneCount: Int { pool == .processes || concurrency > 1 ? concurrency : 0 }

    /// Whether tasks may have to wait outside of the workers: for their time, for another attempt, or for their rate.
    public var needsKeeper: Bool {
      kinds.contains {
        $0.countdownNanoseconds > 0 || ($0.retryLimit > 0 && $0.retryBackoffNanoseconds != nil)
          || $0.rateLimitPerSecond != nil
      }
    }

    /// A plan.
    public init(pool: Pool = .threads, concurrency: Int = 1, tasksPerChildLimit: Int? = nil, kinds: [Kind]) {
      precondition(!kinds.isEmpty, "a workload of tasks has a task")
      self.pool = pool
      self.concurrency = concurrency
      self.tasksPerChildLimit = tasksPerChildLimit
      self.kinds = kinds
    }
  }
}
