import Testing

@testable import ScenarioModel

@Suite struct TaskModelTests {
  private static let load = "\nload: { constant: 1k/s, for: 1s }"

  private func workload(_ text: String) throws -> Scenario.Workload {
    try TestFiles("workload: { pattern: tasks, \(text) }" + Self.load).load().workload
  }

  @Test func whatIsLeftOutIsOneWorkerAndOneTaskWithoutWork() throws {
    let workload = try workload("payload: 64B")
    #expect(workload.consumerGroups.map(\.name) == ["workers"])
    #expect(workload.consumerGroups[0].prefetchCount == 64)
    #expect(workload.consumerGroups[0].queue == "tasks")
    #expect(workload.producerGroups[0].keys == ["tasks"])
    #expect(workload.producerGroups[0].timeoutNanoseconds == 60_000_000_000)
    #expect(workload.pool?.kind == .threads && workload.pool?.concurrency == 1)
    #expect(workload.tasks.map(\.name) == ["task"])
    #expect(workload.tasks[0].serviceTime == .fixed(0) && workload.tasks[0].retryLimit == 0)
  }

  @Test func tasksSayWhatTheyDoAndHowTheyAreSent() throws {
    let workload = try workload(
      """
      workers: { count: 2, prefetch: 8 }, service_time: 1ms,
      tasks: { a: { weight: 3, busy: sleep, fail: 5%, retries: 2, retry_backoff: 1s, retry_backoff_max: 1m, retry_jitter: false,
        acks_late: true, reject_on_worker_lost: true }, b: { service_time: { uniform: [1ms, 2ms] }, busy: { fibonacci: 20 },
        expires: 5s, countdown: 2s, rate_limit: 100/m, soft_time_limit: 3s } }
      """)
    let (a, b) = (workload.tasks[0], workload.tasks[1])
    #expect(a.weight == 3 && a.busy == .sleep && a.failingShare == 0.05 && a.retryLimit == 2)
    #expect(a.serviceTime == .fixed(1_000_000))
    #expect(a.retryBackoffNanoseconds == 1_000_000_000 && a.retryBackoffLimitNanoseconds == 60_000_000_000)
    #expect(!a.hasRetryJitter && a.acknowledgesLate && a.isRejectedOnWorkerLost)
    #expect(b.serviceTime == .uniform(1_000_000...2_000_000) && b.busy == .fibonacci(20))
    #expect(b.expiryNanoseconds == 5_000_000_000 && b.countdownNanoseconds == 2_000_000_000)
    #expect(b.softTimeLimitNanoseconds == 3_000_000_000)
    #expect(b.rateLimitPerSecond.map { abs($0 - 100.0 / 60) < 1e-9 } == true)
    #expect(workload.consumerGroups[0].prefetchCount == 8 && workload.consumerCount == 2)
  }

  @Test func aPrefetchMultiplierCountsForEachThread() throws {
    #expect(try workload("workers: { prefetch_multiplier: 4 }").consumerGroups[0].prefetchCount == 4)
    #expect(try workload("dispatch: fair").consumerGroups[0].prefetchCount == 1)
  }

  @Test func aPoolMayHaveThreadsOrChildrenBesideItsWorker() throws {
    let children = try workload("workers: { pool: processes, concurrency: 3, max_tasks_per_child: 100 }")
    #expect(children.pool?.kind == .processes && children.pool?.tasksPerChildLimit == 100)
    #expect(children.pool?.laneCount == 3 && children.consumerGroups[0].prefetchCount == 192)
    #expect(try workload("workers: { concurrency: 2 }").pool?.laneCount == 2)
    #expect(try workload("workers: { pool: processes }").pool?.laneCount == 1)
    for alone in ["count: 2", "pool: solo"] { #expect(try workload("workers: { \(alone) }").pool?.laneCount == 0) }
  }

  @Test func orderIsNotVerifiedWhereTasksRunSideBySide() throws {
    for (workers, order) in [
      ("count: 1", Scenario.Verification.Order.perProducer), ("concurrency: 2", .none),
      ("pool: processes, concurrency: 2", .none), ("pool: processes", .perProducer),
    ] {
      let text = "workload: { pattern: tasks, workers: { \(workers) } }" + Self.load
      #expect(try TestFiles(text).load().verification.order == order, "\(workers)")
    }
    let found = TestFiles(
      "verify: { order: per_producer }\nworkload: { pattern: tasks, workers: { concurrency: 2 } }" + Self.load
    ).problems()
    #expect(found.map(\.code) == [.conflict], "\(found)")
  }

  @Test func childrenAreKilledAndReplacedByThemselves() throws {
    let workers = "\nworkload: { pattern: tasks, workers: { pool: processes } }" + Self.load
    let fault = "kind: kill_worker, who: workers.0, at: main+100ms"
    let faults = try TestFiles("faults: [ { \(fault), every: 100ms, times: 3 } ]" + workers).load().faults
    #expect(faults.map { $0.schedule?.startsNanoseconds.count } == [3])
    #expect(faults.map { $0.schedule?.durationNanoseconds } == [nil])
    let withLength = TestFiles("faults: [ { \(fault), for: 100ms } ]" + workers).problems()
    #expect(withLength.map(\.code) == [.keyWithoutEffect], "\(withLength)")
    let withThreads = TestFiles(
      "faults: [ { \(fault) } ]\nworkload: { pattern: tasks }" + Self.load
    ).problems()
    #expect(withThreads.map(\.code) == [.notSupportedYet], "\(withThreads)")
  }

  @Test func theResolvedScenarioMeansTheSame() throws {
    let text = """
      workload: { pattern: tasks, serializer: json, workers: { count: 3 }, tasks: { a: { fail: 5%, retries: 1 }, b: { weight: 2 } } }
      """
    let scenario = try TestFiles(text + Self.load).load()
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.resolvedJSON == scenario.resolvedJSON)
    #expect(again.workload.tasks.map(\.failingShare) == scenario.workload.tasks.map(\.failingShare))
  }

  static let mistakes: [(text: String, words: String)] = [
    ("workers: { pool: solo, concurrency: 2 }", "one task at a time"),
    ("workers: { max_tasks_per_child: 5 }", "pool: processes"),
    ("workers: { prefetch: 5, prefetch_multiplier: 2 }", "keep one"),
    ("dispatch: fair, workers: { prefetch: 5 }", "remove `prefetch`"),
    ("tasks: { a: { retry_backoff: 1s } }", "retries: 3"),
    ("tasks: { a: { retries: 1, retry_backoff: 1s, retry_backoff_max: 1ms } }", "retry_backoff_max: 1s"),
    ("tasks: { a: { time_limit: 1s } }", "pool: processes"),
    ("tasks: { a: { reject_on_worker_lost: true } }", "acks_late: true"),
    ("tasks: { a: { priority: 3 } }", "priorities: 10"),
    ("tasks: { a b: {} }", "name of a task"),
    ("consumers: { c: {} }", "no use for `consumers`"),
    ("workers: { cuont: 2 }", "did you mean `count`"),
    ("producers: { c: { confirms: 5 } }", "no use for `confirms`"),
  ]

  @Test(arguments: mistakes)
  func refusesWhatCannotHold(text: String, words: String) {
    let found = TestFiles("workload: { pattern: tasks, \(text) }" + Self.load).problems()
    #expect(found.count == 1, "\(found)")
    #expect(found.first.map { "\($0.message) \($0.suggestion ?? "")".contains(words) } == true, "\(found)")
  }

  @Test(arguments: ["concurrency: 2", "pool: processes", "pool: processes, concurrency: 3, max_tasks_per_child: 9"])
  func whatResultsDoNotTellMayRunInAnyPool(workers: String) throws {
    let workload = try workload(
      """
      workers: { \(workers) }, tasks: { a: { payload: 1KiB }, b: { ignore_result: true }, c: { chain: [a, a] },
        d: { schedule: { every: 100ms } } }
      """)
    #expect(workload.tasks.map(\.workflow) == [nil, nil, .chain(["a", "a"]), nil])
  }

  @Test(arguments: ["count: 2", "concurrency: 2", "pool: processes"])
  func tasksOfAnyPoolMayBeDoneInBatches(workers: String) throws {
    let workload = try workload(
      """
      workers: { \(workers) }, tasks: { a: { batch: 5, soft_time_limit: 1s }, b: { chain: [a, a] },
        c: { batch: 2, ignore_result: true } }
      """)
    #expect(workload.tasks.map(\.batchCount) == [5, 1, 2])
    #expect(workload.tasks[0].softTimeLimitNanoseconds == 1_000_000_000)
  }

  static let limits: [(workers: String, limits: String, place: String, message: String, suggestion: String)] = [
    (
      "", "time_limit: 1s", "1s",
      "a running task can only be killed with its process, and pool: threads has none for it",
      "use pool: processes, or soft_time_limit, at which a task ends by itself"
    ),
    (
      "workers: { pool: solo }, ", "time_limit: 2s", "2s",
      "a running task can only be killed with its process, and pool: solo has none for it",
      "use pool: processes, or soft_time_limit, at which a task ends by itself"
    ),
    (
      "workers: { pool: processes }, ", "time_limit: 2s, soft_time_limit: 3s", "3s",
      "a task is killed before it is told to stop", "use a soft_time_limit below 2s"
    ),
    (
      "workers: { pool: processes }, ", "soft_time_limit: 1500ms, time_limit: 1500ms", "1500ms,",
      "a task is killed before it is told to stop", "use a soft_time_limit below 1500ms"
    ),
  ]

  @Test(arguments: limits)
  func saysWhichTimeLimitCannotBeKept(
    workers: String, limits: String, place: String, message: String, suggestion: String
  ) throws {
    let text = "workload: { pattern: tasks, \(workers)tasks: { a: { \(limits) } } }" + Self.load
    let found = TestFiles(text).problems()
    #expect(found.map(\.code) == [.conflict] && found.map(\.message) == [message], "\(found)")
    #expect(found.map(\.suggestion) == [suggestion])
    let start = try #require(text.firstRange(of: ": " + place)).lowerBound
    #expect(found.map(\.column) == [text.distance(from: text.startIndex, to: start) + 3])
  }

  @Test func bothTimeLimitsHoldWhereThereAreProcesses() throws {
    let tasks = try workload("workers: { pool: processes }, tasks: { a: { soft_time_limit: 1s, time_limit: 2s } }")
      .tasks
    #expect(tasks[0].softTimeLimitNanoseconds == 1_000_000_000 && tasks[0].timeLimitNanoseconds == 2_000_000_000)
  }

  static let later = [
    "producers: { c: { keys: [tasks] } }",
    "producers: { a: { serializer: json }, b: { serializer: cbor } }",
  ]

  @Test(arguments: later)
  func refusesWhatIsLeftForLater(text: String) {
    let found = TestFiles("workload: { pattern: tasks, \(text) }" + Self.load).problems()
    #expect(found.map(\.code) == [.notSupportedYet], "\(found)")
  }

  @Test func refusesASimulationOfTasks() {
    let found = TestFiles("time: virtual\nworkload: { pattern: tasks }" + Self.load).problems()
    #expect(found.map(\.code) == [.notSupportedYet], "\(found)")
  }
}
