import DriverInterface
import Platform
import TaskWorkers
import WorkloadLoops

/// One worker of tasks as the engine drives it: steps until the phase is over, and says in its meters what the worker counted.
struct TaskServeLoop<Endpoint: ReplyingReceiver & RoutingSender & ~Copyable, Wait: WaitStrategy>:
  ~Copyable
{
  private var core: WorkerCore<Endpoint, CycleCounter>
  private let wait: Wait
  private let time: CycleCounter
  private let meters: WorkerMeters
  private let bodies: [TaskBody]
  private let batchCount: Int
  /// What was counted before the phase.
  private var before = WorkerCounters()
  private var damagedBefore = 0

  /// The most tasks of a step.
  static var longestBatch: Int { 64 }

  /// A worker that runs these bodies.
  init(
    _ core: consuming WorkerCore<Endpoint, CycleCounter>, bodies: [TaskBody], batchCount: Int,
    wait: Wait,
    time: CycleCounter, meters: WorkerMeters
  ) {
    self.core = core
    self.wait = wait
    self.time = time
    self.meters = meters
    self.bodies = bodies
    self.batchCount = min(batchCount, Self.longestBatch)
  }

  /// Runs one phase on the calling thread.
  mutating func run(_ phase: PhaseControl) {
    before = core.counters
    damagedBefore = damagedCount
    var idler = Idler(wait)
    while !phase.isReceivingOver {
      let now = time.now()
      if core.step(limit: batchCount, now: now) > 0 {
        idler.found(on: &core.endpoint)
        count()
      } else {
        meters.add(1, to: .emptyPolls)
        idler.nothing(
          on: &core.endpoint, timeoutNanoseconds: core.nextMoment.map { max(0, $0 &- now) } ?? .max)
      }
    }
    idler.found(on: &core.endpoint)
    count()
  }

  private var damagedCount: Int { bodies.reduce(0) { $0 + $1.damagedCount } }

  private func count() {
    let counters = core.counters
    meters.set(.received, to: UInt64(counters.received &- before.received))
    meters.set(.redelivered, to: UInt64(counters.redelivered &- before.redelivered))
    meters.set(.retried, to: UInt64(counters.retried &- before.retried))
    meters.set(
      .corrupted,
      to: UInt64(damagedCount &- damagedBefore &+ counters.malformed &- before.malformed))
    meters.add(1, to: .batches)
  }
}
