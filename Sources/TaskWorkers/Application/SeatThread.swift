import Platform
import Synchronization

/// A thread that drives one seat: steps, sleeps when there is nothing to do, and does what a node asks of it in between.
final class SeatThread: Sendable {
  /// What a node asks.
  enum Request: Sendable {
    case revoke([TaskIdentifier], terminate: Bool)
    case noticeRateLimit(task: String)
    case setTimeLimits(task: String, softNanoseconds: Int64?, hardNanoseconds: Int64?)
    case resize(to: Int, prefetch: Int, SeatWish)
    /// Say which tasks wait for their time.
    case listScheduled(number: Int)
  }

  /// What the thread last said of its seat.
  struct Report: Sendable {
    var reserved: [TaskSummary] = []
    var counters = WorkerCounters()
    var failure: String?
  }

  /// What its lock guards.
  struct Shared {
    var requests: [Request] = []
    var report = Report()
    var listing: (number: Int, tasks: [TaskSummary]) = (0, [])
    var listingCount = 0
    var remains: EtaRemains?
  }

  /// The queue that the seat consumes.
  let queue: String
  let shared = Guarded(Shared())
  let hasRequests = Atomic<Bool>(false)
  let isEnding = Atomic<Bool>(false)
  /// When what runs is given up, once the thread is ending.
  let killingAt = Atomic<Int64>(.max)
  let hasEnded = Atomic<Bool>(false)
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

  /// What the seat still held when the thread ended; nil when there was nothing, and the second time.
  func takeRemains() -> EtaRemains? {
    shared.withLock { shared in
      defer { shared.remains = nil }
      return shared.remains
    }
  }

  /// Waits until the thread has ended.
  func join() {
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
  }
}
