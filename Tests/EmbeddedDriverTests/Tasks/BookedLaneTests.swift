import DriverInterface
import Histograms
import MessageBroker
import Platform
import Serialization
import TaskWorkers
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// Books that are filled with what ran in the lanes of a worker: one client, one worker with two lanes, and a real broker.
@Suite struct BookedLaneTests {
  private let opener = TaskEndpointOpener(broker: Broker())
  private let time = CycleCounter.shared

  /// What became of a request.
  private struct Ending {
    var meters: WorkerMeters
    /// Bytes of its answer; none says that it is damaged.
    var answerByteCount: Int
  }

  /// The kind that is sent is the last one.
  private func plan(_ change: (inout [WorkloadPlan.TaskPlan.Kind]) -> Void) -> WorkloadPlan.TaskPlan {
    var kinds = ["a", "b", "sent"].map { WorkloadPlan.TaskPlan.Kind(name: $0) }
    for index in 0..<2 { kinds[index].weight = 0 }
    change(&kinds)
    return WorkloadPlan.TaskPlan(concurrency: 2, kinds: kinds)
  }

  private func chord() -> WorkloadPlan.TaskPlan { plan { $0[2].workflow = .chord(header: [0, 0], body: 1) } }

  /// Sends one request, has all its tasks done, and the first of them once more if `repeats` says with which flag.
  private func run(
    _ tasks: WorkloadPlan.TaskPlan, taskCount: Int, repeats isFlagged: Bool? = nil, registry: TaskRegistry? = nil
  ) throws -> Ending {
    let plan = EmbeddedSubjectTests.plan(.tasks(tasks))
    let books = TaskBooks(tasks, clientCount: 1, encoding: .plain, seed: 1)
    let meters = WorkerMeters(layout: .latency, hasTasks: true)
    try opener.declare("q")
    var client = BookedClientEndpoint(
      try opener.openClient(of: "q", batchCount: 1), TaskMaker(plan, tasks, stream: 0, meters: meters), books: books,
      outstandingLimit: 16, meters: meters, time: time)
    var stamper = MessageStamper(byteCount: 64, checksPayload: true, seed: 1)
    let number = SequenceNumber(stream: 0, sequence: 1)
    let body = stamper.stamp(MessageStamp(number: number, intendedNanoseconds: 1, sentNanoseconds: 1))
    let isStaged = client.send(body, route: 0, correlation: 1, priority: 0, now: time.now())
    let outcome = client.flush(now: time.now())
    #expect(isStaged && outcome.acceptedCount == 1)
    if let isFlagged {
      var other = TaskClientCore(
        endpoint: try opener.openClient(of: "q", batchCount: 1), identifiers: TaskIdentifierSource(seed: 1))
      var message = TaskMaker(plan, tasks, stream: 0, meters: meters).messages(
        of: 2, books.recipes[2], body, 1, now: time.now()
      ).messages[0]
      if isFlagged { message.flags.insert(.isRedelivered) }
      let submission = try other.submit(message, route: 0, correlation: 1, now: time.now())
      #expect(submission == .staged)
      _ = other.flush(now: time.now())
    }
    try work(taskCount, books, registry ?? self.registry(plan, tasks, books))
    var count = 0
    while count == 0 { count = client.receive(limit: 16, now: time.now()) }
    let answerByteCount = client.message(at: 0).body.count
    let furtherCount = client.receive(limit: 16, now: time.now())
    #expect(count == 1 && furtherCount == 0)
    return Ending(meters: meters, answerByteCount: answerByteCount)
  }

  private func registry(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan, _ books: TaskBooks) -> TaskRegistry {
    // For both threads: what is not encoded takes nothing of it.
    let decoder = ArgumentDecoder(plan, recordingIn: nil)
    let bodies = tasks.kinds.map {
      TaskBody($0, of: plan, decoder: decoder, tally: TaskTally(), findings: FindingLog())
    }
    return TaskRegistry(tasks.kinds, bodies, .plain, inputs: WorkflowInputs(books.recipes))
  }

  /// Has so many tasks done on two threads.
  private func work(_ taskCount: Int, _ books: TaskBooks, _ registry: TaskRegistry) throws {
    let (bell, time) = (try LaneBell(), time)
    var worker = PooledWorkerCore<BrokerEndpoint, CycleCounter, ThreadLane>(
      endpoint: try opener.openWorker(of: "q", prefetchCount: 16), registry: registry,
      options: WorkerOptions(queue: "q"), time: time, canKill: false, laneLimit: 2, bell: bell)
    worker.core.observe(TaskBookkeeper(books, .plain))
    for _ in 0..<2 {
      worker.pool.grow(
        by: try ThreadLane(LaneOptions(), name: "lane", bell: bell, time: time) {
          TaskLaneHandler(registry: registry, clock: time)
        })
    }
    let end = time.now() + 60_000_000_000
    while worker.core.counters.succeeded < taskCount {
      try #require(time.now() < end, "\(worker.core.counters)")
      if worker.step(limit: 16, now: time.now()) == 0 { PrecisionSleep.sleep(nanoseconds: 50_000) }
    }
    let attemptLimit = worker.attemptLimit
    #expect(attemptLimit == taskCount)
  }

  @Test func whatRanInALaneIsInTheBooks() throws {
    let ending = try run(chord(), taskCount: 3)
    #expect(ending.meters.value(of: .executed) == 3 && ending.meters.value(of: .duplicated) == 0)
    #expect(ending.answerByteCount > 0)
  }

  @Test func aSecondEndingOfAMemberIsADuplicateUnlessItIsFlagged() throws {
    for isFlagged in [false, true] {
      let ending = try run(chord(), taskCount: 4, repeats: isFlagged)
      #expect(ending.meters.value(of: .duplicated) == (isFlagged ? 0 : 1))
      #expect(ending.meters.findings.findings.contains { $0.words.contains("as task 0 of its workflow") } == !isFlagged)
      #expect(ending.meters.value(of: .executed) == 3 && ending.answerByteCount > 0)
    }
  }

  /// Nobody is told what it returned, but its worker sees it.
  @Test func aTaskWithoutAResultMustReturnItsOwn() throws {
    let tasks = plan { $0[2].ignoresResult = true }
    var registry = TaskRegistry()
    registry.register("sent", options: TaskOptions(tasks.kinds[2], .plain)) { _, writer in writer.append([1, 2, 3]) }
    #expect(try run(tasks, taskCount: 1, registry: registry).answerByteCount == 0)
    #expect(try run(tasks, taskCount: 1).answerByteCount > 0)
  }
}
