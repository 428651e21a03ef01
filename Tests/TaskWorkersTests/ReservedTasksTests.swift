import DriverInterface
import Platform
import Serialization
import Synchronization
import Testing

@testable import TaskWorkers

/// Tasks that a worker has taken and not begun.
@Suite struct ReservedTasksTests {
  private typealias Worker = TaskWorld.Pooled<ScriptedLane>
  private let world = TaskWorld()
  private let script = LaneScript()

  private func pool() -> Worker {
    script.depth = 1
    return world.worker(script)
  }

  private func step(_ worker: inout Worker) { while worker.step(limit: 10, now: world.now) > 0 {} }

  @Test func oneThatIsCalledOffWhileItWaitsForALaneNeverRuns() {
    world.registry.register("work") { _, _ in }
    world.apply("work")
    let reserved = world.apply("work")
    var worker = pool()
    step(&worker)
    worker.revoke(reserved, now: world.now)
    script.succeed()
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.success, .revoked])
    #expect(script.records.isEmpty && worker.core.counters.revoked == 1)
    #expect(worker.core.endpoint.unacknowledgedCount == 0 && worker.core.reserved.isEmpty == true)
  }

  @Test func oneThatExpiresWhileItWaitsForALaneNeverRuns() {
    world.registry.register("work") { _, _ in }
    world.apply("work")
    world.apply("work") { $0.expires = .seconds(1) }
    world.apply("work")
    var worker = pool()
    step(&worker)
    world.wait(.seconds(2))
    for _ in 0..<2 {
      script.succeed()
      step(&worker)
    }
    #expect(world.outcomes().map(\.errorType) == ["", WorkerErrorName.expired, ""])
    #expect(script.records.isEmpty && worker.core.counters.expired == 1)
    #expect(worker.core.endpoint.unacknowledgedCount == 0)
  }

  /// As many asynchronous ones as may be under way at a time, and two more.
  @Test func anAsynchronousOneThatIsCalledOffOrExpiresWhileItWaitsNeverBegins() async {
    let door = Door()
    world.registry.registerAsync("wait") { _, _ in
      door.begunCount.wrappingAdd(1, ordering: .relaxed)
      while !door.isOpen.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(1)) }
      return []
    }
    for _ in 0..<TaskWorld.Worker.asynchronousLimit { world.apply("wait") }
    let revoked = world.apply("wait")
    world.apply("wait") { $0.expires = .seconds(1) }
    var worker = world.worker(prefetch: 2000)
    _ = worker.step(limit: 2000, now: world.now)
    #expect(worker.reserved.count == 2)
    worker.revoke(revoked, now: world.now)
    world.wait(.seconds(2))
    door.isOpen.store(true, ordering: .relaxed)
    var outcomes: [SeenOutcome] = []
    while outcomes.count < TaskWorld.Worker.asynchronousLimit + 2 {
      _ = worker.step(limit: 1, now: world.now)
      outcomes += world.outcomes()
      await Task.yield()
    }
    let unbegun = outcomes.filter { $0.state == .revoked }.map(\.errorType)
    #expect(Set(unbegun) == [WorkerErrorName.revoked, WorkerErrorName.expired])
    #expect(door.begunCount.load(ordering: .relaxed) == TaskWorld.Worker.asynchronousLimit)
    #expect(worker.isDrained == true && worker.endpoint.unacknowledgedCount == 0)
  }

  /// It would be acknowledged and begun, only to be asked to stop.
  @Test(arguments: [LaneStop.warm, .cold(killingAt: 0)])
  func oneThatWaitsForItsRateLimitDoesNotBeginWhenItsWorkerEnds(stop: LaneStop) {
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("1/s") }) { _, _ in }
    for _ in 0..<2 { world.apply("limited") }
    do {
      var worker = world.worker()
      _ = worker.step(limit: 10, now: world.now)
      worker.stop(stop)
      world.wait(.seconds(2))
      _ = worker.step(limit: 10, now: world.now)
      #expect(worker.counters.succeeded == 1 && worker.isDrained == true && worker.nextMoment == nil)
    }
    #expect(world.outcomes().map(\.state) == [.success])
    #expect(world.broker.count("tasks") == 1)
  }

  /// What a warm stop has not done when its time is up.
  @Test func aColdStopAfterAWarmOneGivesBackWhatWaitsAndWhatALaneHasNotBegun() {
    world.registry.register("work") { _, _ in }
    for _ in 0..<3 { world.apply("work") }
    var worker = pool()
    script.depth = 2
    step(&worker)
    worker.stop(.warm)
    step(&worker)
    worker.stop(.cold(killingAt: world.now))
    #expect(script.stop == .cold(killingAt: world.now))
    script.complete(.workerLost)
    script.complete(.notBegun)
    step(&worker)
    #expect(world.outcomes().map(\.errorType) == [WorkerErrorName.workerLost])
    #expect(world.broker.count("tasks") == 2 && worker.isStopped == true)
  }
}

/// Where asynchronous tasks wait until the test lets them go on.
private final class Door: Sendable {
  let begunCount = Atomic<Int>(0)
  let isOpen = Atomic<Bool>(false)
}
