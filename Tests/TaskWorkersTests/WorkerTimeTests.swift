import DriverInterface
import Platform
import Serialization
import TaskWorkers
import Testing

/// Retries, ETA and countdown, expiry, rate limits, revocation: with a clock that the test moves.
@Suite struct WorkerTimeTests {
  private let world = TaskWorld()
  private let journal = Journal()

  /// Registers a task that fails `count` times, then returns.
  private func registerFlaky(_ count: UInt32, _ change: @escaping (inout TaskOptions) -> Void) {
    let journal = journal
    world.registry.register("flaky", options: TaskOptions(change)) { task, result in
      journal.note("attempt \(task.envelope.retries)")
      guard task.envelope.retries >= count else { throw TestFailure() }
      result.append(9)
    }
  }

  /// Lets worker and keeper work until nothing moves; returns when that is, at most `limit` later.
  private func run(_ worker: inout TaskWorld.Worker, _ keeper: inout EtaKeeper<MemoryEndpoint>, for limit: Duration) {
    let end = world.now + Int64(limit.components.seconds) * 1_000_000_000
    while true {
      while worker.step(limit: 10, now: world.now) + keeper.step(limit: 10, now: world.now) > 0 {}
      let next = [keeper.nextMoment, worker.nextMoment].compactMap { $0 }.min() ?? .max
      guard next <= end else { break }
      world.clock.advance(to: max(world.now + 1, next))
    }
    world.clock.advance(to: end)
  }

  /// It used to carry the moment of its failure as its ETA: a worker whose present was a little behind sent it to the keeper of ETAs,
  /// where there may be none.
  @Test func aRetryWithoutAWaitHasNoTimeToWaitFor() {
    registerFlaky(1) {
      $0.autoretryFor = [TestFailure.self]
      $0.defaultRetryDelay = .zero
    }
    world.apply("flaky")
    let before = world.now
    world.wait(.seconds(1))
    var worker = world.worker()
    _ = worker.step(limit: 1, now: world.now)
    #expect(world.broker.tasks("tasks").map(\.eta) == [0])
    var other = world.worker()
    _ = other.step(limit: 1, now: before)
    #expect(journal.all == ["attempt 0", "attempt 1"])
    #expect(world.broker.count("tasks.eta") == 0)
  }

  @Test func autoretryForTriesAgainAfterTheDefaultDelayUpToMaxRetries() {
    registerFlaky(.max) {
      $0.autoretryFor = [TestFailure.self]
      $0.maxRetries = 2
    }
    world.apply("flaky")
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(179))
    #expect(journal.all == ["attempt 0"])
    run(&worker, &keeper, for: .seconds(2))
    #expect(journal.all == ["attempt 0", "attempt 1"])
    run(&worker, &keeper, for: .seconds(1000))
    #expect(journal.all == ["attempt 0", "attempt 1", "attempt 2"])
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.failure])
    #expect(outcomes.first?.errorType == "TestFailure")
    #expect(outcomes.first?.retries == 2)
    #expect(outcomes.first?.correlation == 1)
    #expect(worker.counters.retried == 2)
    #expect(worker.counters.exhausted == 1)
  }

  @Test func otherErrorsAreNotTriedAgain() {
    registerFlaky(.max) { $0.autoretryFor = [OtherFailure.self] }
    world.apply("flaky")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.state) == [.failure])
  }

  @Test func aTaskThatIsTriedAgainEndsWithOneResultForItsFirstWaiter() {
    for isLate in [false, true] {
      registerFlaky(3) {
        $0.autoretryFor = [TestFailure.self]
        $0.retryBackoff = .seconds(1)
        $0.acksLate = isLate
      }
      let identifier = world.apply("flaky")
      var worker = world.worker()
      var keeper = world.keeper()
      run(&worker, &keeper, for: .seconds(60))
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.state) == [.success])
      #expect(outcomes.map(\.identifier) == [identifier])
      #expect(outcomes.map(\.retries) == [3])
      #expect(world.broker.count("tasks") + world.broker.count("tasks.eta") == 0)
      #expect(worker.endpoint.unacknowledgedCount == 0)
    }
  }

  @Test func trackStartedTellsTheWaiterOfEachRETRY() {
    registerFlaky(1) {
      $0.autoretryFor = [TestFailure.self]
      $0.trackStarted = true
    }
    world.apply("flaky")
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(1000))
    #expect(world.outcomes().map(\.state) == [.started, .retry, .started, .success])
  }

  @Test func retryWithACountdownGoesBeforeTheOptions() {
    let clock = world.clock
    let journal = journal
    world.registry.register("again") { task, _ in
      journal.note("\(clock.now() / 1_000_000_000)")
      if task.envelope.retries == 0 { throw task.context.retry(countdown: .seconds(7)) }
    }
    world.apply("again")
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(100))
    #expect(journal.all == ["1", "8"])
    #expect(world.outcomes().map(\.state) == [.success])
  }

  @Test func aRetryWithoutACauseFailsAsMaxRetriesExceeded() {
    world.registry.register("again", options: TaskOptions { $0.maxRetries = 0 }) { task, _ in throw task.context.retry()
    }
    world.registry.register("caused", options: TaskOptions { $0.maxRetries = 0 }) { task, _ in
      throw task.context.retry(cause: TestFailure())
    }
    world.apply("again")
    world.apply("caused")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.errorType) == ["MaxRetriesExceeded", "TestFailure"])
  }

  @Test func countdownHoldsATaskOutsideOfTheWorkers() {
    world.registry.register("noop") { _, _ in }
    world.apply("noop") { $0.countdown = .seconds(10) }
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(9))
    #expect(keeper.count == 1)
    #expect(worker.counters.received == 0)
    run(&worker, &keeper, for: .seconds(2))
    #expect(world.outcomes().map(\.state) == [.success])
    #expect(keeper.publishedCount == 1)
  }

  @Test func aWorkerSendsATaskToTheKeeperWhoseTimeHasNotCome() {
    world.registry.register("noop") { _, _ in }
    var message = TaskMessage("noop", identifier: .none, arguments: .raw())
    message.eta = world.now + 5_000_000_000
    world.publish((try? message.encoded()) ?? [], to: "tasks", correlation: 42)
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(4))
    #expect(worker.counters.forwarded == 1)
    #expect(world.outcomes().isEmpty)
    run(&worker, &keeper, for: .seconds(2))
    #expect(world.outcomes().map(\.correlation) == [42])
  }

  @Test func aTaskThatHasExpiredIsREVOKEDAndNotRun() {
    registerFlaky(0) { _ in }
    world.apply("flaky") { $0.expires = .seconds(5) }
    world.apply("flaky") { $0.expires = .seconds(6) }
    world.wait(.seconds(5))
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.revoked, .success])
    #expect(outcomes.first?.errorType == "TaskExpired")
    #expect(worker.counters.expired == 1)
    #expect(world.broker.deadLetters.isEmpty)
    #expect(journal.all.count == 1)
  }

  @Test func aTaskCanExpireBehindAnotherOneOfItsBatch() {
    let clock = world.clock
    world.registry.register("long") { _, _ in clock.advance(to: clock.now() + 10_000_000_000) }
    world.apply("long")
    world.apply("long") { $0.expires = .seconds(5) }
    var worker = world.worker()
    while worker.step(limit: 10, now: world.now) > 0 {}
    #expect(world.outcomes().map(\.state) == [.success, .revoked])
  }

  @Test func aRevokedTaskIsREVOKEDWhenItComes() {
    registerFlaky(0) { _ in }
    let first = world.apply("flaky")
    world.apply("flaky")
    var worker = world.worker()
    worker.revoke(first, now: world.now)
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.state) == [.revoked, .success])
    #expect(worker.counters.revoked == 1)
    #expect(journal.all.count == 1)
  }

  @Test func aRevocationIsForgottenAfterThreeHours() {
    registerFlaky(0) { _ in }
    let first = world.apply("flaky")
    var worker = world.worker()
    worker.revoke(first, now: world.now)
    world.wait(.seconds(10_800))
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.state) == [.success])
  }

  @Test func aRateLimitLetsTasksBeginOneByOneAndBlocksNobodyElse() {
    let journal = journal
    let clock = world.clock
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("2/s") }) { _, _ in
      journal.note("\((clock.now() - 1_000_000_000) / 1_000_000)")
    }
    world.registry.register("free") { _, _ in journal.note("free") }
    for _ in 0..<4 { world.apply("limited") }
    world.apply("free")
    var worker = world.worker()
    var keeper = world.keeper()
    run(&worker, &keeper, for: .seconds(10))
    #expect(journal.all == ["0", "free", "500", "1000", "1500"])
    #expect(worker.counters.heldBack == 3)
    #expect(world.outcomes().count == 5)
  }

  /// What does not fit the line goes to the keeper and comes back in its turn: the prefetch window stays free.
  @Test func tasksBeyondTheLineOfARateLimitWaitOutsideOfTheWorker() {
    world.options.heldLimit = 2
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("1/s") }) { _, _ in }
    world.registry.register("free") { _, _ in }
    for _ in 0..<10 { world.apply("limited") }
    world.apply("free")
    var worker = world.worker(prefetch: 4)
    var keeper = world.keeper()
    while worker.step(limit: 10, now: world.now) > 0 {}
    #expect(worker.endpoint.unacknowledgedCount == 2)
    #expect(worker.counters.succeeded == 2)
    #expect(worker.counters.forwarded == 7)
    let start = world.now
    run(&worker, &keeper, for: .seconds(30))
    #expect(worker.counters.succeeded == 11)
    #expect(world.outcomes().count == 11)
    #expect(world.now - start == 30_000_000_000)
  }

  @Test func aRateLimitCanBeChangedWhileTasksWait() {
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("1/h") }) { _, _ in }
    for _ in 0..<4 { world.apply("limited") }
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.counters.succeeded == 1)
    let known = [worker.setRateLimit(RateLimit("1000/s"), of: "limited"), worker.setRateLimit(nil, of: "unknown")]
    #expect(known == [true, false])
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.counters.succeeded == 2)
    _ = worker.setRateLimit(nil, of: "limited")
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.counters.succeeded == 4)
  }

  @Test func aSoftTimeLimitCanBeChangedWhileAWorkerWorks() {
    let clock = world.clock
    world.registry.register("slow") { task, _ in
      clock.advance(to: clock.now() + 2_000_000_000)
      try task.checkStop()
    }
    var worker = world.worker()
    let steps: [(limit: Int64?, state: TaskState)] = [
      (nil, .success), (1_000_000_000, .failure), (3_000_000_000, .success), (nil, .success),
    ]
    for (limit, state) in steps {
      let known = worker.setTimeLimits(softNanoseconds: limit, hardNanoseconds: nil, of: "slow")
      #expect(known)
      world.apply("slow")
      _ = worker.step(limit: 10, now: world.now)
      #expect(world.outcomes().map(\.state) == [state], "\(limit ?? 0)")
    }
    let refused = [
      worker.setTimeLimits(softNanoseconds: 1, hardNanoseconds: nil, of: "unknown"),
      worker.setTimeLimits(softNanoseconds: nil, hardNanoseconds: 1, of: "slow"),
    ]
    #expect(refused == [false, false], "nobody can kill what runs on the worker's own thread")
  }

  @Test func aRetryWaitsForRoomInAFullQueueAndIsNotLost() {
    for isLate in [false, true] {
      registerFlaky(1) {
        $0.autoretryFor = [TestFailure.self]
        $0.acksLate = isLate
      }
      world.apply("flaky")
      world.broker.limits["tasks.eta"] = 0
      var worker = world.worker()
      var keeper = world.keeper()
      _ = worker.step(limit: 10, now: world.now)
      #expect(worker.endpoint.unacknowledgedCount == (isLate ? 1 : 0))
      #expect(worker.nextMoment != nil)
      world.broker.limits["tasks.eta"] = nil
      run(&worker, &keeper, for: .seconds(1000))
      #expect(world.outcomes().map(\.state) == [.success])
      #expect(worker.endpoint.unacknowledgedCount == 0)
    }
  }
}
