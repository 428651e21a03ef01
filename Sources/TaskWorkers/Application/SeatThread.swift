import DriverInterface
import Platform
import Synchronization

/// A thread that drives one seat: steps, sleeps when there is nothing to do, and does what a node asks of it in between.
final class SeatThread: Sendable {
  /// What a node asks.
  enum Request: Sendable {
    case revoke([TaskIdentifier], terminate: Bool)
    case setRateLimit(task: String, RateLimit?)
    case setTimeLimits(task: String, softNanoseconds: Int64?, hardNanoseconds: Int64?)
    case resize(to: Int, prefetch: Int, SeatWish)
    /// Say which tasks wait for their time.
    case listScheduled(number: Int)
  }

  /// What the thread last said of its seat.
  struct Report: Sendable {
    var reserved: [TaskSummary] = []
    var revoked: [TaskIdentifier] = []
    var counters = WorkerCounters()
    var failure: String?
  }

  private struct Shared {
    var requests: [Request] = []
    var report = Report()
    var listing: (number: Int, tasks: [TaskSummary]) = (0, [])
    var listingCount = 0
  }

  /// How old what was last said of a seat may be, in nanoseconds, while its thread does not make a single long task.
  private static let reportPeriod: Int64 = 10_000_000

  /// The queue that the seat consumes.
  let queue: String
  private let shared = Guarded(Shared())
  private let hasRequests = Atomic<Bool>(false)
  private let isEnding = Atomic<Bool>(false)
  /// When what runs is given up, once the thread is ending.
  private let killingAt = Atomic<Int64>(.max)
  private let hasEnded = Atomic<Bool>(false)
  /// What reaches the thread while it sleeps, and while it runs a task.
  private let reach = Guarded<(bell: WorkerBell, environment: TaskEnvironment?)?>(nil)
  private let thread = Guarded<PinnedThread?>(nil)

  init(queue: String) { self.queue = queue }

  /// Starts the thread.
  /// - Parameters:
  ///   - seat: Made on the thread that starts it, used by the new one alone from then on.
  ///   - limit: How many messages a step takes.
  func start(name: String, seat: any TaskSeat, limit: Int, time: any TimeSource) throws(PinnedThread.StartError) {
    let owned = OwnedSeat(seat: seat)
    let ends = (bell: seat.bell, environment: seat.environment)
    reach.withLock { $0 = ends }
    let started = try PinnedThread(name: name, core: nil) { [self] in
      drive(owned.take(), limit: limit, time: time)
    }
    thread.withLock { $0 = started }
  }

  /// Asks the thread for something.
  func ask(_ request: Request) {
    shared.withLock { $0.requests.append(request) }
    // Release pairs with the acquire in `serve`: whoever sees the flag finds the request.
    hasRequests.store(true, ordering: .releasing)
    wake()
  }

  /// What the thread last said: no longer ago than 10 ms and the task that it runs.
  var report: Report { shared.withLock { $0.report } }

  /// The tasks that wait for their time in the seat's hands, asked for now; none when the thread does not answer for half a second.
  func scheduled() -> [TaskSummary] {
    let number = shared.withLock { shared in
      shared.listingCount += 1
      return shared.listingCount
    }
    ask(.listScheduled(number: number))
    let end = MonotonicClock.now() + 500_000_000
    while MonotonicClock.now() < end {
      let listing = shared.withLock { $0.listing }
      if listing.number >= number { return listing.tasks }
      PrecisionSleep.sleep(nanoseconds: 200_000)
    }
    return []
  }

  /// Has the seat execute so many tasks at a time; returns when it does. The thread, which executes none itself, answers soon.
  /// - Throws: what `TaskSeat.resize` throws, or when the thread ends before or does not answer for half a minute.
  func resize(to count: Int, prefetch: Int) throws(DriverError) {
    let wish = SeatWish()
    ask(.resize(to: count, prefetch: prefetch, wish))
    let end = MonotonicClock.now() + 30_000_000_000
    while true {
      if let result = wish.result { return try result.get() }
      if isEnding.load(ordering: .relaxed) || MonotonicClock.now() >= end, wish.withdraw() {
        throw DriverError(.unavailable, "the worker of '\(queue)' does not answer, or is about to end")
      }
      PrecisionSleep.sleep(nanoseconds: 200_000)
    }
  }

  /// Asks the thread to end after what it has in hand.
  func end() {
    isEnding.store(true, ordering: .releasing)
    wake()
  }

  /// Asks the thread to end cold: see `WorkerCore.stop`.
  func end(killingAt moment: Int64) {
    // Before the flag, whose acquire in `drive` sees it.
    killingAt.store(moment, ordering: .relaxed)
    reach.withLock { $0?.environment }?.stopWord.stopAll()
    end()
  }

  /// The ringing finds a sleeper, or the sleeper's last look finds what was asked: both flags are stored before.
  private func wake() { reach.withLock { $0?.bell }?.ring() }

  /// Whether the thread has ended.
  var isOver: Bool { hasEnded.load(ordering: .acquiring) }

  /// Waits until the thread has ended.
  func join() {
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
  }

  private func drive(_ seat: any TaskSeat, limit: Int, time: any TimeSource) {
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
    var drain = SeatDrain(now: time.now())
    while let stop = drain.next(stop, now: time.now()), !seat.drain(stop, now: time.now()) {
      PrecisionSleep.sleep(nanoseconds: 1_000_000)
    }
    tell(seat)
    hasEnded.store(true, ordering: .releasing)
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
      case .setRateLimit(let task, let limit): seat.setRateLimit(limit, of: task)
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
    let report = Report(reserved: seat.reserved, revoked: seat.revoked, counters: seat.counters, failure: seat.failure)
    shared.withLock { $0.report = report }
  }
}

/// A seat on its way to its thread.
private final class OwnedSeat: @unchecked Sendable {
  // Unchecked, because: the maker gives it up, and only the new thread takes it.
  private var seat: (any TaskSeat)?

  init(seat: any TaskSeat) { self.seat = seat }

  func take() -> any TaskSeat {
    guard let seat else { preconditionFailure("a seat is taken once") }
    self.seat = nil
    return seat
  }
}
