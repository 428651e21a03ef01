import DriverInterface
import MessageBroker
import Platform
import Serialization
import TaskWorkers
import Testing

@testable import EmbeddedDriver

/// Clients, workers and keepers over the real broker, on one thread with a clock that the test moves.
@Suite struct TaskSystemTests {
  private let opener = TaskEndpointOpener(broker: Broker())
  private let clock = SimulatedClock()

  private func client() throws -> TaskClientCore<BrokerEndpoint> {
    TaskClientCore(
      endpoint: try opener.openClient(of: "tasks"), identifiers: TaskIdentifierSource(seed: 1))
  }

  private func worker(_ registry: TaskRegistry) throws -> WorkerCore<BrokerEndpoint, SimulatedClock> {
    WorkerCore(
      endpoint: try opener.openWorker(of: "tasks", prefetchCount: 16), registry: registry,
      options: WorkerOptions(queue: "tasks"), time: clock)
  }

  private func keeper() throws -> EtaKeeper<BrokerEndpoint> {
    EtaKeeper(endpoint: try opener.openKeeper(of: "tasks"), now: clock.now())
  }

  private func echoing(_ change: @escaping (inout TaskOptions) -> Void = { _ in }) -> TaskRegistry {
    var registry = TaskRegistry()
    registry.register("echo", options: TaskOptions(change)) { task, result in
      unsafe result.append(BorrowedBytes(task.arguments.bytes))
    }
    return registry
  }

  private func submit(
    _ count: Int, _ client: inout TaskClientCore<BrokerEndpoint>, priority: UInt8? = nil, from first: UInt64 = 1
  ) throws {
    let signature = Signature(
      "echo", arguments: SerializedBytes([], serializer: .raw), options: ApplyOptions { $0.priority = priority })
    let template = try TaskTemplate(signature)
    for number in first..<first + UInt64(count) {
      let bytes: [UInt8] = [UInt8(truncatingIfNeeded: number), 1, 2, 3]
      let submission = unsafe bytes.withUnsafeBytes { buffer in
        let view = unsafe BorrowedBytes(buffer)
        return client.submit(
          template, arguments: unsafe MessageBody(start: view.start, count: view.count), route: 0, correlation: number,
          now: clock.now())
      }
      #expect(submission == .staged)
      if number % 64 == 0 { _ = client.flush(now: clock.now()) }
    }
    _ = client.flush(now: clock.now())
  }

  private func outcomes(_ client: inout TaskClientCore<BrokerEndpoint>) -> [(UInt64, TaskState, Bool)] {
    var found: [(UInt64, TaskState, Bool)] = []
    while true {
      let count = client.receive(limit: 64, now: clock.now())
      guard count > 0 else { return found }
      for index in 0..<count {
        guard let outcome = client.outcome(at: index) else { continue }
        found.append((outcome.correlation, outcome.state, outcome.flags.contains(.isRedelivered)))
      }
    }
  }

  @Test func everyTaskGetsItsOwnResult() throws {
    try opener.declare("tasks")
    var client = try client()
    var worker = try worker(echoing())
    try submit(1000, &client)
    while worker.step(limit: 64, now: clock.now()) > 0 {}
    let found = outcomes(&client)
    #expect(found.map(\.0).sorted() == Array(1...1000))
    #expect(found.allSatisfy { $0.1 == .success })
  }

  /// A worker that dies with tasks in its hands that it had not acknowledged: another one does them, flagged, and each gets one result.
  @Test func tasksOfAWorkerThatDiesAreDoneByAnotherOne() throws {
    try opener.declare("tasks")
    var client = try client()
    try submit(20, &client)
    do {
      var dying = try worker(echoing { $0.acksLate = true })
      let count = dying.endpoint.receive(limit: 10, now: clock.now())
      #expect(count == 10)
    }
    var worker = try worker(echoing { $0.acksLate = true })
    while worker.step(limit: 64, now: clock.now()) > 0 {}
    let found = outcomes(&client)
    #expect(found.map(\.0).sorted() == Array(1...20))
    #expect(found.filter(\.2).map(\.0).sorted() == Array(1...10))
    #expect(worker.counters.redelivered == 10)
  }

  /// It used to count as published, because the queue refuses it later, when it is pushed: then nobody had it.
  @Test func aTaskThatIsDueAndRefusedByAFullQueueStaysWithTheKeeper() throws {
    try opener.declare("tasks", options: QueueOptions(maxLength: 2, overflow: .rejectPublish))
    var client = try client()
    var keeper = try keeper()
    let start = clock.now()
    for number in 1...5 as ClosedRange<UInt64> {
      var message = TaskMessage(
        "echo", identifier: TaskIdentifier(high: 1, low: number), arguments: SerializedBytes([7], serializer: .raw))
      message.eta = start + 1_000_000
      #expect(try client.submit(message, route: 1, correlation: number, now: start) == .staged)
      _ = client.flush(now: start)
      while keeper.step(limit: 64, now: start) > 0 {}
    }
    clock.advance(to: start + 10_000_000)
    _ = keeper.step(limit: 64, now: clock.now())
    #expect(keeper.publishedCount == 2 && keeper.count == 3)
    // The queue does not say when it has room.
    #expect(keeper.nextMoment.map { $0 > clock.now() && $0 < clock.now() + 10_000_000 } == true)
    var worker = try worker(echoing())
    for _ in 0..<3 {
      while worker.step(limit: 64, now: clock.now()) > 0 {}
      _ = keeper.step(limit: 64, now: clock.now())
    }
    #expect(outcomes(&client).map(\.0).sorted() == Array(1...5))
    #expect(keeper.count == 0 && keeper.nextMoment == nil)
  }

  /// The worker's window is full of tasks whose next attempts have no room in the queue that the worker alone empties.
  @Test func lateTasksThatAreTriedAgainAtOnceDoNotWaitForTheirOwnWorker() throws {
    try opener.declare("tasks", options: QueueOptions(maxLength: 2))
    var registry = TaskRegistry()
    registry.register("echo", options: TaskOptions { $0.acksLate = true }) { task, result in
      if task.envelope.retries < 2 { throw TaskRetry(countdown: .zero) }
      unsafe result.append(BorrowedBytes(task.arguments.bytes))
    }
    var client = try client()
    var worker = WorkerCore(
      endpoint: try opener.openWorker(of: "tasks", prefetchCount: 1), registry: registry,
      options: WorkerOptions(queue: "tasks"), time: clock)
    var keeper = try keeper()
    try submit(20, &client)
    var found: [UInt64] = []
    for _ in 0..<1000 where found.count < 20 {
      _ = client.flush(now: clock.now())
      _ = worker.step(limit: 1, now: clock.now())
      _ = client.flush(now: clock.now())
      _ = keeper.step(limit: 64, now: clock.now())
      clock.advance(to: clock.now() + 1_000_000)
      found += outcomes(&client).map(\.0)
    }
    #expect(found.sorted() == Array(1...20))
  }

  /// A dead letter is not lost, and a second one of the same message would be one too many.
  @Test func aTaskThatBecomesADeadLetterIsNotPublishedAgain() throws {
    _ = try opener.broker.declareQueue("dead")
    var options = QueueOptions(maxLength: 1, overflow: .rejectPublishDeadLetter)
    options.deadLetter = DeadLetterAddress(exchange: "", routingKey: "dead")
    try opener.declare("tasks", options: options)
    var endpoint = try opener.openWorker(of: "tasks", prefetchCount: 1)
    let route = try endpoint.route(exchange: "", key: "tasks")
    var sent: [FlushOutcome] = []
    for _ in 0..<3 {
      let isStaged = unsafe [UInt8](repeating: 1, count: 8).withUnsafeBytes { bytes in
        let view = unsafe BorrowedBytes(bytes)
        return endpoint.send(
          unsafe MessageBody(start: view.start, count: view.count), route: route, correlation: 0, priority: 0, now: 0)
      }
      #expect(isStaged)
      sent.append(endpoint.flush(now: 0))
    }
    #expect(sent == [FlushOutcome](repeating: FlushOutcome(acceptedCount: 1), count: 3))
  }

  @Test func urgentTasksGoFirstInAQueueWithPriorities() throws {
    var options = QueueOptions()
    options.order = .priority(levels: 9)
    try opener.declare("tasks", options: options)
    var client = try client()
    try submit(3, &client, priority: 1)
    try submit(3, &client, priority: 8, from: 4)
    var worker = try worker(echoing())
    while worker.step(limit: 64, now: clock.now()) > 0 {}
    #expect(outcomes(&client).map(\.0) == [4, 5, 6, 1, 2, 3])
  }

  @Test func aTaskThatIsTriedAgainTravelsByWayOfTheKeeperToItsFirstClient() throws {
    try opener.declare("tasks")
    var registry = TaskRegistry()
    registry.register("echo") { task, _ in
      if task.envelope.retries < 2 { throw task.context.retry(countdown: .seconds(1)) }
    }
    var client = try client()
    var worker = try worker(registry)
    var keeper = try keeper()
    try submit(1, &client, from: 77)
    for _ in 0..<40 {
      while worker.step(limit: 64, now: clock.now()) + keeper.step(limit: 64, now: clock.now()) > 0 {}
      clock.advance(to: clock.now() + 100_000_000)
    }
    let found = outcomes(&client)
    #expect(found.map(\.0) == [77])
    #expect(found.map(\.1) == [.success])
    #expect(worker.counters.retried == 2)
    #expect(keeper.publishedCount == 2)
  }

  @Test func refusedTasksGoToTheDeadLettersOfTheirQueue() throws {
    var options = QueueOptions()
    options.deadLetter = DeadLetterAddress(exchange: "", routingKey: "dead")
    _ = try opener.broker.declareQueue("dead", options: QueueOptions())
    try opener.declare("tasks", options: options)
    var client = try client()
    var worker = try worker(TaskRegistry())
    try submit(3, &client)
    while worker.step(limit: 64, now: clock.now()) > 0 {}
    #expect(outcomes(&client).map(\.1) == [.rejected, .rejected, .rejected])
    var session = try opener.broker.openSession(SessionOptions())
    let dead = try session.declareQueue("dead", options: QueueOptions())
    #expect(dead.messageCount == 3)
  }

  /// A client that does not look loses results, which are counted, and holds nobody up.
  @Test func resultsThatAClientHasNoRoomForAreDropped() throws {
    try opener.declare("tasks")
    var client = TaskClientCore(
      endpoint: try opener.openClient(of: "tasks", replyLimit: 16), identifiers: TaskIdentifierSource(seed: 1))
    var worker = try worker(echoing())
    try submit(200, &client)
    while worker.step(limit: 64, now: clock.now()) > 0 {}
    #expect(worker.counters.succeeded == 200)
    #expect(outcomes(&client).count == 16)
  }
}
