import Platform
import Synchronization

/// A thread that drives one seat: steps, sleeps when there is nothing to do, and does what a node asks of it in between.
final class SeatThread: Sendable {
  /// What a node asks.
  enum Request: Sendable {
    case revoke([TaskIdentifier], terminate: Bool)
    case setRateLimit(task: String, RateLimit?)
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
  }

  /// The longest sleep, in nanoseconds: how late a request may be noticed by a thread that has nothing else to do.
  private static let sleepLimit: Int64 = 20_000_000

  /// How long an ending thread waits for room for what only it knows, in nanoseconds: 30 s.
  private static let drainLimit: Int64 = 30_000_000_000

  /// The queue that the seat consumes.
  let queue: String
  private let shared = Guarded(Shared())
  private let hasRequests = Atomic<Bool>(false)
  private let isEnding = Atomic<Bool>(false)
  private let hasEnded = Atomic<Bool>(false)
  private let thread = Guarded<PinnedThread?>(nil)

  init(queue: String) { self.queue = queue }

  /// Starts the thread.
  /// - Parameters:
  ///   - seat: Made on the thread that starts it, used by the new one alone from then on.
  ///   - limit: How many messages a step takes.
  func start(name: String, seat: any TaskSeat, limit: Int, time: any TimeSource) throws(PinnedThread.StartError) {
    let owned = OwnedSeat(seat: seat)
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
  }

  /// What the thread last said: when it last had nothing to do, or was asked for something.
  var report: Report { shared.withLock { $0.report } }

  /// Asks the thread to end after what it is doing.
  func end() { isEnding.store(true, ordering: .relaxed) }

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
    while !isEnding.load(ordering: .relaxed) {
      serve(seat, time)
      if seat.step(limit: limit, now: time.now()) > 0 { continue }
      tell(seat)
      let now = time.now()
      let left = min(Self.sleepLimit, max(0, (seat.nextMoment ?? .max) - now))
      if left > 0 {
        seat.sleep(timeoutNanoseconds: left) { seat.step(limit: limit, now: time.now()) == 0 }
      }
    }
    let end = MonotonicClock.now() + Self.drainLimit
    while !seat.drain(now: time.now()), MonotonicClock.now() < end { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    tell(seat)
    hasEnded.store(true, ordering: .releasing)
  }

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
