import DriverInterface
import Platform
import TaskWorkers

/// A worker whose tasks run in lanes: it sleeps at its queue and at the lanes' bell at once.
struct PooledTasks<Lane: TaskLane & ~Copyable>: ~Copyable {
  var worker: PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane>
  private let bell: LaneBell
  private let kill: (inout LanePool<Lane>, UInt64) -> String?
  private var ticket: Doorbell.Ticket?

  /// A worker whose lanes ring at `bell`; `kill` ends a process of the pool, if it has any.
  init(
    _ worker: consuming PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane>, bell: LaneBell,
    kill: @escaping (inout LanePool<Lane>, UInt64) -> String? = { _, _ in nil }
  ) {
    self.worker = worker
    self.bell = bell
    self.kill = kill
  }
}

extension PooledTasks: ServedTasks where Lane: ~Copyable {
  mutating func step(limit: Int, now: Int64) -> Int { worker.step(limit: limit, now: now) }
  var nextMoment: Int64? { worker.nextMoment }
  var counters: WorkerCounters { worker.core.counters }
  var failure: String? { worker.failure }
  mutating func killProcess(_ number: UInt64) -> String? { kill(&worker.pool, number) }

  mutating func prepareToWait() {
    ticket = bell.doorbell.prepareToWait()
    worker.core.endpoint.prepareToWait()
  }

  mutating func cancelWait() {
    guard ticket != nil else { return }
    ticket = nil
    bell.doorbell.cancelWait()
    worker.core.endpoint.cancelWait()
  }

  mutating func wait(timeoutNanoseconds: Int64) {
    guard let ticket else { preconditionFailure("a wait that was not prepared") }
    self.ticket = nil
    worker.core.endpoint.wait(or: bell.doorbell, ticket, timeoutNanoseconds: timeoutNanoseconds)
  }
}
