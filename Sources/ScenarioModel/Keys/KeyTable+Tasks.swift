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
    .init("autoscale", .anything, "Bounds between which the threads or children of each worker follow the load"),
    .init("wait", .choice(waits), "How an idle worker waits"),
  ]

  static let task: [ScenarioKey] = [
    .init("service_time", distribution(of: anyDuration), default: "0s", "How long the task works"),
    .init(
      "busy",
      .either([.choice(["spin", "sleep", "touch"]), .object([.init("fibonacci", .count(1...60), "Which number")])]),
      default: "spin", "How it works"),
    .init(
      "weight", .number, default: "1",
      "Share of this task among all that clients send; none when left out of a task that a workflow names or the beat sends"
    ),
    .init(
      "fail", .share, default: "0%",
      "How many attempts fail, by lot; a task that has no retries left answers with its failure, which is no loss"),
    .init("retries", .count(0...1_000), default: "0", "How often a failed task is tried again; `max_retries`"),
    .init("retry_backoff", anyDuration, "Wait before the first retry, doubled each time"),
    .init("retry_backoff_max", anyDuration, "The longest wait"),
    .init("retry_jitter", .boolean, default: "true", "Whether waits are drawn from 0 to that"),
    .init("time_limit", positiveDuration, "When a task is killed, with its child: for pool `processes`"),
    .init(
      "soft_time_limit", positiveDuration,
      "When a task is told to stop: longer work ends there, and the attempt has failed, with those of its whole `batch`; a Fibonacci number is computed to its end first"
    ),
    .init("rate_limit", .rate(mayRamp: false), "The most starts in a time, of each worker"),
    .init("countdown", anyDuration, "How long a task is held back, outside of the workers"),
    .init("expires", positiveDuration, "When a task is no longer worth starting"),
    .init("priority", .count(0...255), "Its priority"),
    .init("acks_late", .boolean, default: "false", "Acknowledge after the task, not before"),
    .init("reject_on_worker_lost", .boolean, default: "false", "Redeliver when the worker dies"),
    .init(
      "ignore_result", .boolean, default: "false",
      "Send no result: its latency ends when the task does, as the workers' books say"),
    .init(
      "batch", .count(1...65_536), default: "1",
      "The most of these tasks that a handler does at once, of those that its worker has taken (see `prefetch`): the longest work is done once for all, each has a result of its own"
    ),
    .init(
      "schedule", .object(schedule),
      "When the beat sends the task, beside what clients send; it is theirs too only with a `weight`"),
    .init(
      "payload", distribution(of: .size(1...16_777_216)),
      "Size of its arguments, in place of what its clients send otherwise"),
    .init(
      "chain", .list(of: .text),
      "A workflow: these tasks one after the other, each with the result of the one before; done with the last result"),
    .init(
      "group", members,
      "A workflow: these tasks side by side, as a list or by how many of each; done when all results are there"),
    .init(
      "chord",
      .object([
        .init("header", members, "The group, as a list or by how many of each"),
        .init("body", .text, "The task that gets all its results"),
      ]), "A workflow: a group, then a task with all its results; done with the result of that"),
    .init("starmap", .anything, "A workflow: a task for each of several lists of arguments, one after the other"),
    .init("chunks", .anything, "A workflow: so many of these lists in one task"),
    .init("unique", .anything, "Whether a task is sent only while no other like it waits"),
  ]

  /// What the field's task queues call a key: by their name for it, ours.
  static let fieldNames = [
    "max_retries": "retries", "default_retry_delay": "retry_backoff", "autoretry_for": "retries",
    "worker_prefetch_multiplier": "prefetch_multiplier", "worker_concurrency": "concurrency",
    "worker_max_tasks_per_child": "max_tasks_per_child", "task_acks_late": "acks_late", "eta": "countdown",
  ]

  private static let schedule: [ScenarioKey] = [
    .init(
      "every", .duration(1_000...longest),
      "After each such time from the phase's beginning, however late the ones before were sent"),
    .init(
      "crontab", .text,
      "By the clocks of `timezone`: minute, hour, day of the month, month and day of the week, in quotes, such as "
        + "`\"*/5 8-17 * * mon-fri\"`; a date must match both kinds of day"),
    .init("minute", .text, "A crontab's minutes, in place of `crontab`; what is left out of these five is `*`"),
    .init("hour", .text, "A crontab's hours"),
    .init("day_of_week", .text, "A crontab's days of the week: 0 is Sunday, or names"),
    .init("day_of_month", .text, "A crontab's days of the month"),
    .init("month_of_year", .text, "A crontab's months: numbers or names"),
    .init(
      "timezone", .text, default: "UTC",
      "Whose clocks a crontab goes by: a name of the time zone database, such as Europe/Berlin"),
  ]

  static let beat: [ScenarioKey] = [
    .init(
      "from", .text,
      "What its clock shows when a phase begins, in UTC: 2026-10-25T00:00:00Z; the time of day when left out, so that what is due depends on "
        + "when the run is started"),
    .init(
      "speed", .number, default: "1",
      "How many times as fast as the others it goes, 1,000,000 at most: with 3600 an hour of crontabs takes a second"),
  ]

  private static let members = ValueKind.either([.list(of: .text), .map(of: .count(1...1_000))])
}
