import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// What an observer hears, and what a worker shows of the task that it runs.
@Suite struct WatchedWorkerTests {
  private let world = TaskWorld()

  @Test func whoWantsToHearNothingIsToldNothingUntilItDoes() {
    world.registry.register("work") { _, _ in }
    let listener = TaskListener(hearsTasks: false)
    var worker = world.worker()
    worker.observe(listener)
    world.apply("work")
    _ = worker.step(limit: 10, now: world.now)
    #expect(listener.heard.isEmpty)
    listener.hearsTasks = true
    world.apply("work")
    _ = worker.step(limit: 10, now: world.now)
    #expect(listener.heard == ["received", "started", "success"])
    #expect(world.outcomes().map(\.state) == [.success, .success])
  }

  @Test func consequencesAreAskedForWhetherOrNotTheObserverListens() {
    world.registry.register("work") { _, _ in }
    let listener = TaskListener(hearsTasks: false)
    var worker = world.worker()
    worker.observe(listener)
    world.apply("work") { $0.link = [Signature("next", arguments: SerializedBytes([], serializer: .raw))] }
    _ = worker.step(limit: 10, now: world.now)
    #expect(listener.heard == ["asked"])
  }

  @Test func theTaskThatRunsIsShownWhileItRuns() {
    let listener = TaskListener(hearsTasks: false)
    let running = listener.running
    let seen = Journal()
    world.registry.register("other") { _, _ in }
    world.registry.register("work") { _, _ in
      seen.note(running?.sight.map { "\($0.identifier) \($0.index) \($0.retries) \($0.since)" } ?? "nothing")
    }
    var worker = world.worker()
    worker.observe(listener)
    world.wait(.seconds(5))
    let identifier = world.apply("work")
    _ = worker.step(limit: 10, now: world.now)
    #expect(seen.all == ["\(identifier) 1 0 \(world.now)"])
    #expect(running?.sight == nil)
  }
}
