public import DriverInterface
public import Platform

/// One worker, or one keeper of ETAs, as the thread that drives it sees it.
///
/// A driver makes it for its own end's type (`WorkerSeat`, `KeeperSeat`). Owned by one thread at a time.
public protocol TaskSeat: AnyObject {
  /// Does what there is to do, up to `limit` messages; returns how much that was. Never waits.
  func step(limit: Int, now: Int64) -> Int
  /// When `step` has something to do without a message.
  var nextMoment: Int64? { get }
  /// Sleeps until there may be something to do, or for the given time; not at all if `isIdle` says no once sleepers are noticed.
  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool)
  /// Takes no more messages, and ends or gives back what only it knows; false when there is still something: to be called again. A
  /// cold stop may follow a warm one.
  func drain(_ stop: LaneStop, now: Int64) -> Bool
  /// Where other threads wake the one that sleeps here.
  var bell: WorkerBell { get }
  /// Where other threads ask the task to stop that runs on the seat's own thread, if any does.
  var environment: TaskEnvironment? { get }
  /// Who hears of what a worker does.
  func observe(_ observer: any WorkerObserver)
  /// Calls a task off, with `terminate` also when it runs, if the pool can do that: threads cannot.
  func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64)
  /// Looks at the rate limit of a task, which was set for all seats that share it: see `WorkerCore.noticeRateLimit`.
  func noticeRateLimit(of task: String)
  /// Sets the time limits of a task for the attempts that begin from now on, in nanoseconds; nil for none.
  func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String)
  /// Has so many children execute tasks, and takes so many messages ahead, from now on.
  /// - Throws: when there are no children, or they cannot be started; then nothing has changed.
  func resize(to count: Int, prefetch: Int, now: Int64) throws(DriverError)
  /// Tasks that wait for a place or for their rate limit. Those that have only come are shown by the observer's `running`.
  var reserved: [TaskSummary] { get }
  /// Tasks that wait for their time, about the next thousand. Takes time: asked for only when somebody wants to see them.
  var scheduled: [TaskSummary] { get }
  /// What was done so far.
  var counters: WorkerCounters { get }
  /// Why what runs its tasks cannot go on, in a sentence; nil as long as it can.
  var failure: String? { get }
  /// Holds tasks that another seat's keeper has left; those that find no place stay where they are.
  func adopt(_ remains: EtaRemains)
  /// What it still holds when it is not drained any longer: a keeper's tasks that found no room; nil when there is nothing.
  func takeRemains(now: Int64) -> EtaRemains?
}

extension TaskSeat {
  /// What runs on the seat's own thread goes on.
  public var failure: String? { nil }
  /// Keepers alone do.
  public func adopt(_ remains: EtaRemains) {}
  /// Keepers alone have any.
  public func takeRemains(now: Int64) -> EtaRemains? { nil }

  /// There is one thread, the seat's own.
  public func resize(to count: Int, prefetch: Int, now: Int64) throws(DriverError) {
    throw DriverError(.notSupported, "a worker that executes tasks on its own thread has one place for them")
  }
}

/// The seat of a worker.
public final class WorkerSeat<
  Endpoint: ReplyingReceiver & RoutingSender & BelledEndpoint & SendableMetatype & ~Copyable, Time: TimeSource
>: TaskSeat {
  private var core: WorkerCore<Endpoint, Time>

  /// A seat for `core`.
  public init(_ core: consuming WorkerCore<Endpoint, Time>) { self.core = core }

  public func step(limit: Int, now: Int64) -> Int { core.step(limit: limit, now: now) }
  public var nextMoment: Int64? { core.nextMoment }
  public var counters: WorkerCounters { core.counters }

  public var scheduled: [TaskSummary] { [] }

  public var reserved: [TaskSummary] {
    core.held.map { TaskSummary(id: $0.identifier, name: $0.task, retries: $0.retries) }
  }

  public func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) {
    core.prepareToWait()
    guard isIdle() else { return core.cancelWait() }
    core.wait(timeoutNanoseconds: timeoutNanoseconds)
  }

  public func drain(_ stop: LaneStop, now: Int64) -> Bool {
    core.stop(stop)
    _ = core.step(limit: 1, now: now)
    return core.isDrained
  }

  public var bell: WorkerBell { core.bell }
  public var environment: TaskEnvironment? { core.runner.environment }
  public func observe(_ observer: any WorkerObserver) { core.observe(observer) }
  public func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64) { core.revoke(task, now: now) }
  public func noticeRateLimit(of task: String) { _ = core.noticeRateLimit(of: task) }
  public func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String) {
    _ = core.setTimeLimits(softNanoseconds: softNanoseconds, hardNanoseconds: hardNanoseconds, of: task)
  }
}

/// The seat of a keeper of ETAs.
public final class KeeperSeat<
  Endpoint: MessageReceiver & RoutingSender & BelledEndpoint & SendableMetatype & ~Copyable
>: TaskSeat {
  private var keeper: EtaKeeper<Endpoint>
  private var nap = BelledNap()
  public let bell = WorkerBell()

  /// A seat for `keeper`.
  public init(_ keeper: consuming EtaKeeper<Endpoint>) { self.keeper = keeper }

  public func step(limit: Int, now: Int64) -> Int { keeper.step(limit: limit, now: now) }
  public var nextMoment: Int64? { keeper.nextMoment }
  public var counters: WorkerCounters { WorkerCounters() }
  public var reserved: [TaskSummary] { [] }
  public var scheduled: [TaskSummary] { keeper.scheduled(limit: 1000) }

  public func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) {
    nap.prepare(bell, &keeper.endpoint)
    guard isIdle() else { return nap.cancel(bell, &keeper.endpoint) }
    nap.take(bell, &keeper.endpoint, timeoutNanoseconds: timeoutNanoseconds)
  }

  /// Warm it waits for room; cold it does not: what finds none is left for the next keeper.
  public func drain(_ stop: LaneStop, now: Int64) -> Bool { keeper.returnAll(now: now) == 0 || stop != .warm }
  public func adopt(_ remains: EtaRemains) { keeper.adopt(remains) }
  public func takeRemains(now: Int64) -> EtaRemains? { keeper.takeRemains(now: now) }
  public var environment: TaskEnvironment? { nil }
  public func observe(_ observer: any WorkerObserver) {}
  public func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64) {}
  public func noticeRateLimit(of task: String) {}
  public func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String) {}
}
