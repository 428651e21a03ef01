import DriverInterface
import Platform
import Serialization
import TaskWorkers
import Testing

/// What a full queue holds back in a worker's end point has not arrived, and does not count as sent.
@Suite struct HeldBackTests {
  private let world = TaskWorld()

  private func register(isLate: Bool) {
    world.registry.register("again", options: TaskOptions { $0.acksLate = isLate }) { task, _ in
      if task.envelope.retries == 0 { throw TaskRetry(countdown: .seconds(1)) }
    }
    world.registry.register("work", options: TaskOptions { $0.acksLate = isLate }) { _, _ in }
  }

  @Test func aRetryIsAcknowledgedOnlyWhenItsMessageHasArrived() {
    register(isLate: true)
    world.broker.blocked = ["tasks.eta"]
    world.apply("again")
    var worker = world.worker()
    for _ in 0..<3 { _ = worker.step(limit: 10, now: world.now) }
    #expect(worker.endpoint.unacknowledgedCount == 1 && worker.isDrained == false)
    #expect(worker.nextMoment != nil, "it has to look again")
    world.broker.blocked = []
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.endpoint.unacknowledgedCount == 0 && worker.isDrained == true)
    #expect(world.broker.count("tasks.eta") == 1)
  }

  @Test func aTaskWhoseRetryIsHeldBackComesAgainWhenItsWorkerDies() {
    register(isLate: true)
    world.broker.blocked = ["tasks.eta"]
    world.apply("again")
    do {
      var worker = world.worker()
      _ = worker.step(limit: 10, now: world.now)
    }
    #expect(world.broker.count("tasks") == 1 && world.broker.count("tasks.eta") == 0)
  }

  @Test func aResultIsAcknowledgedOnlyWhenItHasArrived() {
    register(isLate: true)
    world.broker.blocked = ["replies"]
    for _ in 0..<3 { world.apply("work") }
    var worker = world.worker()
    for _ in 0..<3 { _ = worker.step(limit: 10, now: world.now) }
    #expect(worker.endpoint.unacknowledgedCount == 3 && worker.isDrained == false)
    world.broker.blocked = []
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.endpoint.unacknowledgedCount == 0 && worker.isDrained == true)
    #expect(world.outcomes().count == 3)
  }

  @Test func aWorkerIsNotDrainedWhileOnlyItHasARetry() {
    register(isLate: false)
    world.broker.blocked = ["tasks.eta"]
    world.apply("again")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    worker.stop()
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.isDrained == false)
    world.broker.blocked = []
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.isDrained == true && world.broker.count("tasks.eta") == 1)
  }

  /// It would wait for room that only its own acknowledgement makes.
  @Test func aLateTasksNextAttemptGoesByWayOfTheKeeperWhenItsOwnQueueIsFull() {
    world.registry.register("at once", options: TaskOptions { $0.acksLate = true }) { task, _ in
      if task.envelope.retries == 0 { throw TaskRetry(countdown: .zero) }
    }
    world.apply("at once")
    world.broker.blocked = ["tasks"]
    var worker = world.worker(prefetch: 1)
    _ = worker.step(limit: 1, now: world.now)
    #expect(worker.endpoint.unacknowledgedCount == 0 && worker.isDrained == true)
    #expect(world.broker.count("tasks.eta") == 1)
    world.broker.blocked = []
    var keeper = world.keeper()
    _ = keeper.step(limit: 1, now: world.now) + keeper.step(limit: 1, now: world.now)
    _ = worker.step(limit: 1, now: world.now)
    #expect(world.outcomes().map(\.state) == [.success])
  }

  @Test func aLateTaskIsAcknowledgedOnlyWhenWhatFollowsItHasArrived() {
    register(isLate: true)
    var message = TaskMessage("work", identifier: TaskIdentifier(high: 1, low: 1), arguments: .raw())
    message.callbacks = [Signature("work", arguments: .raw())]
    world.send(message)
    world.broker.blocked = ["tasks", "tasks.eta"]
    var worker = world.worker()
    worker.observe(Follower())
    for _ in 0..<2 { _ = worker.step(limit: 1, now: world.now) }
    #expect(worker.endpoint.unacknowledgedCount == 1 && worker.isDrained == false)
    world.broker.blocked = ["tasks"]
    _ = worker.step(limit: 1, now: world.now)
    #expect(worker.endpoint.unacknowledgedCount == 0 && worker.isDrained == true)
    #expect(world.broker.count("tasks.eta") == 1)
  }

  @Test func aKeeperHasNotReturnedWhatIsHeldBack() {
    register(isLate: false)
    world.apply("work") { $0.countdown = .seconds(10) }
    var keeper = world.keeper()
    _ = keeper.step(limit: 10, now: world.now)
    world.broker.blocked = ["tasks"]
    #expect(keeper.returnAll(now: world.now) == 1)
    world.broker.blocked = []
    #expect(keeper.returnAll(now: world.now) == 0)
    #expect(world.broker.count("tasks") == 1)
  }

  /// It used to count as sent, and was lost with the end point.
  @Test func whatIsHeldBackStaysWithTheKeeperUntilItHasArrived() {
    register(isLate: false)
    for _ in 0..<3 { world.apply("work") { $0.countdown = .seconds(1) } }
    var keeper = world.keeper()
    _ = keeper.step(limit: 10, now: world.now)
    world.broker.blocked = ["tasks"]
    world.wait(.seconds(2))
    for _ in 0..<3 { _ = keeper.step(limit: 10, now: world.now) }
    #expect(keeper.count == 3 && keeper.publishedCount == 0)
    world.broker.blocked = []
    _ = keeper.step(limit: 10, now: world.now)
    #expect(keeper.count == 0 && keeper.publishedCount == 3 && world.broker.count("tasks") == 3)
  }

  /// Once, and each at its own time.
  @Test(arguments: [false, true]) func whatFindsNoRoomGoesFromOneKeeperToTheNext(isBlocked: Bool) {
    register(isLate: false)
    for delay in [30, 10, 20] { world.apply("work") { $0.countdown = .seconds(delay) } }
    do {
      var keeper = world.keeper()
      _ = keeper.step(limit: 10, now: world.now)
      if isBlocked { world.broker.blocked = ["tasks"] } else { world.broker.limits["tasks"] = 0 }
      #expect(keeper.returnAll(now: world.now) == 3)
      let remains = keeper.takeRemains(now: world.now)
      #expect(remains?.count == 3 && keeper.count == 0)
      guard let remains else { return }
      world.broker.blocked = []
      world.broker.limits["tasks"] = nil
      // Nothing of it is left in the end point.
      _ = keeper.step(limit: 10, now: world.now)
      #expect(world.broker.count("tasks") == 0)
      var next = world.keeper(countLimit: 2)
      next.adopt(remains)
      #expect(next.count == 2 && remains.count == 1, "as much as it has room for")
      var last = world.keeper()
      last.adopt(remains)
      #expect(last.count == 1 && remains.count == 0)
      for (seconds, expected) in [(11, 1), (10, 2), (10, 3)] {
        world.wait(.seconds(seconds))
        _ = next.step(limit: 10, now: world.now) + last.step(limit: 10, now: world.now)
        #expect(world.broker.count("tasks") == expected)
      }
      let nothing = next.takeRemains(now: world.now)
      #expect(nothing == nil)
    }
    #expect(Set(world.broker.tasks("tasks").map(\.identifier)).count == 3)
  }
}

/// Has every task followed by another one.
private final class Follower: WorkerObserver {
  func taskReceived(_ envelope: TaskEnvelope, now: Int64) {}
  func taskStarted(_ envelope: TaskEnvelope, now: Int64) {}
  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64) {}
  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64) {}

  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences {
    var consequences = TaskConsequences()
    consequences.messages = [
      TaskMessage("work", identifier: TaskIdentifier(high: 1, low: 2), arguments: .raw())
    ]
    return consequences
  }
}
