extension KeyTable {
  static let workers: [ScenarioKey] = [
    .init(
      "pool", .choice(["threads", "solo", "processes"]), default: "threads",
      "What a worker runs tasks on: threads, its own thread, or children, which can be killed"),
    .init("count", .count(1...1_024), default: "1", "Workers, each one consumer of the queue"),
    .init("concurrency", .count(1...64), default: "1", "Threads or children of each worker"),
    .init("prefetch", .count(1...65_536), "The most unacknowledged tasks of each worker"),
    .init(
      "prefetch_multiplier", .count(1...65_536), default: "64",
      "The same for each thread or child, beside no `prefetch`"),
    .init("max_tasks_per_child", positiveCount, "A child is replaced after so many tasks"),
    .init("wait", .choice(waits), "How an idle worker waits"),
  ]

  static let task: [ScenarioKey] = [
    .init("service_time", distribution(of: anyDuration), default: "0s", "How long the task works"),
    .init(
      "busy",
      .either([.choice(["spin", "sleep", "touch"]), .object([.init("fibonacci", .count(1...60), "Which number")])]),
      default: "spin", "How it works"),
    .init("weight", .number, default: "1", "Share of this task among all"),
    .init(
      "fail", .share, default: "0%",
      "How many attempts fail, by lot; a task that has no retries left answers with its failure, which is no loss"),
    .init("retries", .count(0...1_000), default: "0", "How often a failed task is tried again; `max_retries`"),
    .init("retry_backoff", anyDuration, "Wait before the first retry, doubled each time"),
    .init("retry_backoff_max", anyDuration, "The longest wait"),
    .init("retry_jitter", .boolean, default: "true", "Whether waits are drawn from 0 to that"),
    .init("time_limit", positiveDuration, "When a task is killed, with its child: for pool `processes`"),
    .init("soft_time_limit", positiveDuration, "When a task is told to stop"),
    .init("rate_limit", .rate(mayRamp: false), "The most starts in a time, of each worker"),
    .init("countdown", anyDuration, "How long a task is held back, outside of the workers"),
    .init("expires", positiveDuration, "When a task is no longer worth starting"),
    .init("priority", .count(0...255), "Its priority"),
    .init("acks_late", .boolean, default: "false", "Acknowledge after the task, not before"),
    .init("reject_on_worker_lost", .boolean, default: "false", "Redeliver when the worker dies"),
    .init("ignore_result", .boolean, default: "false", "Send no result"),
    .init(
      "batch", .count(1...65_536), default: "1",
      "The most of these tasks that a handler does at once, of those that its worker has taken (see `prefetch`): the longest work is done once for all, each has a result of its own"
    ),
    .init("schedule", .anything, "When the task is sent without being asked for"),
    .init("payload", .either([.size(1...16_777_216), .anything]), "Size of its arguments"),
    .init("chain", .anything, "Tasks one after the other"),
    .init("group", .anything, "Tasks side by side"),
    .init("chord", .anything, "A group, then a task with all its results"),
  ]
}
