import DriverInterface
import Platform
import Serialization
import Synchronization

/// Workers of an application in this process, with a pool of threads or of child processes.
///
/// Each thread is a consumer of one queue; with children there is one, which hands tasks over. One more thread answers commands and says
/// that the node is there. Dropping the node without `shutdown` is the same as a warm shutdown: keep it for as long as it is to work.
public final class WorkerNode: Sendable {
  /// What its lock guards.
  struct State {
    var desk: ControlDesk
    var members: [(thread: SeatThread, observer: SeatObserver?)] = []
    /// Threads that end.
    var leaving: [SeatThread] = []
    var startedCount = 0
    /// The time limits that commands have changed, by task, for threads that start later.
    var timeLimits: [String: SeatThread.Request] = [:]
    /// What commands have called off, likewise.
    var revocations = RevocationList()
    var nextHeartbeat: Int64 = .min
    /// What threads had done that have ended.
    var retired: [TaskState: Int] = [:]
  }

  /// How it was set up.
  public let options: WorkerNodeOptions
  let application: TaskApplication
  /// When it began.
  let start: Int64
  let state: Guarded<State>
  /// What the jitter of its threads begins with: another one in each node, or all would try again together.
  let seed: UInt64
  /// What its threads keep together, and what commands have changed of it.
  let rateLimits = SharedRateLimits()
  /// Whether it publishes events.
  let events: EventSwitch
  private let isEnding = Atomic<Bool>(false)
  let unanswered = Atomic<Int>(0)
  private let control: Guarded<LoopThread?>

  /// The longest sleep of the thread for commands, in nanoseconds.
  private static let controlPeriod: Int64 = 20_000_000

  init(_ application: TaskApplication, _ options: WorkerNodeOptions) throws {
    if let problem = options.problem { throw DriverError(.refused, "worker '\(options.name)': \(problem)") }
    var options = options
    if options.queues.isEmpty { options.queues = [application.settings.defaultQueue] }
    self.options = options
    self.application = application
    start = application.time.now()
    seed = Self.seed(application.settings.seed ?? UInt64.random(in: .min ... .max), options.name)
    events = application.events.makeSwitch()
    state = Guarded(State(desk: Self.desk(application, options)))
    control = Guarded(nil)
    for queue in options.queues { try addQueue(queue) }
    let inbox = try application.transport.openInbox([InboxBinding(exchange: ControlRequest.exchange)])
    let pump = CommandPump(inbox)
    let thread = try LoopThread(name: options.name) { [weak self] in
      pump.run(period: Self.controlPeriod, now: application.time.now()) { self?.answer($0) }
      self?.attend()
    }
    control.withLock { $0 = thread }
    publish(.workerOnline)
  }

  deinit { shutdown() }

  /// A seed of a node's own (the hash is FNV-1a, Glenn Fowler, Landon Curt Noll, Kiem-Phong Vo, public domain).
  private static func seed(_ seed: UInt64, _ name: String) -> UInt64 {
    name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private static func desk(_ application: TaskApplication, _ options: WorkerNodeOptions) -> ControlDesk {
    ControlDesk(
      name: options.name, registered: application.registry.entries.map(\.name), queues: options.queues,
      concurrency: options.concurrency,
      concurrencyLimit: max(
        options.concurrency, min(options.concurrencyLimit, WorkerNodeOptions.largestConcurrencyLimit)),
      sendsEvents: application.settings.sendsEvents, canTerminate: options.poolName == "processes",
      configuration: [
        "pool": options.poolName, "concurrency": "\(options.concurrency)",
        "prefetch_multiplier": "\(options.prefetchMultiplier)", "default_queue": application.settings.defaultQueue,
        "heartbeat": "\(options.heartbeat)",
        "accept_content": (options.acceptContent ?? application.settings.acceptContent).contentTypes,
      ])
  }

  /// What its threads have done, each until it last had nothing to do: busy ones say nothing in between.
  public var statistics: WorkerStatistics { facts().statistics }

  /// Why processes that were to execute tasks cannot, in a sentence; nil as long as all can. A worker whose last process cannot be
  /// started has put everything back into its queue, and begins again when its pool is told to grow or shrink (`pool_grow`).
  public var failure: String? {
    state.withLock { $0.members.map(\.thread) }.lazy.compactMap(\.report.failure).first
  }

  /// Commands whose answers could not be sent: what was to go out before them found no room for a second.
  public var unansweredCount: Int { unanswered.load(ordering: .relaxed) }

  /// Whether it still takes tasks.
  public var isRunning: Bool { !isEnding.load(ordering: .relaxed) }

  /// Ends the node: its threads take nothing new, what they took and did not begin goes back to its queue, and so do tasks whose time has
  /// not come. Returns when all have ended. What becomes of what they execute depends on `how`; a cold shutdown may be asked for while
  /// a warm one waits, from another thread. What then finds no room in its queue has 30 s; a task whose time has not come stays with the
  /// application, for the next node that keeps such tasks of its queue: `TaskApplication.stayingEtaCount`.
  public func shutdown(_ how: WorkerShutdown = .warm) {
    let isFirst = !isEnding.exchange(true, ordering: .relaxed)
    let (members, leaving) = state.withLock { state in
      defer { state.members = [] }
      let leaving = state.leaving
      state.leaving += state.members.map(\.thread)
      return (state.members, leaving)
    }
    if case .cold(let grace) = how {
      let moment = application.time.now().advanced(upTo: grace.wholeNanoseconds)
      for thread in members.map(\.thread) + leaving { thread.end(killingAt: moment) }
    }
    guard isFirst else { return }
    // Keepers first: the workers make room for what they give back.
    end(members.filter { $0.observer == nil }.map(\.thread))
    end(members.map(\.thread) + leaving)
    state.withLock { $0.leaving = [] }
    publish(.workerOffline)
    application.events.retire(events)
    let loop = control.withLock { thread in
      defer { thread = nil }
      return thread
    }
    // The thread for commands may be the one that was told to shut down.
    loop?.requestStop()
  }
}
