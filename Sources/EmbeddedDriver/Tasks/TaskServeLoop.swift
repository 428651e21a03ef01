import Distributions
import DriverInterface
import Platform
import TaskWorkers
import WorkloadLoops

/// One worker of tasks as the engine drives it: steps until the phase is over, says in its meters what the worker counted, and lets
/// happen to it what is to happen.
struct TaskServeLoop<Tasks: ServedTasks & ~Copyable>: ~Copyable {
  private var tasks: Tasks
  private let setting: TaskServeSetting
  private let batchCount: Int
  private var random: SplitMix64
  /// What was counted before the phase.
  private var before = WorkerCounters()
  private var damagedBefore = 0
  private var surplusBefore = 0

  /// The most tasks of a step.
  private static var longestBatch: Int { 64 }

  /// A loop for this worker.
  init(_ tasks: consuming Tasks, _ setting: TaskServeSetting) {
    self.tasks = tasks
    self.setting = setting
    batchCount = min(setting.batchCount, Self.longestBatch)
    random = SplitMix64(seed: setting.seed)
  }

  /// Runs one phase on the calling thread.
  mutating func run(_ phase: PhaseControl) {
    setting.faults?.begin(phase)
    before = tasks.counters
    damagedBefore = setting.tally.damagedCount
    surplusBefore = surplusCount
    let time = setting.time
    var idler = Idler(ChosenWait(setting.wait))
    while !phase.isReceivingOver {
      if let faults = setting.faults { suffer(faults) }
      let now = time.now()
      if tasks.step(limit: batchCount, now: now) > 0 {
        idler.found(on: &tasks)
        count()
      } else {
        setting.meters.add(1, to: .emptyPolls)
        if let failure = tasks.failure { setting.loss.note(failure) }
        idler.nothing(
          on: &tasks, timeoutNanoseconds: tasks.nextMoment.map { max(0, $0 &- now) } ?? .max)
      }
    }
    idler.found(on: &tasks)
    count()
    if setting.hasChildren { noteDamage() }
    if setting.countsAttempts { noteSurplus() }
    setting.faults?.end()
  }

  private mutating func suffer(_ faults: WorkerFaults) {
    guard faults.look() == .die, let hit = tasks.killProcess(random.next()) else { return }
    faults.died(hit)
  }

  private func count() {
    let counters = tasks.counters
    let meters = setting.meters
    meters.set(.received, to: UInt64(counters.received &- before.received))
    meters.set(.redelivered, to: UInt64(counters.redelivered &- before.redelivered))
    meters.set(.retried, to: UInt64(counters.retried &- before.retried))
    let damagedCount = setting.tally.damagedCount &- damagedBefore
    meters.set(.corrupted, to: UInt64(damagedCount &+ counters.malformed &- before.malformed))
    meters.add(1, to: .batches)
  }

  /// Attempts of which the worker knows nothing. It knows of each that it has begun, and of each that a lane has made again because a
  /// process had died; what ran when that happened may not have come as far as being counted.
  private var surplusCount: Int { max(0, setting.tally.begunCount &- tasks.attemptLimit) }

  /// What the children have found, in words.
  private func noteDamage() {
    let count = setting.tally.damagedCount &- damagedBefore
    guard count > 0 else { return }
    setting.meters.findings.note(.corrupted, nil, "\(count) tasks came to a child otherwise than they were sent")
  }

  private func noteSurplus() {
    let count = surplusCount &- surplusBefore
    guard count > 0 else { return }
    setting.meters.add(count, to: .duplicated)
    setting.meters.findings.note(.duplicated, nil, "\(count) attempts were made again, and no outcome says so")
  }
}
