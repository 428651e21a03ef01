import Platform

@testable import TaskWorkers

extension TaskWorld {
  typealias Pooled<Lane: TaskLane & ~Copyable> = PooledWorkerCore<MemoryEndpoint, SimulatedClock, Lane>

  /// A worker without lanes.
  func pooledWorker<Lane: TaskLane & ~Copyable>(canKill: Bool = true, laneLimit: Int = 1) -> Pooled<Lane> {
    Pooled(
      endpoint: MemoryEndpoint(broker, consuming: "tasks"), registry: registry, options: options, time: clock,
      canKill: canKill, laneLimit: laneLimit)
  }

  /// A worker with one lane, which is the test.
  func worker(_ script: LaneScript, canKill: Bool = true) -> Pooled<ScriptedLane> {
    var worker: Pooled<ScriptedLane> = pooledWorker(canKill: canKill)
    worker.pool.grow(by: ScriptedLane(script))
    return worker
  }

  /// A worker with one lane, which is a thread.
  func threadWorker(_ options: LaneOptions = LaneOptions()) throws -> Pooled<ThreadLane> {
    let (registry, clock) = (registry, clock)
    var worker: Pooled<ThreadLane> = pooledWorker(canKill: false)
    worker.pool.grow(
      by: try ThreadLane(options, name: "lane", bell: try LaneBell(), time: clock) {
        TaskLaneHandler(registry: registry, clock: clock)
      })
    return worker
  }
}
