import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// Batches of tasks that a worker hands over to lanes: the test is the lane, but for the last test.
@Suite struct PooledBatchTests {
  private typealias Worker = TaskWorld.Pooled<ScriptedLane>
  private let world = TaskWorld()
  private let script = LaneScript()

  private func register(limit: Int = 3, _ change: @escaping (inout TaskOptions) -> Void = { _ in }) {
    world.registry.registerBatch("add", options: TaskOptions(change), limit: limit) { _ in }
  }

  private func worker(_ change: @escaping (inout TaskOptions) -> Void = { _ in }, limit: Int = 3) -> Worker {
    register(limit: limit, change)
    return world.worker(script)
  }

  private func step(_ worker: inout Worker) {
    while worker.step(limit: 2, now: world.now) > 0 {}
  }

  private func apply(_ bytes: Range<UInt8>) {
    for byte in bytes { world.apply("add", [byte]) }
  }

  /// The messages of each record that the lane has.
  private var batches: [[TaskMessage]] { script.records.map { $0.bytes.bundled.compactMap(\.taskMessage) } }

  /// The oldest record comes back with these outcomes.
  private func complete(_ outcomes: [[UInt8]], _ remarks: LaneRemarks = []) {
    var writer = ByteWriter()
    MessageBundle.begin(outcomes.count, in: &writer)
    for outcome in outcomes {
      outcome.withMessageBody { unsafe MessageBundle.append(BorrowedBytes($0.bytes), to: &writer) }
    }
    script.complete(remarks, outcomes.count == 1 ? outcomes[0] : writer.copied())
  }

  /// The oldest record succeeds, each message with its argument.
  private func succeed(_ remarks: LaneRemarks = []) {
    complete(batches[0].map { SeenOutcome.success(of: $0, $0.arguments.bytes) }, remarks)
  }

  /// One batch runs and a full one waits for it; what comes meanwhile is gathered.
  @Test func whatComesWhileALaneIsAtWorkBecomesALargerBatch() {
    for isLate in [false, true] {
      var worker = worker { $0.acksLate = isLate }
      apply(0..<10)
      step(&worker)
      #expect(batches.map { $0.map(\.arguments.bytes) } == [[[0], [1]], [[2], [3], [4]]])
      #expect(worker.core.reserved.count == 5)
      #expect(worker.core.active.count == 5)
      while !script.records.isEmpty {
        succeed()
        step(&worker)
      }
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.value) == (0..<10).map { [$0] })
      #expect(worker.core.counters.succeeded == 10)
      #expect(worker.attemptLimit == 10)
      #expect(worker.core.isDrained == true)
      #expect(worker.core.endpoint.unacknowledgedCount == 0)
    }
  }

  @Test func eachOfABatchEndsForItself() throws {
    var worker = worker()
    apply(0..<2)
    step(&worker)
    let messages = try #require(batches.first)
    complete([SeenOutcome.retry(of: messages[0]), SeenOutcome.success(of: messages[1], [7])])
    step(&worker)
    #expect(world.outcomes().map(\.value) == [[7]])
    #expect(world.broker.tasks("tasks.eta").map(\.arguments.bytes) == [[0]])
  }

  @Test func aBatchIsLostRunAgainAndGivenBackAsAWhole() {
    let cases: [(LaneRemarks, [TaskState], String)] = [
      (.workerLost, [.failure, .failure], WorkerErrorName.workerLost),
      (.timeLimitExceeded, [.failure, .failure], WorkerErrorName.timeLimitExceeded),
      ([.workerLost, .poisoned], [.rejected, .rejected], WorkerErrorName.redeliveryLimitExceeded),
    ]
    for (remarks, states, errorType) in cases {
      var worker = worker()
      apply(0..<2)
      step(&worker)
      script.complete(remarks)
      step(&worker)
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.state) == states && outcomes.allSatisfy { $0.errorType == errorType })
      #expect(worker.core.isDrained == true)
    }
    var worker = worker {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
    }
    apply(0..<2)
    step(&worker)
    #expect(
      script.records.map(\.order.isReplayedAfterLoss) == [true] && script.records.map(\.order.attemptCount) == [2])
    succeed(.redelivered)
    step(&worker)
    #expect(world.outcomes().map(\.isRedelivered) == [true, true])
    #expect(worker.core.counters.redelivered == 2)
  }

  @Test func outcomesThatAreMissingOrOfOthersAreNone() throws {
    var worker = worker()
    apply(0..<2)
    step(&worker)
    let messages = try #require(batches.first)
    complete([SeenOutcome.success(of: messages[1], [7])] + [[1, 2, 3]])
    step(&worker)
    #expect(world.outcomes().map(\.errorType) == [WorkerErrorName.workerLost, WorkerErrorName.workerLost])
    #expect(worker.core.counters.malformed == 2)
  }

  @Test func tasksWithOtherLimitsAreNotKilledTogether() {
    var worker = worker()
    for limit in [1, 1, 2] { world.apply("add", [1]) { $0.timeLimit = .seconds(limit) } }
    while worker.step(limit: 10, now: world.now) > 0 {}
    #expect(batches.map(\.count) == [2] && script.records.map(\.order.hardLimitNanoseconds) == [1_000_000_000])
    script.complete(.timeLimitExceeded)
    step(&worker)
    #expect(script.records.map(\.order.hardLimitNanoseconds) == [2_000_000_000])
  }

  @Test func tasksWithOtherSoftLimitsOrOftenBroughtBackAreNotDoneTogether() {
    var worker = worker {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
    }
    apply(0..<3)
    while worker.step(limit: 10, now: world.now) > 0 {}
    script.records = []
    worker = self.worker {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
    }
    world.apply("add", [3])
    for limit in [1, 1, 2] { world.apply("add", [4]) { $0.softTimeLimit = .seconds(limit) } }
    while worker.step(limit: 10, now: world.now) > 0 {}
    var seen: [[Int]] = []
    while !script.records.isEmpty {
      let order = script.records[0].order
      seen.append([batches[0].count, Int(order.softLimitNanoseconds / 1_000_000_000), order.replayLimit])
      succeed()
      step(&worker)
    }
    #expect(seen == [[3, 0, 19], [1, 0, 20], [2, 1, 20], [1, 2, 20]])
  }

  /// One message alone and two together, which lanes are given in different ways.
  @Test(arguments: [1, 2])
  func aLaneTellsABatchToStopAtItsSoftTimeLimit(count: Int) throws {
    let (world, journal) = (world, Journal())
    world.registry.registerBatch("wait", options: TaskOptions { $0.softTimeLimit = .seconds(3) }, limit: 10) { batch in
      batch.succeed(0, with: [7])
      journal.note("begun")
      while !batch.shouldStop { PrecisionSleep.sleep(nanoseconds: 10_000) }
      try batch.checkStop()
    }
    var worker = try world.threadWorker()
    for _ in 0..<count { world.apply("wait") }
    while journal.all.isEmpty { _ = worker.step(limit: 10, now: world.now) }
    world.wait(.seconds(3))
    while worker.core.counters.succeeded + worker.core.counters.failed < count {
      _ = worker.step(limit: 10, now: world.now)
    }
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == Array([.success, .failure].prefix(count)))
    #expect(outcomes.map(\.errorType) == Array(["", "SoftTimeLimitExceeded"].prefix(count)))
  }

  @Test func oneOfABatchIsNotKilledAlone() {
    var worker = worker()
    let identifier = world.apply("add", [1])
    world.apply("add", [2])
    step(&worker)
    worker.revoke(identifier, terminate: true, now: world.now)
    #expect(script.terminated.isEmpty && batches.map(\.count) == [2])
  }

  @Test func aStopDoesOrGivesBackWhatWasGathered() {
    for isCold in [false, true] {
      let script = script
      script.stop = nil
      var worker = worker(limit: 100)
      apply(0..<6)
      step(&worker)
      #expect(batches.map(\.count) == [2])
      #expect(worker.core.reserved.count == 4)
      worker.stop(isCold ? .cold(killingAt: world.now + 1) : .warm)
      while !script.records.isEmpty {
        succeed()
        step(&worker)
      }
      #expect(worker.isStopped == true)
      #expect(world.outcomes().count == (isCold ? 2 : 6) && world.broker.count("tasks") == (isCold ? 4 : 0))
      world.broker.queues["tasks"] = []
    }
  }

  @Test func oneThatIsCalledOffOrExpiresWhileItIsGatheredNeverRuns() {
    var worker = worker()
    apply(0..<5)
    let revoked = world.apply("add", [5])
    world.apply("add", [6]) { $0.expires = .seconds(1) }
    apply(7..<9)
    step(&worker)
    #expect(batches.map { $0.map(\.arguments.bytes) } == [[[0], [1]], [[2], [3], [4]]])
    worker.revoke(revoked, now: world.now)
    world.wait(.seconds(2))
    while !script.records.isEmpty {
      succeed()
      step(&worker)
    }
    #expect(worker.core.counters.revoked == 1 && worker.core.counters.expired == 1)
    #expect(worker.core.counters.succeeded == 7 && world.outcomes().count == 9)
    #expect(worker.core.isDrained == true && worker.core.endpoint.unacknowledgedCount == 0)
  }

  /// The lane has room for no batch and says nothing for a long time.
  @Test func oneThatIsCalledOffWhileItIsGatheredIsAnsweredAtOnce() {
    world.registry.register("plain") { _, _ in }
    script.depth = 1
    var worker = worker { $0.acksLate = true }
    world.apply("plain", [0])
    step(&worker)
    let revoked = world.apply("add", [1])
    apply(2..<3)
    step(&worker)
    #expect(script.records.count == 1 && worker.core.reserved.count == 2)
    worker.revoke(revoked, terminate: false, now: world.now)
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.revoked] && worker.core.endpoint.unacknowledgedCount == 1)
  }

  @Test func aLaneDoesABatchAtOnceAndOneThatIsTooLargeIsCut() throws {
    let (world, journal) = (world, Journal())
    world.registry.registerBatch("add", limit: 100) { batch in
      journal.note("\(batch.items.count)")
      for (index, item) in batch.items.enumerated() {
        switch item.arguments.bytes.first {
        case 9: batch.fail(index, with: TestFailure())
        case let byte?: batch.succeed(index, with: [byte + 1])
        case nil: break
        }
      }
    }
    var options = LaneOptions()
    options.requestByteCapacity = 2048
    var worker = try world.threadWorker(options)
    for byte in 0..<32 as Range<UInt8> { world.apply("add", [byte]) }
    while worker.core.counters.succeeded + worker.core.counters.failed < 32 {
      if worker.step(limit: 100, now: world.now) == 0 { PrecisionSleep.sleep(nanoseconds: 100_000) }
    }
    #expect(
      journal.all.compactMap { Int($0) }.reduce(0, +) == 32 && (2...16).contains(journal.all.count), "\(journal.all)")
    #expect(world.outcomes().map(\.value) == (0..<32).map { $0 == 9 ? [] : [$0 + 1] })
  }
}

extension [UInt8] {
  /// The messages of a record: one, or those of a bundle.
  fileprivate var bundled: [[UInt8]] {
    withMessageBody { body in
      guard var bundle = MessageBundle(body) else { return [self] }
      var messages: [[UInt8]] = []
      while let message = bundle.next() { messages.append(unsafe [UInt8](message.bytes)) }
      return messages
    }
  }
}
