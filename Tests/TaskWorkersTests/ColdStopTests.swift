import DriverInterface
import Platform
import Serialization
import Synchronization
import TaskWorkers
import Testing

/// A cold stop: nothing that was accepted is lost.
@Suite struct ColdStopTests {
  private let world = TaskWorld()

  /// A task that never ends by itself, which its handler notices if it looks.
  private func registerEndless(isLate: Bool, looks: Bool) {
    world.registry.registerAsync("endless", options: TaskOptions { $0.acksLate = isLate }) { context, _ in
      while true {
        if looks { try context.checkStop() }
        try await Task.sleep(for: .milliseconds(1))
      }
    }
  }

  /// Late ones go back, flagged; the waiters of others hear that they are lost. Whether or not the handlers look.
  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func asynchronousTasksGoBackOrAreLost(isLate: Bool, looks: Bool) async throws {
    registerEndless(isLate: isLate, looks: looks)
    let identifier = world.apply("endless")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    worker.stop(.cold(killingAt: looks ? .max : world.now + 1000))
    _ = worker.step(limit: 10, now: world.now)
    world.clock.advance(to: world.now + 1000)
    while worker.isDrained == false {
      _ = worker.step(limit: 10, now: world.now)
      await Task.yield()
    }
    let outcomes = world.outcomes()
    #expect(worker.endpoint.unacknowledgedCount == 0)
    if isLate {
      #expect(outcomes.isEmpty)
      #expect(world.broker.tasks("tasks").map(\.identifier) == [identifier])
      #expect(world.broker.queues["tasks"]?.first?.returnCount == 1)
    } else {
      #expect(outcomes.map(\.state) == [.failure] && outcomes.first?.errorType == WorkerErrorName.workerLost)
      #expect(world.broker.count("tasks") == 0)
    }
  }

  /// It used to go back into its queue, for a worker that does not know of the revocation.
  @Test(arguments: [false, true]) func aTaskThatWasCalledOffBeforeStaysCalledOff(isLate: Bool) async {
    registerEndless(isLate: isLate, looks: true)
    let identifier = world.apply("endless")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    worker.revoke(identifier, now: world.now)
    worker.stop(.cold(killingAt: .max))
    while worker.isDrained == false {
      _ = worker.step(limit: 10, now: world.now)
      await Task.yield()
    }
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.revoked] && outcomes.first?.identifier == identifier)
    #expect(world.broker.count("tasks") == 0 && worker.endpoint.unacknowledgedCount == 0)
  }
}
