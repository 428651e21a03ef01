public import Serialization

/// What executes the tasks of a node.
public enum WorkerPool: Sendable {
  /// Threads of this process; with a concurrency of 1 the field's `solo`.
  case threads
  /// Child processes, which can be killed: hard time limits, and tasks that end their process. The program is usually
  /// `WorkerApplication.childProgram()`.
  case processes(TaskChildProgram)
}

/// How a node of workers ends.
public enum WorkerShutdown: Sendable, Equatable {
  /// What is executed is finished first; what runs in children or asynchronously has 30 s, then it ends as by a cold shutdown.
  case warm
  /// What is executed is asked to stop (`TaskContext.shouldStop`) and has so long for it; then children are killed and asynchronous
  /// attempts given up. Tasks that acknowledge late go back into their queue, flagged as redelivered; the waiters of others hear that
  /// they are lost (FAILURE, WorkerLost). A task on a thread of this process that does not ask whether it should stop cannot be ended:
  /// it is waited for, and what it comes to counts.
  case cold(grace: Duration = .zero)
}

/// How a node of workers is set up.
public struct WorkerNodeOptions: Sendable {
  /// What it calls itself in events and to commands: its `hostname`. Answers are told apart by it: each node needs its own.
  public var name = "worker1"
  /// The queues that it consumes; empty for the application's default one.
  public var queues: [String] = []
  /// What executes the tasks.
  public var pool = WorkerPool.threads
  /// How many tasks of each queue it executes at a time, each on a thread or in a child of its own; from 1. Asynchronous ones wait side
  /// by side, and are more.
  public var concurrency = 1
  /// The most that `pool_grow` may make of that, up to `largestConcurrencyLimit`; a larger `concurrency` stands by itself.
  public var concurrencyLimit = 64
  /// The largest `concurrencyLimit` that counts: a pool of children has places for twice as many from the beginning.
  public static let largestConcurrencyLimit = 4096
  /// After how many tasks a child is replaced: `max_tasks_per_child`, from 1; nil for never.
  public var maxTasksPerChild: Int?
  /// How many tasks a child is given beside the one that it executes, so that it need not wait for the next. They count as begun: those
  /// that acknowledge early are acknowledged, none of them is called off any more, and they wait for the one before them while another
  /// child may be idle; one that expires meanwhile is not executed. Some are good for tasks of microseconds.
  public var tasksAheadPerChild = 0
  /// How many messages are taken ahead for each of these: `prefetch_multiplier`. As in the field 0 is without a limit of its own; what one
  /// consumer may hold ends at 65,535.
  public var prefetchMultiplier = 4
  /// Content types that it accepts; nil for those of its application (`ApplicationSettings.acceptContent`): `accept_content`.
  public var acceptContent: Set<Serializer>?
  /// How often it says that it is there, while events are on: `heartbeat`.
  public var heartbeat = Duration.seconds(2)
  /// Whether it also holds the tasks of its queues whose time has not come. One node of each queue should: else tasks with a countdown or
  /// an ETA, retries with a wait, and what a rate limit sends away are never executed. They wait in the queue `<name>.eta`, unseen by inspection,
  /// until such a node comes; so does what tasks that acknowledge late send to their own queue while that is full.
  public var keepsEtas = true

  /// How many messages a consumer takes ahead that feeds so many.
  func prefetch(of count: Int) -> Int {
    guard prefetchMultiplier > 0 else { return Self.largestPrefetch }
    let (product, overflows) = prefetchMultiplier.multipliedReportingOverflow(by: count)
    return overflows ? Self.largestPrefetch : min(product, Self.largestPrefetch)
  }

  /// What `prefetch_count` can say.
  private static var largestPrefetch: Int { 65_535 }

  /// Why no node can be set up like this; nil when one can.
  var problem: String? {
    if !(1...65_535).contains(concurrency) { return "concurrency is from 1 to 65,535, got \(concurrency)" }
    if prefetchMultiplier < 0 {
      return "prefetch_multiplier is 1 or more, or 0 for no limit of its own, got \(prefetchMultiplier)"
    }
    if let count = maxTasksPerChild, count < 1 {
      return "max_tasks_per_child is 1 or more, or nil for children that are never replaced, got \(count)"
    }
    if tasksAheadPerChild < 0 { return "tasks ahead per child are 0 or more, got \(tasksAheadPerChild)" }
    return nil
  }

  /// The pool by its name in the field.
  var poolName: String {
    switch pool {
    case .threads: concurrency == 1 ? "solo" : "threads"
    case .processes: "processes"
    }
  }

  /// The defaults.
  public init() {}
  /// The defaults with changes: `WorkerNodeOptions { $0.concurrency = 4 }`.
  public init(_ change: (inout WorkerNodeOptions) -> Void) { change(&self) }
}
