import EmbeddedDriver
import MessageBroker
import Platform
import Serialization
import TaskWorkers
import Testing

/// An application over the embedded broker, with its own threads: from `delay` to the result and back to nothing.
@Suite(.timeLimit(.minutes(5))) struct TaskApplicationTests {
  private static var registry: TaskRegistry {
    var registry = TaskRegistry()
    registry.register(Square.self)
    registry.register(Sum.self)
    registry.register(Nap.self)
    return registry
  }

  private func application(_ change: (inout ApplicationSettings) -> Void = { _ in }) throws -> TaskApplication {
    try TaskApplication(registry: Self.registry, broker: Broker(), settings: ApplicationSettings(change))
  }

  @Test func tasksGoThereAndResultsComeBack() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.concurrency = 2 })
    let handles = try (0..<1000).map { try application.delay(Square(n: $0)) }
    for (number, handle) in handles.enumerated() {
      #expect(try handle.get(timeout: .seconds(30)) == number * number)
    }
    node.shutdown()
    application.close()
  }

  /// As in a test of the task alone.
  @Test func aHandlerCanBeCalledWithoutAWorker() throws {
    #expect(try Square(n: 3).run(TaskContext()) == 9)
    let context = TaskContext(retries: 2, headers: ["tenant": "acme"])
    #expect(!context.shouldStop && context.retries == 2 && context.headers == ["tenant": "acme"])
    try context.checkStop()
  }

  /// Without a limit of its own nothing used to be taken; and whoever asked after the end had to wait.
  @Test func whatIsDoneBeforeTheEndCountsAfterIt() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.prefetchMultiplier = 0 })
    let handles = try (0..<300).map { try application.delay(Square(n: $0)) }
    while node.statistics.processed < 300 { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    node.shutdown()
    application.close()
    for (number, handle) in handles.enumerated() { #expect(try handle.get(timeout: .zero) == number * number) }
  }

  @Test func resultsCanBeAwaitedByManyAtOnce() async throws {
    let application = try application()
    let node = try application.startWorkers()
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<100 {
        group.addTask { try await application.delay(Square(n: number)).value(timeout: .seconds(30)) }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == (0..<100).reduce(0) { $0 + $1 * $1 })
    node.shutdown()
  }

  @Test func chordsRunTheirBodyOnceOverManyThreads() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.concurrency = 3 })
    let body = Workflow.task(try Sum().signature())
    for round in 1...50 {
      let header = try (0..<round).map { Workflow.task(try Square(n: $0).signature()) }
      let result = try application.apply(.chord(header: header, body: body), as: Int.self)
      #expect(try result.get(timeout: .seconds(30)) == (0..<round).reduce(0) { $0 + $1 * $1 })
    }
    node.shutdown()
  }

  /// There used to be no way for them to get it.
  @Test func asynchronousTasksTakeWhatThoseBeforeThemReturned() throws {
    var registry = Self.registry
    registry.register(LaterSum.self)
    let application = try TaskApplication(registry: registry, broker: Broker())
    let node = try application.startWorkers()
    let squares = try (1...3).map { Workflow.task(try Square(n: $0).signature()) }
    let chord = Workflow.chord(header: squares, body: .task(try LaterSum(scale: 2).signature()))
    #expect(try application.apply(chord, as: Int.self).get(timeout: .seconds(30)) == 28)
    let alone = try application.apply(try LaterSum(scale: 2).signature(), as: Int.self)
    let error = #expect(throws: TaskResultError.self) { try alone.get(timeout: .seconds(30)) }
    #expect(error?.failure?.typeName == "MissingTaskInput")
    node.shutdown()
  }

  @Test func aCountdownIsKept() throws {
    let application = try application()
    let node = try application.startWorkers()
    let start = MonotonicClock.now()
    let result = try application.apply(Square(n: 3), ApplyOptions { $0.countdown = .milliseconds(50) })
    #expect(try result.get(timeout: .seconds(30)) == 9)
    #expect(MonotonicClock.now() - start >= 50_000_000)
    node.shutdown()
  }

  /// What is not done at a warm shutdown is done by the next node.
  @Test func aShutdownLosesNothing() throws {
    let application = try application()
    let first = try application.startWorkers(WorkerNodeOptions { $0.concurrency = 2 })
    var handles = try (0..<300).map { try application.delay(Nap(milliseconds: 1, value: $0)) }
    let later = ApplyOptions { $0.countdown = .milliseconds(1) }
    handles += try (300..<400).map { try application.apply(Nap(milliseconds: 0, value: $0), later) }
    first.shutdown()
    let second = try application.startWorkers(WorkerNodeOptions { $0.concurrency = 2 })
    for (value, handle) in handles.enumerated() { #expect(try handle.get(timeout: .seconds(30)) == value) }
    second.shutdown()
  }

  @Test func workersAnswerCommands() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.name = "east" })
    #expect(try application.control(.ping, timeout: .seconds(30), count: 1) == ["east": .pong])
    let registered = try application.control(.registered, destination: ["east"], timeout: .seconds(30))
    #expect(registered["east"] == .names(["Nap", "Nap.map", "Square", "Square.map", "Sum"]))
    #expect(try application.control(.poolGrow(1), timeout: .seconds(30), count: 1) == ["east": .ok("pool will have 2")])
    #expect(try application.control(.ping, destination: ["west"], timeout: .milliseconds(1)).isEmpty)
    _ = try application.control(.shutdown, timeout: .seconds(30), count: 1)
    while node.isRunning { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
  }

  @Test func aRevokedTaskInTheQueueDoesNotRun() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.prefetchMultiplier = 1 })
    let first = try application.delay(Nap(milliseconds: 100, value: 1))
    let second = try application.delay(Nap(milliseconds: 0, value: 2))
    _ = try application.control(
      .revoke([second.identifier], terminate: false), timeout: .seconds(30), count: 1)
    #expect(try first.get(timeout: .seconds(30)) == 1)
    #expect(throws: TaskResultError.self) { try second.get(timeout: .seconds(30)) }
    #expect(second.state == .revoked)
    node.shutdown()
  }

  /// The list used to be empty always.
  @Test func inspectShowsWhatWaitsForItsTime() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.name = "east" })
    let handle = try application.apply(Square(n: 3), ApplyOptions { $0.countdown = .seconds(3600) })
    var found: [TaskSummary] = []
    while found.isEmpty {
      guard case .tasks(let tasks)? = try application.control(.scheduled, timeout: .seconds(30), count: 1)["east"]
      else { break }
      found = tasks
    }
    #expect(found.map(\.id) == [handle.identifier] && found.map(\.name) == ["Square"])
    #expect(
      try application.control(.queryTask([handle.identifier]), timeout: .seconds(30), count: 1)
        == ["east": .standings([TaskStanding(id: handle.identifier, place: .scheduled)])])
    node.shutdown()
  }

  /// What threads had done used to be forgotten with them.
  @Test func statisticsKeepWhatThreadsHadDoneThatAreGone() throws {
    let application = try application()
    let node = try application.startWorkers(WorkerNodeOptions { $0.concurrency = 3 })
    for number in 0..<60 { _ = try application.delay(Square(n: number)).get(timeout: .seconds(30)) }
    while node.statistics.processed < 60 { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    _ = try application.control(.poolShrink(2), timeout: .seconds(30), count: 1)
    // Until they have ended, and a while after that.
    for _ in 0..<60 {
      #expect(node.statistics.processed == 60)
      PrecisionSleep.sleep(nanoseconds: 2_000_000)
    }
    node.shutdown()
  }

  /// A message in the outbox's hands used to be dropped in silence.
  @Test func whoWaitsForATaskThatFoundNoRoomIsToldWhenTheApplicationCloses() throws {
    let application = try application {
      $0.queueLength = 1
      $0.sendTimeout = .milliseconds(5)
    }
    var handles: [TaskHandle<Int>] = []
    do {
      while handles.count < 100 { handles.append(try application.delay(Square(n: 2))) }
      Issue.record("the queue is never full")
    } catch {}
    application.close()
    let last = try #require(handles.last)
    #expect(last.state == .failure)
    #expect { try last.get(timeout: .seconds(1)) } throws: {
      ($0 as? TaskResultError)?.failure?.typeName == WorkerErrorName.notSent
    }
    #expect(handles.dropLast().allSatisfy { $0.state == .pending })
    #expect(throws: TaskSendError.self) { try application.delay(Square(n: 3)) }
  }

  @Test func eventsTellATasksStory() throws {
    let application = try application { $0.sendsEvents = true }
    let events = try application.listen()
    let node = try application.startWorkers()
    let result = try application.delay(Square(n: 2))
    #expect(try result.get(timeout: .seconds(30)) == 4)
    node.shutdown()
    var kinds: [TaskEvent.Kind] = []
    while let event = events.next(timeout: .seconds(30)) {
      if event.kind != .workerHeartbeat { kinds.append(event.kind) }
      if event.kind == .workerOffline { break }
    }
    #expect(
      Set(kinds) == [.workerOnline, .taskSent, .taskReceived, .taskStarted, .taskSucceeded, .workerOffline])
  }

  /// The first is sent by the application, the others by the worker of the one before.
  @Test func everyStepOfAChainIsTold() throws {
    let application = try application { $0.sendsEvents = true }
    let events = try application.listen(to: "task.sent")
    let node = try application.startWorkers()
    let square = Workflow.task(try Square(n: 2).immutableSignature())
    let result = try application.apply(.chain([square, square, square]), as: Int.self)
    #expect(try result.get(timeout: .seconds(30)) == 4)
    node.shutdown()
    var sent: [TaskEvent] = []
    while sent.count < 3, let event = events.next(timeout: .seconds(30)) { sent.append(event) }
    // In no order: a worker may be faster than the application, which tells of a task when it has sent it.
    #expect(sent.map(\.hostname).sorted() == ["ringside", "worker1", "worker1"])
    #expect(Set(sent.compactMap(\.task)).count == 3 && Set(sent.compactMap(\.root)).count == 1)
  }

  @Test func whatFindsNoRoomInAnInboxIsCounted() throws {
    let transport = EmbeddedTaskTransport(broker: Broker())
    let inbox = try transport.openInbox([], limit: 2)
    let outbox = try transport.openOutbox()
    for number in 0..<3 {
      _ = try outbox.tryPublish(OutgoingMessage(bytes: [1], destination: .address(inbox.address)), now: Int64(number))
    }
    #expect(inbox.countRefused() == 1)
    var count = 0
    while inbox.take(now: 0, { _ in count += 1 }) > 0 {}
    #expect(count == 2)
  }

  @Test func eventsTellOfTasksThatDoNotSucceed() throws {
    var registry = Self.registry
    registry.register(Fail.self)
    registry.register(Again.self)
    let application = try TaskApplication(
      registry: registry, broker: Broker(), settings: ApplicationSettings { $0.sendsEvents = true })
    let events = try application.listen(to: "task.#")
    let node = try application.startWorkers(WorkerNodeOptions { $0.prefetchMultiplier = 1 })
    _ = try application.delay(Nap(milliseconds: 200, value: 1))
    let off = try application.delay(Square(n: 2))
    _ = try application.control(.revoke([off.identifier], terminate: false), timeout: .seconds(30), count: 1)
    _ = try application.delay(Fail())
    _ = try application.delay(Again())
    let nobody = Signature("nobody", arguments: SerializedBytes([0xC0], serializer: .messagepack))
    _ = try application.apply(nobody, as: Int.self)
    var seen: [TaskEvent.Kind: TaskEvent] = [:]
    let wanted: Set<TaskEvent.Kind> = [.taskFailed, .taskRetried, .taskRejected, .taskRevoked]
    while !wanted.isSubset(of: seen.keys), let event = events.next(timeout: .seconds(30)) { seen[event.kind] = event }
    node.shutdown()
    #expect(seen[.taskFailed]?.name == "Fail" && seen[.taskFailed]?.exception == "Trouble: as the test wanted")
    #expect(seen[.taskRetried]?.name == "Again" && seen[.taskRetried]?.exception == "Trouble: as the test wanted")
    #expect(seen[.taskRejected]?.name == "nobody" && seen[.taskRevoked]?.task == off.identifier)
  }

  @Test func aTimeLimitCanBeChangedByACommand() throws {
    let application = try application()
    let node = try application.startWorkers()
    let soft = ControlCommand.timeLimit(task: "Nap", softNanoseconds: 1, hardNanoseconds: nil)
    guard case .ok("time limits set")? = try application.control(soft, timeout: .seconds(30), count: 1)["worker1"]
    else {
      Issue.record("not set")
      return
    }
    let hard = ControlCommand.timeLimit(task: "Nap", softNanoseconds: nil, hardNanoseconds: 1)
    guard
      case .error("a hard time limit needs the processes pool")? =
        try application.control(hard, timeout: .seconds(30), count: 1)["worker1"]
    else {
      Issue.record("not refused")
      return
    }
    let nap = try application.delay(Nap(milliseconds: 1, value: 3))
    #expect { try nap.get(timeout: .seconds(30)) } throws: {
      guard case .timeLimitExceeded? = $0 as? TaskResultError else { return false }
      return true
    }
    node.shutdown()
  }
}

private struct Trouble: Error, CustomStringConvertible {
  var description: String { "as the test wanted" }
}

private struct Fail: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int { throw Trouble() }
}

private struct Again: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int {
    if context.retries == 0 { throw context.retry(countdown: .zero, cause: Trouble()) }
    return context.retries
  }
}

private struct Square: TaskDefinition {
  let n: Int
  func run(_ context: TaskContext) throws -> Int { n * n }
}

private struct LaterSum: AsyncTaskWithInput {
  let scale: Int
  func run(_ input: [Int], _ context: TaskContext) async throws -> Int {
    await Task.yield()
    return input.reduce(0, +) * scale
  }
}

private struct Sum: TaskWithInput {
  func run(_ input: [Int], _ context: TaskContext) throws -> Int { input.reduce(0, +) }
}

private struct Nap: TaskDefinition {
  let milliseconds: Int
  let value: Int
  static var options: TaskOptions { TaskOptions { $0.acksLate = true } }

  func run(_ context: TaskContext) throws -> Int {
    PrecisionSleep.sleep(nanoseconds: Int64(milliseconds) * 1_000_000)
    if context.isOverSoftTimeLimit { throw SoftTimeLimitExceeded() }
    return value
  }
}
