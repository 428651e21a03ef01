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
    let course = simulate(workers, control, accounts, &sampler)
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
      outstandingCount: course.timedOut ? max(0, outstanding) : 0, drainTimedOut: course.timedOut && outstanding > 0,
      wasInterrupted: course.wasInterrupted, balance: balance, minorFaultCount: 0, rows: sampler.rows)
  }

  /// How a phase went.
  private struct Course {
    /// Whether the user asked to stop.
    var wasInterrupted = false
    /// Whether there was still something to do when the time was over.
    var timedOut = false
  }

  /// Moves from event to event until everything sent is handled, nothing can happen any more, or the time is over.
  private func simulate(
    _ workers: [any SimulatedWorker], _ control: PhaseControl, _ accounts: QueueAccounts?,
    _ sampler: inout IntervalSampler
  ) -> Course {
    var hasFinished = [Bool](repeating: false, count: workers.count)
    var course = Course()
    var deadline = PhaseDeadline(control, drainNanoseconds: drainNanoseconds)
    var lastEvent = clock.now()
    while true {
      if stop.isRequested, !course.wasInterrupted {
        course.wasInterrupted = true
        control.stopSending()
        deadline.bring(to: clock.now() + drainNanoseconds)
      }
      let moment = settle(workers, control, &hasFinished)
      let now = clock.now()
      if moment.hasWorked { lastEvent = now }
      if let row = sampler.sampleIfDue(at: now) {
        progress(row, row.sample.startNanoseconds + row.sample.lengthNanoseconds)
      }
      let isSent = zip(workers, hasFinished).allSatisfy { $0.role == .consumer || $1 }
      // The subject may still have something to do: a message expires, or is due for another attempt.
      let event = [moment.next, isSent && isSettled(accounts) ? nil : driver.nextEvent].compactMap(\.self).min()
      // Clients that have finished wait for nothing any more.
      if isSent, event == nil || answersAtProducers { break }
      if isSent { deadline.sendingEnded(at: now) }
      if now >= deadline.stopSending { control.stopSending() }
      course.timedOut = now >= deadline.end
      var next = max(event ?? now + Self.idleStepNanoseconds, now + 1)
      if course.timedOut || (moment.next == nil && next - lastEvent > drainNanoseconds) { break }
      // The rows of the time series end on time, and so does the phase.
      next = min(next, now + max(1, sampler.remaining(at: now)), deadline.next(after: now))
      clock.advance(to: next)
      driver.advance(to: next)
    }
    control.stopReceiving()
    finish(workers, control, hasFinished)
    return course
  }

  /// Whether nothing that was sent is on its way any more.
  private func isSettled(_ accounts: QueueAccounts?) -> Bool { accounts.map { $0.balance().missingCount == 0 } ?? true }

  /// Ends what has not ended by itself: the senders first, so that what they still hand over is taken away, too.
  private func finish(_ workers: [any SimulatedWorker], _ control: PhaseControl, _ hasFinished: [Bool]) {
    for (worker, hasFinished) in zip(workers, hasFinished) where worker.role == .producer && !hasFinished {
      control.stopSending()
      while worker.step(control) == .worked {}
      worker.finish()
    }
    for worker in workers where worker.role == .consumer { worker.finish() }
  }

  /// Lets everybody do what can be done without time going on; who has sent everything ends.
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
        case .finished:
          hasFinished[index] = true
          worker.finish()
        }
      }
      guard worksNow else { return (hasWorked, next) }
      hasWorked = true
    }
  }
}
