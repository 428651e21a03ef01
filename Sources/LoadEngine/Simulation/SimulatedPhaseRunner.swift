import DriverInterface
import Platform
import ResultModel
import WorkloadLoops

/// Runs one phase in virtual time: one thread, no waiting, from event to event.
///
/// At each moment all workers that can do something do it, in the order of the plan, until none can; then time moves on to the
/// next moment that a worker waits for. Everything follows from the seed. Cost: one look at each worker per event.
struct SimulatedPhaseRunner {
  let workerSet: WorkerSet
  let clock: SimulatedClock
  let workload: WorkloadPlan
  let driver: any Driver
  let intervalNanoseconds: Int64
  let drainNanoseconds: Int64
  let answersAtProducers: Bool
  let stop: StopFlag
  let progress: (IntervalSampler.Row, Int64) -> Void

  /// How far time moves on when everybody waits for somebody else: requests may time out.
  private static let idleStepNanoseconds: Int64 = 1_000_000

  /// Runs the phase.
  func run(_ plan: PhasePlan) -> PhaseRunner.Ending {
    let workers = workerSet.workers.map { worker in
      guard let worker = worker as? any SimulatedWorker else { preconditionFailure("\(worker.name) needs a thread") }
      return worker
    }
    let accounts = QueueAccounts(workload, workerSet, driver)
    for worker in workers { worker.meters.beginPhase() }
    let acceptedBefore = workerSet.acceptedCount
    let board = workerSet.board
    let acceptedByStream = board.names.indices.map { board.acceptedCount(ofStream: $0) }
    let start = clock.now()
    let control = PhaseControl(plan: plan, startNanoseconds: start)
    var sampler = IntervalSampler(
      totals: WorkerTotals(workers), series: plan.isOpenLoop ? \.latency : \.serviceTime,
      answersAtProducers: answersAtProducers, phase: plan, start: start, interval: intervalNanoseconds)
    for worker in workers { worker.begin(control) }
    let wasInterrupted = simulate(workers, control, accounts, &sampler)
    control.stopReceiving()
    for worker in workers { worker.finish() }
    let end = clock.now()
    sampler.sample(at: end)
    let totals = WorkerTotals(workers)
    let role: WorkerRole = answersAtProducers ? .producer : .consumer
    let accepted =
      answersAtProducers ? totals.sum(.accepted, role: .producer) : workerSet.acceptedCount - acceptedBefore
    // What nobody has received when nobody can do anything any more is lost, unless the run was cut short.
    let timedOut = totals.sum(.timedOut) - totals.sum(.undecided)
    let balance = accounts?.balance()
    let outstanding =
      balance?.missingCount ?? accepted - totals.sum(.unique, role: role) - timedOut - totals.sum(.damaged)
    return PhaseRunner.Ending(
      startNanoseconds: start, endNanoseconds: end, acceptedBefore: acceptedByStream, acceptedCount: accepted,
      outstandingCount: wasInterrupted ? max(0, outstanding) : 0, drainTimedOut: wasInterrupted && outstanding > 0,
      wasInterrupted: wasInterrupted, balance: balance, minorFaultCount: 0, rows: sampler.rows)
  }

  /// Moves from event to event until everything sent is handled, or nothing can happen any more; returns whether the user ended it.
  private func simulate(
    _ workers: [any SimulatedWorker], _ control: PhaseControl, _ accounts: QueueAccounts?,
    _ sampler: inout IntervalSampler
  ) -> Bool {
    var hasFinished = [Bool](repeating: false, count: workers.count)
    var lastEvent = clock.now()
    var wasInterrupted = false
    while true {
      if stop.isRequested, !wasInterrupted {
        wasInterrupted = true
        control.stopSending()
      }
      let moment = settle(workers, control, &hasFinished)
      if moment.hasWorked { lastEvent = clock.now() }
      if let row = sampler.sampleIfDue(at: clock.now()) {
        progress(row, row.sample.startNanoseconds + row.sample.lengthNanoseconds)
      }
      let isSent = zip(workers, hasFinished).allSatisfy { $0.role == .consumer || $1 }
      // The subject may still have something to do: a message expires, or is due for another attempt.
      let event = [moment.next, isSent && isSettled(accounts) ? nil : driver.nextEvent].compactMap(\.self).min()
      if isSent, event == nil { return wasInterrupted }
      var next = max(event ?? clock.now() + Self.idleStepNanoseconds, clock.now() + 1)
      if moment.next == nil, next - lastEvent > drainNanoseconds { return wasInterrupted }
      // The rows of the time series end on time.
      next = min(next, clock.now() + max(1, sampler.remaining(at: clock.now())))
      clock.advance(to: next)
      driver.advance(to: next)
    }
  }

  /// Whether nothing that was sent is on its way any more.
  private func isSettled(_ accounts: QueueAccounts?) -> Bool { accounts.map { $0.balance().missingCount == 0 } ?? true }

  /// Lets everybody do what can be done without time going on.
  private func settle(
    _ workers: [any SimulatedWorker], _ control: PhaseControl, _ hasFinished: inout [Bool]
  ) -> (hasWorked: Bool, next: Int64?) {
    var hasWorked = false
    while true {
      var worksNow = false
      var next: Int64?
      for (index, worker) in workers.enumerated() where !hasFinished[index] {
        switch worker.step(control) {
        case .worked: worksNow = true
        case .idle(let until): next = min(next ?? until, until)
        case .blocked: break
        case .finished: hasFinished[index] = true
        }
      }
      guard worksNow else { return (hasWorked, next) }
      hasWorked = true
    }
  }
}
