import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// A worker that has taken several tasks at once and needs long for each, on its own thread.
@Suite struct LongStepTests {
  private let world = TaskWorld()
  private let journal = Journal()

  /// A task that notes its argument and takes so long.
  private func register(
    taking duration: Duration = .milliseconds(20), _ change: @escaping (inout TaskOptions) -> Void = { _ in }
  ) {
    let (clock, journal) = (world.clock, journal)
    world.registry.register("work", options: TaskOptions(change)) { invocation, _ in
      journal.note(unsafe "\([UInt8](invocation.arguments.bytes)[0])")
      clock.advance(to: clock.now() + duration.wholeNanoseconds)
    }
  }

  private func apply(_ numbers: Range<UInt8>) -> [TaskIdentifier] { numbers.map { world.apply("work", [$0]) } }

  private func step(_ worker: inout TaskWorld.Worker, limit: Int = 10) -> Int {
    worker.step(limit: limit, now: world.now)
  }

  @Test(arguments: [false, true])
  func theOutcomeOfALongTaskIsOutBeforeTheNextBegins(isLate: Bool) {
    register { $0.acksLate = isLate }
    _ = apply(0..<4)
    var worker = world.worker()
    for number in 1...4 {
      #expect(step(&worker) == 1)
      #expect(journal.all.count == number)
      #expect(world.outcomes().map(\.state) == [.success])
      #expect(worker.endpoint.unacknowledgedCount == 4 - number)
      #expect(worker.reserved.map(\.arguments.bytes) == (UInt8(number)..<4).map { [$0] })
    }
    #expect(step(&worker) == 0 && worker.isDrained == true && worker.counters.received == 4)
  }

  /// What dies in the second has done the first one, and nobody does it again.
  @Test func aLateTaskThatIsDoneIsNotDoneAgainWhenItsWorkerDiesInTheNext() {
    register { $0.acksLate = true }
    _ = apply(0..<3)
    do {
      var worker = world.worker()
      _ = step(&worker)
    }
    #expect(world.broker.tasks("tasks").map(\.arguments.bytes) == [[1], [2]])
  }

  @Test func nothingMoreIsTakenAsLongAsSomethingIsLeft() {
    register()
    _ = apply(0..<2)
    var worker = world.worker()
    _ = step(&worker)
    _ = apply(2..<3)
    _ = step(&worker)
    #expect(world.broker.count("tasks") == 1)
    _ = step(&worker)
    #expect(journal.all == ["0", "1", "2"])
  }

  @Test func shortTasksAreDoneInOneStep() {
    register(taking: .zero)
    _ = apply(0..<100)
    var worker = world.worker()
    #expect(step(&worker, limit: 64) == 64 && step(&worker, limit: 64) == 36)
  }

  @Test func oneThatIsCalledOffOrExpiresBehindALongOneNeverRuns() {
    register()
    let tasks = apply(0..<3)
    world.apply("work", [3]) { $0.expires = .milliseconds(10) }
    var worker = world.worker()
    _ = step(&worker)
    worker.revoke(tasks[1], now: world.now)
    while step(&worker) > 0 {}
    #expect(journal.all == ["0", "2"])
    #expect(
      world.outcomes().map(\.errorType) == ["", WorkerErrorName.revoked, "", WorkerErrorName.expired])
  }

  @Test func newLimitsHoldForWhatIsLeft() {
    register()
    _ = apply(0..<3)
    var worker = world.worker()
    _ = step(&worker)
    #expect(worker.setRateLimit(RateLimit("1/s"), of: "work") == true)
    while step(&worker) > 0 {}
    #expect(journal.all == ["0", "1"] && worker.counters.heldBack == 1)
    world.wait(.seconds(1))
    while step(&worker) > 0 {}
    #expect(journal.all == ["0", "1", "2"])
  }

  /// All of them could begin at once.
  @Test func heldTasksWhoseLimitIsTakenAwayEndTheirStepsToo() {
    register()
    var worker = workerThatHolds(3)
    #expect(worker.setRateLimit(nil, of: "work") == true)
    for number in 2...4 {
      #expect(step(&worker) == 1)
      #expect(journal.all.count == number && world.outcomes().count == 1)
    }
  }

  @Test func heldTasksDoNotBeginOnceAllAreToStop() {
    register()
    var worker = workerThatHolds(3)
    worker.runner.environment.stopWord.stopAll()
    #expect(worker.setRateLimit(nil, of: "work") == true)
    #expect(step(&worker) == 0 && journal.all == ["0"])
  }

  /// One has begun, the others wait for their limit.
  private func workerThatHolds(_ count: UInt8) -> TaskWorld.Worker {
    _ = apply(0..<count + 1)
    var worker = world.worker()
    _ = worker.setRateLimit(RateLimit("1/h"), of: "work")
    while step(&worker) > 0 {}
    #expect(journal.all == ["0"] && worker.reserved.count == Int(count) && world.outcomes().count == 1)
    return worker
  }

  @Test(arguments: [LaneStop.warm, .cold(killingAt: 0)])
  func whatIsLeftGoesBackInOrderWhenItsWorkerEnds(stop: LaneStop) {
    register()
    _ = apply(0..<4)
    var worker = world.worker()
    _ = step(&worker)
    worker.stop(stop)
    #expect(step(&worker) == 0 && worker.isDrained == true && worker.reserved.isEmpty == true)
    #expect(worker.endpoint.unacknowledgedCount == 0 && journal.all == ["0"])
    #expect(world.broker.tasks("tasks").map(\.arguments.bytes) == [[1], [2], [3]])
  }

  @Test func anObserverHearsOfAllThatCameAndSeesWhatHasNotHadItsTurn() throws {
    let listener = TaskListener()
    let (clock, running) = (world.clock, try #require(listener.running))
    let seen = journal
    world.registry.register("work") { invocation, _ in
      seen.note("\(running.waiting.count) behind \(running.sight == nil ? "nothing" : "one")")
      clock.advance(to: clock.now() + 20_000_000)
    }
    let tasks = apply(0..<3)
    var worker = world.worker()
    worker.observe(listener)
    _ = step(&worker)
    #expect(listener.heard == ["received", "received", "received", "started", "success"])
    #expect(running.waiting.map(\.identifier) == Array(tasks.dropFirst()))
    while step(&worker) > 0 {}
    #expect(seen.all == ["2 behind one", "1 behind one", "0 behind one"])
    // One that comes alone, and the batch before it.
    _ = apply(0..<1)
    _ = step(&worker)
    #expect(seen.all.last == "0 behind one" && running.waiting.isEmpty)
  }

  // MARK: Batches

  private func registerBatch() {
    let (clock, journal) = (world.clock, journal)
    world.registry.registerBatch("work", limit: 2) { batch in
      journal.note(batch.items.map { "\($0.arguments.bytes[0])" }.joined(separator: " "))
      clock.advance(to: clock.now() + 20_000_000)
    }
  }

  @Test func theOutcomesOfALongBatchAreOutBeforeTheNextBegins() {
    registerBatch()
    _ = apply(0..<5)
    var worker = world.worker()
    for count in [2, 2, 1] {
      #expect(step(&worker) > 0)
      #expect(world.outcomes().count == count)
    }
    #expect(step(&worker) == 0 && journal.all == ["0 1", "2 3", "4"] && worker.isDrained == true)
  }

  @Test func oneThatIsCalledOffOrExpiresBehindALongBatchNeverRuns() {
    registerBatch()
    let tasks = apply(0..<3)
    world.apply("work", [3]) { $0.expires = .milliseconds(10) }
    _ = apply(4..<6)
    var worker = world.worker()
    _ = step(&worker)
    worker.revoke(tasks[2], now: world.now)
    while step(&worker) > 0 {}
    #expect(journal.all == ["0 1", "4 5"])
    #expect(worker.counters.revoked == 1 && worker.counters.expired == 1)
    #expect(worker.isDrained == true && worker.endpoint.unacknowledgedCount == 0)
    #expect(world.outcomes().count == 6)
  }

  @Test func batchesThatAreLeftGoBackWhenTheirWorkerEnds() {
    registerBatch()
    _ = apply(0..<5)
    var worker = world.worker()
    _ = step(&worker)
    worker.stop(.warm)
    while step(&worker) > 0 {}
    #expect(worker.isDrained == true && worker.endpoint.unacknowledgedCount == 0)
    #expect(world.broker.count("tasks") == 3 && journal.all == ["0 1"])
  }
}
