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
}
