import DriverInterface
import Platform
import Synchronization

/// What the thread itself does.
extension SeatThread {
  /// How old what was last said of a seat may be, in nanoseconds, while its thread does not make a single long task.
  private static let reportPeriod: Int64 = 10_000_000

  /// Drives the seat until the thread is asked to end and has nothing left in hand, or for as long as a drain may take.
  func drive(_ seat: any TaskSeat, limit: Int, time: any TimeSource) {
    work(seat, limit: limit, time: time)
    var drain = SeatDrain(now: time.now())
    while let stop = drain.next(stop, now: time.now()), !seat.drain(stop, now: time.now()) {
      PrecisionSleep.sleep(nanoseconds: 1_000_000)
    }
    tell(seat)
    let remains = seat.takeRemains(now: time.now())
    shared.withLock { $0.remains = remains }
    // Pairs with `isOver`.
    hasEnded.store(true, ordering: .releasing)
  }

  private func work(_ seat: any TaskSeat, limit: Int, time: any TimeSource) {
    var nextReport = Int64.min
    // Whether there is something to say that was not said.
    var isOld = true
    var hasFailed = false
    while !isEnding.load(ordering: .acquiring) {
      serve(seat, time)
      let now = time.now()
      if isOld, now >= nextReport {
        tell(seat)
        isOld = false
        nextReport = now.advanced(upTo: Self.reportPeriod)
      }
      if seat.step(limit: limit, now: now) > 0 {
        isOld = true
        continue
      }
      // What cannot go on may have done nothing else.
      if (seat.failure != nil) != hasFailed {
        hasFailed.toggle()
        isOld = true
      }
      let next = min(seat.nextMoment ?? .max, isOld ? nextReport : .max)
      guard next > now else { continue }
      seat.sleep(timeoutNanoseconds: next &- max(now, 0)) {
        guard !isAsked else { return false }
        let done = seat.step(limit: limit, now: time.now())
        if done > 0 { isOld = true }
        // A step that did nothing may have found out that there is something to do sooner, or that the seat cannot go on.
        return done == 0 && seat.nextMoment ?? .max >= next && (seat.failure != nil) == hasFailed
      }
    }
  }

  /// How the thread ends.
  private var stop: LaneStop {
    let moment = killingAt.load(ordering: .relaxed)
    return moment == .max ? .warm : .cold(killingAt: moment)
  }

  /// Whether somebody wants something of the thread.
  private var isAsked: Bool { hasRequests.load(ordering: .acquiring) || isEnding.load(ordering: .acquiring) }

  private func serve(_ seat: any TaskSeat, _ time: any TimeSource) {
    guard hasRequests.load(ordering: .relaxed), hasRequests.exchange(false, ordering: .acquiring) else { return }
    let requests = shared.withLock { shared in
      defer { shared.requests = [] }
      return shared.requests
    }
    let now = time.now()
    for request in requests {
      switch request {
      case .revoke(let tasks, let terminate):
        for task in tasks { seat.revoke(task, terminate: terminate, now: now) }
      case .noticeRateLimit(let task): seat.noticeRateLimit(of: task)
      case .setTimeLimits(let task, let soft, let hard):
        seat.setTimeLimits(softNanoseconds: soft, hardNanoseconds: hard, of: task)
      case .resize(let count, let prefetch, let wish):
        wish.fulfil { () throws(DriverError) in try seat.resize(to: count, prefetch: prefetch, now: now) }
      case .listScheduled(let number):
        let tasks = seat.scheduled
        shared.withLock { $0.listing = (number, tasks) }
      }
    }
    tell(seat)
  }

  private func tell(_ seat: any TaskSeat) {
    let report = Report(reserved: seat.reserved, counters: seat.counters, failure: seat.failure)
    shared.withLock { $0.report = report }
  }
}
