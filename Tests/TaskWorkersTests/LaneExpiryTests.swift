import Platform
import Serialization
import Synchronization
import Testing

@testable import TaskWorkers

/// Tasks that expire when a lane has them and has not come to them.
@Suite(.timeLimit(.minutes(1))) struct LaneExpiryTests {
  private let world = TaskWorld()
  private let journal = Journal()

  /// Has a lane hold a task that runs until time has passed, and what `apply` sends behind it; returns the outcomes of the latter.
  private func runBehindALongTask(_ apply: () -> Int) throws -> (outcomes: [SeenOutcome], counters: WorkerCounters) {
    let isOpen = Flag()
    world.registry.register("block") { _, _ in
      while !isOpen.isSet.load(ordering: .acquiring) { spinHint() }
    }
    world.apply("block")
    let count = apply()
    var worker = try world.threadWorker()
    while worker.core.active.count <= count { _ = worker.step(limit: 100, now: world.now) }
    world.wait(.seconds(2))
    isOpen.isSet.store(true, ordering: .releasing)
    var outcomes: [SeenOutcome] = []
    while outcomes.count <= count {
      _ = worker.step(limit: 100, now: world.now)
      outcomes += world.outcomes()
    }
    return (Array(outcomes.dropFirst()), worker.core.counters)
  }

  @Test func oneThatExpiresBehindAnotherOfItsLaneNeverRuns() throws {
    let journal = journal
    world.registry.register("work") { _, _ in journal.note("ran") }
    let (outcomes, counters) = try runBehindALongTask {
      world.apply("work") { $0.expires = .seconds(1) }
      world.apply("work")
      return 2
    }
    #expect(outcomes.map(\.errorType) == [WorkerErrorName.expired, ""] && outcomes[0].state == .revoked)
    #expect(journal.all == ["ran"])
    #expect(counters.expired == 1 && counters.revoked == 0 && counters.succeeded == 2)
  }

  @Test func thoseOfABatchThatExpireBehindAnotherTaskAreLeftOutOfIt() throws {
    let journal = journal
    world.registry.registerBatch("work", limit: 3) { batch in
      journal.note(batch.items.map { "\($0.arguments.bytes[0])" }.joined(separator: " "))
      for (index, item) in batch.items.enumerated() { batch.succeed(index, with: item.arguments.bytes) }
    }
    let (outcomes, counters) = try runBehindALongTask {
      world.apply("work", [1])
      world.apply("work", [2]) { $0.expires = .seconds(1) }
      world.apply("work", [3])
      return 3
    }
    #expect(outcomes.map(\.value) == [[1], [], [3]] && outcomes[1].errorType == WorkerErrorName.expired)
    #expect(journal.all == ["1 3"])
    #expect(counters.expired == 1 && counters.succeeded == 3)
  }
}

private final class Flag: Sendable {
  let isSet = Atomic(false)
}
