public import DriverInterface
public import Platform

/// The seat of a worker whose tasks run in child processes.
public final class PooledSeat<
  Endpoint: ReplyingReceiver & AdjustableReceiver & RoutingSender & BelledEndpoint & SendableMetatype & ~Copyable,
  Time: TimeSource
>: TaskSeat {
  private var worker: PooledWorkerCore<Endpoint, Time, ChildLane>
  private let children: ChildMaker
  private var stop: LaneStop?

  /// What all its children have in common.
  private struct ChildMaker {
    let program: TaskChildProgram
    let lanes: LaneOptions
    let bell: LaneBell
    let calibration: UInt64?

    func makeLane(now: Int64) throws(SystemError) -> ChildLane {
      try ChildLane(program, lanes, bell: bell, now: now, calibration: calibration)
    }
  }

  /// A seat for a worker with children.
  /// - Throws: `SystemError` when the system refuses memory or a process.
  public init(
    endpoint: consuming Endpoint, registry: TaskRegistry, options: WorkerOptions, time: Time,
    children: ChildPoolOptions, calibration: UInt64?
  ) throws(SystemError) {
    let bell = try LaneBell()
    worker = PooledWorkerCore(
      endpoint: endpoint, registry: registry, options: options, time: time, canKill: true,
      laneLimit: 2 * children.limit, bell: bell)
    self.children = ChildMaker(
      program: children.program, lanes: Self.lanes(children), bell: bell, calibration: calibration)
    for _ in 0..<children.count { worker.pool.grow(by: try self.children.makeLane(now: time.now())) }
  }

  /// What a child has is begun: acknowledged, if early, and no longer called off. So it has little.
  static func lanes(_ children: ChildPoolOptions) -> LaneOptions {
    var lanes = LaneOptions()
    lanes.depth = 1 + max(0, children.tasksAhead)
    lanes.recordLimitPerChild = children.maxTasksPerChild
    lanes.waiting = .parked
    // The largest message and the largest outcome: a record may have half of its ring, less its frame.
    lanes.requestByteCapacity = 4 * TaskEnvelope.byteCountLimit
    lanes.completionByteCapacity = 4 * TaskEnvelope.byteCountLimit
    return lanes
  }

  public func step(limit: Int, now: Int64) -> Int { worker.step(limit: limit, now: now) }
  public var nextMoment: Int64? { worker.nextMoment }
  public var counters: WorkerCounters { worker.core.counters }
  public var scheduled: [TaskSummary] { [] }
  public var failure: String? { worker.failure }

  public var reserved: [TaskSummary] {
    worker.core.held.map { TaskSummary(id: $0.identifier, name: $0.task, retries: $0.retries) }
  }

  public func resize(to count: Int, prefetch: Int, now: Int64) throws(DriverError) {
    let children = children
    try worker.resize(to: count) { () throws(DriverError) in
      do { return try children.makeLane(now: now) } catch {
        throw DriverError(.unavailable, "a child cannot be started: \(error)")
      }
    }
    worker.core.endpoint.setPrefetch(prefetch)
  }

  public func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) {
    worker.prepareToWait()
    guard isIdle() else { return worker.cancelWait() }
    worker.wait(timeoutNanoseconds: timeoutNanoseconds)
  }

  public func drain(_ stop: LaneStop, now: Int64) -> Bool {
    if self.stop != stop {
      self.stop = stop
      worker.stop(stop)
    }
    _ = worker.step(limit: 1, now: now)
    return worker.isStopped
  }

  public var bell: WorkerBell { worker.core.bell }
  public var environment: TaskEnvironment? { nil }
  public func observe(_ observer: any WorkerObserver) { worker.core.observe(observer) }
  public func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64) {
    worker.revoke(task, terminate: terminate, now: now)
  }
  public func noticeRateLimit(of task: String) { _ = worker.core.noticeRateLimit(of: task) }
  public func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String) {
    _ = worker.core.setTimeLimits(softNanoseconds: softNanoseconds, hardNanoseconds: hardNanoseconds, of: task)
  }
}
