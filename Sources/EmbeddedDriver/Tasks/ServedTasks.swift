import DriverInterface
import Platform
import TaskWorkers

/// A worker of tasks as a loop drives it, whatever its tasks run on.
protocol ServedTasks: WaitingEndpoint, ~Copyable {
  /// Does what there is to do, up to `limit` messages; returns how much that was.
  mutating func step(limit: Int, now: Int64) -> Int
  /// When `step` has something to do without being woken; nil when nothing but that can be a reason.
  var nextMoment: Int64? { get }
  /// What it has done.
  var counters: WorkerCounters { get }
  /// How many attempts have been begun at most, as far as it knows: it must know of each.
  var attemptLimit: Int { get }
  /// Why it cannot go on, in a sentence.
  var failure: String? { get }
  /// Kills a process that runs tasks, one that has some; says what it hit, or nil when there was none.
  /// - Parameter number: Decides which, where there are several.
  mutating func killProcess(_ number: UInt64) -> String?
}

/// A worker whose tasks run on its own thread.
struct SoloTasks: ~Copyable {
  private var core: WorkerCore<BrokerEndpoint, CycleCounter>

  init(_ core: consuming WorkerCore<BrokerEndpoint, CycleCounter>) { self.core = core }
}

extension SoloTasks: ServedTasks {
  @inline(__always)
  mutating func step(limit: Int, now: Int64) -> Int { core.step(limit: limit, now: now) }
  var nextMoment: Int64? { core.nextMoment }
  var counters: WorkerCounters { core.counters }
  var attemptLimit: Int { core.attemptCount }
  var failure: String? { nil }
  mutating func killProcess(_ number: UInt64) -> String? { nil }
  mutating func prepareToWait() { core.endpoint.prepareToWait() }
  mutating func cancelWait() { core.endpoint.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) { core.endpoint.wait(timeoutNanoseconds: timeoutNanoseconds) }
}
