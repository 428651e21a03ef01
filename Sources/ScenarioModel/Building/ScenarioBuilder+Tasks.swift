extension ScenarioBuilder {
  /// The workers as a group of consumers, and what they run tasks on.
  mutating func workers(
    _ topology: Scenario.Topology, in workload: Section
  ) -> (group: Scenario.ConsumerGroup, pool: Scenario.TaskPool, place: Group) {
    let node = workload.node?.entry("workers")
    let place = Group(
      name: "workers",
      section: Section(
        node?.value, keys: KeyTable.workers, path: "workload.workers", standIn: workload.node,
        position: node?.keyPosition ?? workload.position), source: node?.keyPosition ?? start)
    let section = place.section
    var pool = Scenario.TaskPool(
      kind: choice("pool", in: section), concurrency: Int(count("concurrency", in: section)), source: place.source)
    if givenText("max_tasks_per_child", in: section) != nil {
      pool.tasksPerChildLimit = Int(count("max_tasks_per_child", in: section))
    }
    let group = Scenario.ConsumerGroup(
      name: place.name, count: Int(count("count", in: section)), queue: topology.queues.first?.name ?? "",
      hasOwnQueues: false, prefetchCount: prefetch(of: pool, topology, in: section), acknowledgement: .each,
      busy: .spin, speed: 1, batchCount: 1, wait: wait(in: section), source: place.source)
    checkPool(pool, in: section)
    return (group, pool, place)
  }

  /// `prefetch`, or so many for each thread or child, unless the dispatch of the queue is one itself.
  private mutating func prefetch(
    of pool: Scenario.TaskPool, _ topology: Scenario.Topology, in section: Section
  ) -> Int {
    if let prescribed = topology.queues.first?.prescribedPrefetch {
      for name in ["prefetch", "prefetch_multiplier"] where givenText(name, in: section) != nil {
        report(
          .conflict, "the queue's dispatch means a prefetch of \(prescribed)", at: section.position(of: name),
          "remove `\(name)`, or use dispatch: shared")
      }
      return prescribed
    }
    guard givenText("prefetch", in: section) != nil else {
      return min(65_536, pool.concurrency * Int(count("prefetch_multiplier", in: section)))
    }
    if section.node?["prefetch"] != nil, givenText("prefetch_multiplier", in: section) != nil {
      report(
        .conflict, "`prefetch` and `prefetch_multiplier` say the same thing twice",
        at: section.position(of: "prefetch_multiplier"), "keep one of them")
    }
    return Int(count("prefetch", in: section))
  }

  private mutating func checkPool(_ pool: Scenario.TaskPool, in section: Section) {
    if pool.kind == .solo, pool.concurrency > 1 {
      report(
        .conflict, "a `solo` worker runs one task at a time, on its own thread",
        at: section.position(of: "concurrency"), "use pool: threads, or more workers by count")
    }
    if pool.tasksPerChildLimit != nil, pool.kind != .processes {
      report(
        .conflict, "`max_tasks_per_child` is about children, which pool: \(pool.kind.rawValue) has not",
        at: section.position(of: "max_tasks_per_child"), "use pool: processes, or remove it")
    }
  }

  // MARK: - Tasks

  /// The kinds of tasks of the file, or one with all defaults.
  mutating func tasks(
    _ pool: Scenario.TaskPool, _ topology: Scenario.Topology, in workload: Section
  ) -> [Scenario.TaskKind] {
    var entries = workload.node?["tasks"]?.entries ?? []
    if entries.isEmpty {
      entries = [
        .init(
          key: "task", keyPosition: workload.position,
          value: .init(kind: .map([]), position: workload.position))
      ]
    }
    let parts = workflowParts(of: entries)
    let tasks = entries.map { entry in
      let isPart = parts.contains(entry.key) || entry.value["schedule"] != nil
      return task(entry, isPart: isPart, pool, topology, in: workload)
    }
    checkWorkflows(tasks, entries)
    return tasks
  }

  private mutating func task(
    _ entry: SourceNode.Entry, isPart: Bool, _ pool: Scenario.TaskPool, _ topology: Scenario.Topology,
    in workload: Section
  ) -> Scenario.TaskKind {
    checkSlug(entry, of: "task")
    let section = Section(
      entry.value, keys: KeyTable.task, path: "workload.tasks.\(entry.key)",
      jsonPath: [.key("workload"), .key("tasks"), .key(entry.key)], standIn: workload.node, position: entry.keyPosition)
    if let workflow = workflow(in: section) { return workflowTask(workflow, entry, isPart: isPart, in: section) }
    var task = Scenario.TaskKind(
      name: entry.key, serviceTime: distribution("service_time", .duration, in: section), busy: busy(in: section),
      weight: weight(isPart: isPart, in: section), failingShare: share("fail", in: section),
      retryLimit: Int(count("retries", in: section)),
      retryBackoffNanoseconds: givenDuration("retry_backoff", in: section),
      retryBackoffLimitNanoseconds: givenDuration("retry_backoff_max", in: section),
      hasRetryJitter: boolean("retry_jitter", in: section),
      timeLimitNanoseconds: givenDuration("time_limit", in: section),
      softTimeLimitNanoseconds: givenDuration("soft_time_limit", in: section),
      rateLimitPerSecond: givenRate("rate_limit", in: section),
      countdownNanoseconds: givenDuration("countdown", in: section) ?? 0,
      expiryNanoseconds: givenDuration("expires", in: section),
      priority: givenText("priority", in: section) == nil ? 0 : Int(count("priority", in: section)),
      acknowledgesLate: boolean("acks_late", in: section),
      isRejectedOnWorkerLost: boolean("reject_on_worker_lost", in: section),
      batchCount: Int(count("batch", in: section)), source: entry.keyPosition)
    task.ignoresResult = boolean("ignore_result", in: section)
    task.payload = taskPayload(in: section)
    task.schedule = schedule(in: section)
    checkRetries(task, in: section)
    checkLimits(task, pool, in: section)
    checkDelivery(task, pool, topology, in: section)
    return task
  }

  private mutating func givenDuration(_ name: String, in section: Section) -> Int64? {
    givenText(name, in: section) == nil ? nil : duration(name, in: section)
  }

  private mutating func givenRate(_ name: String, in section: Section) -> Double? {
    guard let text = givenText(name, in: section), let rate = try? Quantity.rate(text) else { return nil }
    record(.string(text), text, name, in: section, isDefault: false)
    return rate
  }

  private mutating func checkRetries(_ task: Scenario.TaskKind, in section: Section) {
    let names = ["retry_backoff", "retry_backoff_max"]
    if task.retryLimit == 0, let name = names.first(where: { section.given($0) != nil }) {
      report(
        .keyWithoutEffect, "`\(task.name)` is never tried again, so that `\(name)` has no say",
        at: section.position(of: name), "add retries: 3")
    } else if let backoff = task.retryBackoffNanoseconds, let limit = task.retryBackoffLimitNanoseconds, limit < backoff
    {
      report(
        .conflict, "the longest wait is shorter than the first", at: section.position(of: "retry_backoff_max"),
        "use retry_backoff_max: \(Quantity.durationText(backoff)) or more")
    }
  }

  private mutating func checkLimits(_ task: Scenario.TaskKind, _ pool: Scenario.TaskPool, in section: Section) {
    guard let hard = task.timeLimitNanoseconds else { return }
    if pool.kind != .processes {
      report(
        .conflict,
        "a running task can only be killed with its process, and pool: \(pool.kind.rawValue) has none for it",
        at: section.position(of: "time_limit"),
        "use pool: processes, or soft_time_limit, at which a task ends by itself")
    }
    if let soft = task.softTimeLimitNanoseconds, soft >= hard {
      report(
        .conflict, "a task is killed before it is told to stop", at: section.position(of: "soft_time_limit"),
        "use a soft_time_limit below \(Quantity.durationText(hard))")
    }
  }

  private mutating func checkDelivery(
    _ task: Scenario.TaskKind, _ pool: Scenario.TaskPool, _ topology: Scenario.Topology, in section: Section
  ) {
    if task.isRejectedOnWorkerLost, !task.acknowledgesLate {
      report(
        .conflict, "a task that is acknowledged when it begins cannot come back when its worker dies",
        at: section.position(of: "reject_on_worker_lost"), "add acks_late: true")
    }
    if task.priority > 0, let queue = topology.queues.first, queue.highestPriority == nil {
      report(
        .conflict, "`priority` has no say in `\(queue.name)`, which has no priorities",
        at: section.position(of: "priority"),
        "add topology: { queues: { \(queue.name): { priorities: 10 } } }")
    }
  }

  // MARK: - Clients

  /// What is left of a client's group: its tasks say the rest.
  mutating func checkClients(
    _ workload: Scenario.Workload, _ producers: [Group], _ topology: Scenario.Topology, in section: Section
  ) {
    for producer in producers where producer.section.given("keys") != nil {
      report(
        .notSupportedYet, "`\(producer.section.path).keys` with the pattern `tasks` is not supported yet",
        at: producer.section.position(of: "keys"))
    }
    if let other = workload.producerGroups.first(where: { $0.encoding != workload.producerGroups[0].encoding }) {
      report(
        .notSupportedYet, "clients of tasks that encode their arguments in different ways are not supported yet",
        at: other.source, "say `serializer`, `compression` and the shape of `payload` once, under workload")
    }
    guard topology.queues.count > 1 else { return }
    report(
      .notSupportedYet, "several task queues are not supported yet",
      at: queuePosition(topology.queues[1].name, else: start),
      "keep one queue")
  }
}
