/// How a node of workers is set up.
public struct WorkerNodeOptions: Sendable {
  /// What it calls itself in events and to commands: its `hostname`.
  public var name = "worker1"
  /// The queues that it consumes; empty for the application's default one.
  public var queues: [String] = []
  /// How many tasks of each queue it executes at a time, each on a thread of its own.
  public var concurrency = 1
  /// The most that `pool_grow` may make of that.
  public var concurrencyLimit = 64
  /// How many messages each thread takes ahead: `prefetch_multiplier`.
  public var prefetchMultiplier = 4
  /// How often it says that it is there, while events are on: `heartbeat`.
  public var heartbeat = Duration.seconds(2)
  /// Whether it also holds the tasks of its queues whose time has not come. One node of each queue should.
  public var keepsEtas = true

  /// The defaults.
  public init() {}
  /// The defaults with changes: `WorkerNodeOptions { $0.concurrency = 4 }`.
  public init(_ change: (inout WorkerNodeOptions) -> Void) { change(&self) }
}
