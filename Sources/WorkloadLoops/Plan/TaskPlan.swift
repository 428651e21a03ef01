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
      /// Whether nobody is told how it ended.
      public var ignoresResult = false
      /// Draws the size of its arguments from its number; nil for what its clients send otherwise.
      public var payloadSizes: ValueDistribution?
      /// Bytes of the largest of them.
      public var payloadByteCount = 0
      /// When the beat sends it; nil for never.
      public var schedule: Schedule?
      /// What is sent in its place; nil for a task.
      public var workflow: Workflow?

      /// A task that does nothing.
      public init(name: String) { self.name = name }
    }

    /// When a beat sends a task.
    public enum Schedule: Sendable, Equatable {
      /// Again and again after so many nanoseconds, from a phase's beginning.
      case every(Int64)
      /// At times of day: minute, hour, day of the week, day of the month and month as a crontab writes them, by the clocks of a zone.
      case crontab([String], timeZone: String)
    }

    /// The clock that crontabs go by.
    public struct BeatClock: Sendable, Equatable {
      /// What it shows when a phase begins, in nanoseconds since 1970 UTC; nil for the time of day.
      public var fromNanoseconds: Int64?
      /// How many times as fast as the run's clock it goes.
      public var speed: Double

      /// A clock, by default that on the wall.
      public init(fromNanoseconds: Int64? = nil, speed: Double = 1) {
        precondition(speed > 0, "a clock goes forwards, got a speed of \(speed)")
        self.fromNanoseconds = fromNanoseconds
        self.speed = speed
      }
    }

    /// Tasks that follow one another, by their indices among the kinds; without circles.
    public enum Workflow: Sendable, Equatable {
      /// One after the other.
      case chain([Int])
      /// Side by side.
      case group([Int])
      /// Side by side, and then one with all their results.
      case chord(header: [Int], body: Int)
    }

    /// What runs a task.
    public var pool: Pool
    /// Threads or children of each worker.
    public var concurrency: Int
    /// A child is replaced after so many tasks.
    public var tasksPerChildLimit: Int?
    /// The kinds of tasks; at least one.
    public var kinds: [Kind]
    /// The clock that crontabs go by.
    public var beatClock = BeatClock()

    /// Threads or children that each worker has beside its own thread, which runs the tasks itself when there are none.
    public var laneCount: Int { pool == .processes || concurrency > 1 ? concurrency : 0 }

    /// Whether tasks may have to wait outside of the workers: for their time, for another attempt, for their rate; or for room in their
    /// own queue, which late acknowledgement alone would make: what is sent there by a retry, or by a workflow.
    public var needsKeeper: Bool {
      let hasWorkflows = kinds.contains { $0.workflow != nil }
      return kinds.contains {
        $0.countdownNanoseconds > 0 || ($0.retryLimit > 0 && $0.retryBackoffNanoseconds != nil)
          || $0.rateLimitPerSecond != nil || ($0.acknowledgesLate && ($0.retryLimit > 0 || hasWorkflows))
      }
    }

    /// Whether each thing that clients send is one task like the next, and answered.
    public var isPlain: Bool {
      kinds.allSatisfy {
        $0.workflow == nil && !$0.ignoresResult && $0.payloadSizes == nil && $0.schedule == nil
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
