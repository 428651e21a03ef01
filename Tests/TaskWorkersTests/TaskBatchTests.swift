import Platform
import Serialization
import TaskWorkers
import Testing

/// Tasks of which a handler does several at once.
@Suite struct TaskBatchTests {
  private let world = TaskWorld()
  private let journal = Journal()

  /// Notes how many there were, adds 1 to each, fails those of 9, and asks for another attempt of those of 7.
  private func register(limit: Int, _ change: @escaping (inout TaskOptions) -> Void = { _ in }) {
    let journal = journal
    world.registry.registerBatch("add", options: TaskOptions(change), limit: limit) { batch in
      journal.note("\(batch.items.count)")
      for (index, item) in batch.items.enumerated() {
        switch item.arguments.bytes.first {
        case 9: batch.fail(index, with: TestFailure())
        case 7 where item.retries == 0: batch.fail(index, with: TaskRetry(countdown: .seconds(5)))
        case let byte?: batch.succeed(index, with: [byte + 1])
        case nil: break
        }
      }
    }
  }

  private func step(_ worker: inout TaskWorld.Worker, limit: Int = 10) {
    while worker.step(limit: limit, now: world.now) > 0 {}
  }

  @Test func aHandlerGetsWhatItsWorkerHasTakenAndEachGetsItsOwnResult() {
    for isLate in [false, true] {
      register(limit: 4) { $0.acksLate = isLate }
      for byte in 0..<10 as Range<UInt8> { world.apply("add", [byte == 9 ? 20 : byte == 7 ? 30 : byte]) }
      var worker = world.worker()
      step(&worker)
      #expect(journal.all.suffix(3) == ["4", "4", "2"])
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.value) == [[1], [2], [3], [4], [5], [6], [7], [31], [9], [21]])
      #expect(outcomes.map(\.correlation).sorted() == outcomes.map(\.correlation))
      #expect(worker.endpoint.unacknowledgedCount == 0)
      #expect(worker.counters.succeeded == 10)
    }
  }

  @Test func aBatchWaitsForNoMoreThanWasTaken() {
    register(limit: 100)
    for _ in 0..<5 { world.apply("add", [1]) }
    var worker = world.worker()
    step(&worker, limit: 2)
    #expect(journal.all == ["2", "2", "1"])
  }

  @Test func eachTaskHasBatchesOfItsOwn() {
    register(limit: 3)
    let journal = journal
    world.registry.registerBatch("other", limit: 2) { journal.note("other \($0.items.count)") }
    world.registry.register("plain") { _, _ in journal.note("plain") }
    for name in ["add", "other", "plain", "add", "other", "other"] { world.apply(name, [1]) }
    var worker = world.worker()
    step(&worker)
    #expect(journal.all == ["plain", "2", "other 2", "other 1"])
    #expect(world.outcomes().map(\.state) == Array(repeating: .success, count: 6))
  }

  @Test func oneThatFailsOrIsTriedAgainDoesNotConcernTheOthers() {
    register(limit: 10)
    for byte in [1, 9, 7] as [UInt8] { world.apply("add", [byte]) }
    var worker = world.worker()
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.success, .failure])
    #expect(world.broker.tasks("tasks.eta").map(\.retries) == [1])
    #expect(worker.counters.retried == 1 && worker.counters.failed == 1)
    var keeper = world.keeper()
    world.wait(.seconds(6))
    while keeper.step(limit: 10, now: world.now) > 0 {}
    step(&worker)
    #expect(world.outcomes().map(\.value) == [[8]])
  }

  @Test func whatAHandlerThrowsIsTheErrorOfAllThatHaveNotEnded() {
    world.registry.registerBatch("half", limit: 10) { batch in
      batch.succeed(0, with: [5])
      throw TestFailure()
    }
    for _ in 0..<3 { world.apply("half") }
    var worker = world.worker()
    step(&worker)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.success, .failure, .failure])
    #expect(outcomes.map(\.errorType) == ["", "TestFailure", "TestFailure"])
  }

  @Test func whatIsCompressedOrExpiredOrCalledOffIsTreatedAsAnywhere() {
    register(limit: 10) {
      $0.compression = .zlib
      $0.expires = .seconds(1)
    }
    world.apply("add", [1])
    world.wait(.seconds(2))
    let revoked = world.apply("add", [2])
    var worker = world.worker()
    worker.revoke(revoked, now: world.now)
    world.apply("add", [3])
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.revoked, .revoked, .success])
    #expect(journal.all == ["1"])
  }

  /// They used to run all the same, after the worker was told to end.
  @Test(arguments: [true, false])
  func whatWasGatheredWhenAColdStopIsAskedForGoesBack(isLate: Bool) throws {
    let (journal, world, stop) = (journal, world, StopCell())
    world.registry.registerBatch("count", options: TaskOptions { $0.acksLate = isLate }, limit: 4) { batch in
      journal.note("\(batch.items.count)")
      stop.ask()
    }
    for _ in 0..<10 { world.apply("count") }
    let seat = WorkerSeat(world.worker())
    stop.word = try #require(seat.environment).stopWord
    _ = seat.step(limit: 10, now: world.now)
    #expect(seat.drain(.cold(killingAt: .max), now: world.now))
    #expect(journal.all == ["4"] && world.outcomes().map(\.state) == Array(repeating: .success, count: 4))
    #expect(world.broker.queues["tasks"]?.map(\.returnCount) == Array(repeating: 1, count: 6))
    // Somebody else does them, each once.
    var other = world.worker()
    step(&other)
    #expect(journal.all == ["4", "4", "2"] && other.counters.redelivered == 6)
    #expect(world.outcomes().map(\.isRedelivered) == Array(repeating: true, count: 6))
    #expect(world.broker.count("tasks") == 0 && other.endpoint.unacknowledgedCount == 0)
  }

  @Test func aTaskThatRunsBeforeThemMayLeaveNoneOfThemToBegin() throws {
    let (world, stop) = (world, StopCell())
    register(limit: 4)
    world.registry.register("plain") { _, _ in stop.ask() }
    for name in ["add", "plain", "add"] { world.apply(name, [1]) }
    let seat = WorkerSeat(world.worker())
    stop.word = try #require(seat.environment).stopWord
    _ = seat.step(limit: 10, now: world.now)
    #expect(journal.all.isEmpty && world.outcomes().count == 1)
    #expect(world.broker.tasks("tasks").map(\.task) == ["add", "add"])
  }

  /// Answers the first, then works for three seconds, asking every second.
  private func registerSlow(_ change: @escaping (inout TaskOptions) -> Void) {
    let (journal, clock) = (journal, world.clock)
    world.registry.registerBatch("slow", options: TaskOptions(change), limit: 10) { batch in
      journal.note("\(batch.items.count)")
      batch.succeed(0, with: [1])
      for _ in 0..<3 {
        clock.advance(to: clock.now() + 1_000_000_000)
        try batch.checkStop()
      }
    }
  }

  /// It used to hear nothing of it.
  @Test func aBatchIsToldToStopAtItsSoftTimeLimit() {
    registerSlow { $0.softTimeLimit = .seconds(2) }
    for _ in 0..<3 { world.apply("slow") }
    var worker = world.worker()
    step(&worker)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.success, .failure, .failure], "what was answered counts")
    #expect(outcomes.map(\.errorType) == ["", "SoftTimeLimitExceeded", "SoftTimeLimitExceeded"])
    world.apply("slow") { $0.softTimeLimit = .seconds(4) }
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.success])
  }

  @Test func aBatchThatWasToldToStopIsTriedAgainLikeAnyThatFails() {
    registerSlow {
      $0.softTimeLimit = .seconds(2)
      $0.autoretryFor = [SoftTimeLimitExceeded.self]
    }
    for _ in 0..<2 { world.apply("slow") }
    var worker = world.worker()
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.success] && world.broker.tasks("tasks.eta").map(\.retries) == [1])
  }

  @Test func messagesWithOtherSoftTimeLimitsAreNotDoneTogether() {
    registerSlow { $0.softTimeLimit = .seconds(5) }
    for limit in [5, nil, 9, 9, 5] {
      world.apply("slow") { $0.softTimeLimit = limit.map { .seconds($0) } }
    }
    var worker = world.worker()
    step(&worker)
    // The second one has the task's own limit, which is no other.
    #expect(journal.all == ["2", "2", "1"])
    #expect(world.outcomes().allSatisfy { $0.state == .success })
  }

  @Test func aColdStopIsHeardByABatchThatAsks() throws {
    let (world, stop) = (world, StopCell())
    world.registry.registerBatch("slow", options: TaskOptions { $0.acksLate = true }, limit: 4) { batch in
      stop.ask()
      try batch.checkStop()
    }
    for _ in 0..<2 { world.apply("slow") }
    let seat = WorkerSeat(world.worker())
    stop.word = try #require(seat.environment).stopWord
    _ = seat.step(limit: 10, now: world.now)
    #expect(world.outcomes().isEmpty && world.broker.count("tasks") == 2)
  }

  @Test func eachSeesWhatCameBeforeIt() {
    let journal = journal
    world.registry.registerBatch("after", limit: 10) { batch in
      for item in batch.items { journal.note("\(item.input?.parts.map(\.bytes) ?? [])") }
    }
    for input in [nil, [3], [4, 5]] as [[UInt8]?] {
      var message = Signature("after", arguments: .raw([1])).message(
        identifier: TaskIdentifier(high: 1, low: 2), options: nil, now: world.now)
      message.input = input.map { .single(.init(serializerCode: Serializer.raw.code, bytes: $0)) }
      world.send(message)
    }
    var worker = world.worker()
    step(&worker)
    #expect(journal.all == ["[]", "[[3]]", "[[4, 5]]"])
  }
}

/// Where a handler finds the word that stops its worker.
private final class StopCell: Sendable {
  private let cell = Guarded<StopWord?>(nil)

  var word: StopWord? {
    get { cell.withLock { $0 } }
    set { cell.withLock { $0 = newValue } }
  }

  func ask() { word?.stopAll() }
}
