import DriverInterface
import Platform
import TaskWorkers

/// A worker whose tasks run in lanes: it sleeps at its queue and at the lanes' bell at once.
struct PooledTasks<Lane: TaskLane & ~Copyable>: ~Copyable {
  var worker: PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane>
  private let kill: (inout LanePool<Lane>, UInt64) -> String?

  /// A worker that sleeps at its lanes' bell; `kill` ends a process of the pool, if it has any.
  init(
    _ worker: consuming PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane>,
    kill: @escaping (inout LanePool<Lane>, UInt64) -> String? = { _, _ in nil }
  ) {
    self.worker = worker
    self.kill = kill
  }
}

extension PooledTasks: ServedTasks where Lane: ~Copyable {
  mutating func step(limit: Int, now: Int64) -> Int { worker.step(limit: limit, now: now) }
  var nextMoment: Int64? { worker.nextMoment }
  var counters: WorkerCounters { worker.core.counters }
  var attemptLimit: Int { worker.attemptLimit }
  var failure: String? { worker.failure }
  mutating func killProcess(_ number: UInt64) -> String? { kill(&worker.pool, number) }

  mutating func prepareToWait() { worker.prepareToWait() }
  mutating func cancelWait() { worker.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) { worker.wait(timeoutNanoseconds: timeoutNanoseconds) }
}
