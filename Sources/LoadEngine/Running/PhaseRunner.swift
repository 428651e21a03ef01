import Platform
import ResultModel
import WorkloadLoops

/// Runs one phase on one thread per worker: common start, sampling, end, drain.
///
/// The engine's thread sleeps between samples, and looks every millisecond while it drains, when nothing is sent any more.
struct PhaseRunner {
  /// How a phase ended, beside what the meters say.
  struct Ending {
    /// When the phase began, on the run's time source.
    var startNanoseconds: Int64
    /// When the last worker had ended.
    var endNanoseconds: Int64
    /// By stream: messages that the subject had accepted before the phase.
    var acceptedBefore: [UInt64]
    /// Messages that the subject accepted in the phase, once per queue that they lead to: what had to arrive.
    var acceptedCount: Int
    /// Messages that were accepted and had not arrived when the drain was given up.
    var outstandingCount: Int
    /// Whether messages were still arriving when the drain's time was over.
    var drainTimedOut: Bool
    /// Whether the phase ended early because the user asked.
    var wasInterrupted: Bool
    /// Why the trial cannot go on; what the phase measured then says nothing.
    var failure: String?
    /// When held consumers were let go, on the run's time source; nil when none were held.
    var releaseNanoseconds: Int64?
    /// Messages accepted by then, once per queue that they lead to.
    var backlogCount = 0
    /// Where messages may be lost by rule: what became of them.
    var balance: QueueAccounts.Balance?
    /// Page faults of the process during the phase.
    var minorFaultCount: Int64
    /// The phase's time series.
    var rows: [IntervalSampler.Row]
  }

  /// Time for all threads to be up before the common start.
  private static let leadNanoseconds: Int64 = 5_000_000
  /// How long all consumers must have found nothing before what is missing counts as lost.
  private static let silenceNanoseconds: Int64 = 500_000_000

  let workerSet: WorkerSet
  let time: CycleCounter
  let intervalNanoseconds: Int64
  let drainNanoseconds: Int64
  let answersAtProducers: Bool
  let workload: WorkloadPlan
  let driver: any Driver
  let stop: StopFlag
  let progress: (IntervalSampler.Row, Int64) -> Void

  /// Runs the phase.
  /// - Throws: `PinnedThread.StartError` when the system refuses a thread.
  func run(_ plan: PhasePlan) throws -> Ending {
    let accounts = QueueAccounts(workload, workerSet, driver)
    for worker in workerSet.workers { worker.meters.beginPhase() }
    let acceptedBefore = workerSet.acceptedCount
    let board = workerSet.board
    let acceptedByStream = board.names.indices.map { board.acceptedCount(ofStream: $0) }
    let faultsBefore = ResourceUsage.process().minorFaultCount
    let start = time.now() + Self.leadNanoseconds
    let control = PhaseControl(plan: plan, startNanoseconds: start)
    let producers = try self.start(.producer, control)
    let consumers: [RunningWorker]
    do {
      consumers = try self.start(.consumer, control)
    } catch {
      control.stopSending()
      control.stopReceiving()
      producers.forEach { $0.join() }
      throw error
    }
    var sampler = IntervalSampler(
      totals: totals, series: plan.isOpenLoop ? \.latency : \.serviceTime, answersAtProducers: answersAtProducers,
      phase: plan, start: start, interval: intervalNanoseconds)
    let watch = self.watch(producers, control, &sampler)
    let released = plan.holdsReceivers ? release(control, acceptedBefore: acceptedBefore, watch) : nil
    var drain = Drain()
    if !answersAtProducers, !watch.gaveUp {
      drain = self.drain(acceptedBefore: acceptedBefore, accounts, &sampler)
    }
    control.stopReceiving()
    finish(producers + consumers, &sampler)
    let end = time.now()
    sampler.sample(at: end)
    let balance = accounts?.balance()
    let acceptedCount =
      answersAtProducers ? totals.sum(.accepted, role: .producer) : workerSet.acceptedCount - acceptedBefore
    if watch.gaveUp {
      let role: WorkerRole = answersAtProducers ? .producer : .consumer
      let arrived = totals.sum(.unique, role: role) + totals.sum(.dropped, role: role)
      let settled = arrived + totals.sum(.timedOut) - totals.sum(.undecided) + totals.sum(.damaged)
      drain.outstandingCount = balance?.missingCount ?? max(0, acceptedCount - settled)
      drain.timedOut = drain.outstandingCount > 0 && !watch.wasSilent
    }
    return Ending(
      startNanoseconds: start, endNanoseconds: end, acceptedBefore: acceptedByStream, acceptedCount: acceptedCount,
      outstandingCount: drain.outstandingCount, drainTimedOut: drain.timedOut, wasInterrupted: watch.wasInterrupted,
      failure: workerSet.failure, releaseNanoseconds: released?.nanoseconds, backlogCount: released?.count ?? 0,
      balance: balance, minorFaultCount: ResourceUsage.process().minorFaultCount - faultsBefore, rows: sampler.rows)
  }

  private var totals: WorkerTotals { WorkerTotals(workerSet.workers) }

  private func start(_ role: WorkerRole, _ control: PhaseControl) throws -> [RunningWorker] {
    var running: [RunningWorker] = []
    for (index, worker) in workerSet.workers.enumerated() where worker.role == role {
      do {
        running.append(try RunningWorker(worker.withThread, core: CPUTopology.core(forThread: index), control: control))
      } catch {
        control.stopSending()
        control.stopReceiving()
        running.forEach { $0.join() }
        throw error
      }
    }
    return running
  }

  private struct Watch {
    /// Whether the user asked to stop.
    var wasInterrupted = false
    /// Whether producers were held up for good.
    var gaveUp = false
    /// Whether that was because nothing moved any more on either side: what is missing then is lost.
    var wasSilent = false
    /// Set when consumers were let go before everything was sent, with all that was accepted until then.
    var release: Release?
  }

  /// Samples until all producers are done; passes an interruption on; ends a phase that the subject holds up for good.
  private func watch(
    _ producers: [RunningWorker], _ control: PhaseControl, _ sampler: inout IntervalSampler
  ) -> Watch {
    var watch = Watch()
    var deadline = PhaseDeadline(control, drainNanoseconds: drainNanoseconds)
    var standstill = Standstill(
      workers: workerSet.workers, areConsumersHeld: control.plan.holdsReceivers, now: time.now())
    // A host takes a thread away for some tens of milliseconds; nobody should be given up for that.
    let standstillLimit = max(drainNanoseconds, 2 * Self.silenceNanoseconds)
    while !producers.allSatisfy(\.isDone) {
      let now = time.now()
      // A load that is a number of messages has no time to be over.
      let standsStill =
        control.plan.durationNanoseconds == nil && standstill.lasts(at: now) >= standstillLimit
      if control.plan.holdsReceivers, watch.release == nil, standsStill || stop.isRequested {
        // Nobody will make room for the rest unless the consumers do.
        watch.release = Release(nanoseconds: now, count: workerSet.acceptedCount)
        control.startReceiving()
        standstill = Standstill(workers: workerSet.workers, areConsumersHeld: false, now: now)
      } else if standsStill {
        watch.wasSilent = true
        control.stopSending()
        deadline.bring(to: now)
      }
      if stop.isRequested, !watch.wasInterrupted {
        watch.wasInterrupted = true
        control.stopSending()
        // A producer that is held up does not look whether it should stop.
        deadline.bring(to: now + drainNanoseconds)
      }
      if workerSet.failure != nil {
        control.stopSending()
        deadline.bring(to: now - 1)
      }
      if now > deadline.stopSending { control.stopSending() }
      if now > deadline.end {
        watch.gaveUp = true
        control.stopReceiving()
      }
      sampleIfDue(&sampler, at: now)
      // Between building and draining a backlog nothing happens: not for long.
      let longest: Int64 = control.plan.holdsReceivers ? 500_000 : 10_000_000
      PrecisionSleep.sleep(nanoseconds: max(500_000, min(sampler.remaining(at: now), longest)))
    }
    return watch
  }

  /// When held consumers were let go, and what had piled up by then.
  private struct Release {
    var nanoseconds: Int64
    var count: Int
  }

  /// Lets held consumers go, unless the watch had to do so already.
  private func release(_ control: PhaseControl, acceptedBefore: Int, _ watch: Watch) -> Release {
    if let release = watch.release {
      return Release(nanoseconds: release.nanoseconds, count: release.count - acceptedBefore)
    }
    let release = Release(nanoseconds: time.now(), count: workerSet.acceptedCount - acceptedBefore)
    control.startReceiving()
    return release
  }

  /// Waits for all workers; those that still handle what they took go on with the time series.
  private func finish(_ running: [RunningWorker], _ sampler: inout IntervalSampler) {
    while !running.allSatisfy(\.isDone) {
      sampleIfDue(&sampler, at: time.now())
      PrecisionSleep.sleep(nanoseconds: 100_000)
    }
    running.forEach { $0.join() }
  }

  private func sampleIfDue(_ sampler: inout IntervalSampler, at now: Int64) {
    guard let row = sampler.sampleIfDue(at: now) else { return }
    progress(row, row.sample.startNanoseconds + row.sample.lengthNanoseconds)
  }

  private struct Drain {
    var outstandingCount = 0
    var timedOut = false
  }

  /// Waits until everything accepted has arrived, until nothing comes any more, or until the time is over.
  private func drain(
    acceptedBefore: Int, _ accounts: QueueAccounts?, _ sampler: inout IntervalSampler
  ) -> Drain {
    let consumers = WorkerTotals(workerSet.workers.filter { $0.role == .consumer })
    let accepted = workerSet.acceptedCount - acceptedBefore
    let deadline = time.now() + drainNanoseconds
    var silence = Silence(workers: workerSet.workers, now: time.now())
    while true {
      let balance = accounts?.balance()
      let outstanding = balance?.missingCount ?? accepted - consumers.sum(.unique) - consumers.sum(.dropped)
      let now = time.now()
      if outstanding <= 0 || workerSet.failure != nil { return Drain() }
      // What waits for its next attempt will come.
      if silence.lasts(at: now) >= Self.silenceNanoseconds, balance?.isEmpty ?? true {
        return Drain(outstandingCount: outstanding, timedOut: false)
      }
      if now >= deadline { return Drain(outstandingCount: outstanding, timedOut: true) }
      sampleIfDue(&sampler, at: now)
      PrecisionSleep.sleep(nanoseconds: 1_000_000)
    }
  }

  /// How long nothing has been sent while every consumer was looking and found nothing, or was held.
  private struct Standstill {
    private let workers: [any LoadWorker]
    private let areConsumersHeld: Bool
    private let since: Int64
    private var sentCount: Int
    private var silence: Silence

    init(workers: [any LoadWorker], areConsumersHeld: Bool, now: Int64) {
      self.workers = workers
      self.areConsumersHeld = areConsumersHeld
      since = now
      sentCount = WorkerTotals(workers).sum(.sent)
      silence = Silence(workers: workers, now: now)
    }

    mutating func lasts(at now: Int64) -> Int64 {
      let sentNow = WorkerTotals(workers).sum(.sent)
      if sentNow != sentCount {
        self = Standstill(workers: workers, areConsumersHeld: areConsumersHeld, now: now)
      }
      return areConsumersHeld ? now - since : silence.lasts(at: now)
    }
  }

  /// How long every consumer has been looking without finding anything.
  private struct Silence {
    private let consumers: [any LoadWorker]
    private var received: [Int]
    private var emptyPolls: [Int]
    private var since: Int64

    init(workers: [any LoadWorker], now: Int64) {
      consumers = workers.filter { $0.role == .consumer }
      received = consumers.map { $0.meters.value(of: .received) }
      emptyPolls = consumers.map { $0.meters.value(of: .emptyPolls) }
      since = now
    }

    /// A consumer that does not look (it handles a message, or is stopped by the host) is not silent: its message may come.
    mutating func lasts(at now: Int64) -> Int64 {
      let receivedNow = consumers.map { $0.meters.value(of: .received) }
      if receivedNow != received {
        received = receivedNow
        emptyPolls = consumers.map { $0.meters.value(of: .emptyPolls) }
        since = now
      }
      let allLooked = zip(consumers, emptyPolls).allSatisfy { $0.meters.value(of: .emptyPolls) > $1 + 1 }
      return allLooked ? now - since : 0
    }
  }
}
