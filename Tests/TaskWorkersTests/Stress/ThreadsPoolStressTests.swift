import DriverInterface
import Platform
import Serialization
import TaskWorkers
import Testing

/// A pool of real threads.
@Suite(.serialized) struct ThreadsPoolStressTests {
  private struct HostTime: TimeSource {
    func now() -> Int64 { MonotonicClock.now() }
  }

  @Test(arguments: [false, true])
  func everyTaskIsDoneOnceByOneOfTheThreads(isLate: Bool) throws {
    let world = TaskWorld()
    world.registry.register("echo", options: TaskOptions { $0.acksLate = isLate }) { task, result in
      unsafe result.append(BorrowedBytes(task.arguments.bytes))
    }
    let registry = world.registry
    var worker = PooledWorkerCore<MemoryEndpoint, HostTime, ThreadLane>(
      endpoint: MemoryEndpoint(world.broker, consuming: "tasks"), registry: registry, options: world.options,
      time: HostTime(), canKill: false, laneLimit: 2)
    let bell = try LaneBell()
    for number in 0..<2 {
      worker.pool.grow(
        by: try ThreadLane(LaneOptions(), name: "lane \(number)", bell: bell, time: HostTime()) {
          TaskLaneHandler(registry: registry, clock: HostTime())
        })
    }
    for number in 0..<3000 { world.apply("echo", [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]) }
    var found: [SeenOutcome] = []
    while found.count < 3000 {
      _ = worker.step(limit: 64, now: HostTime().now())
      found += world.outcomes()
    }
    #expect(Set(found.map(\.value)).count == 3000)
    #expect(found.allSatisfy { $0.state == .success })
    worker.stop(.warm)
    while !worker.isStopped { _ = worker.step(limit: 64, now: HostTime().now()) }
    #expect(worker.core.endpoint.unacknowledgedCount == 0)
  }
}
