import DriverInterface
import Platform
import Serialization
import Synchronization

/// Workers of an application in this process, with a pool of threads or of child processes.
///
/// Each thread is a consumer of one queue; with children there is one, which hands tasks over. One more thread answers commands and says that the node is there. Dropping the node without
/// `shutdown` is the same as a warm shutdown.
public final class WorkerNode: Sendable {
  /// What its lock guards.
  struct State {
    var desk: ControlDesk
    var members: [(thread: SeatThread, observer: SeatObserver?)] = []
    /// Threads that end.
    var leaving: [SeatThread] = []
    var startedCount = 0
    /// What commands have changed, by task, for threads that start later.
    var changes: [String: (rate: SeatThread.Request?, time: SeatThread.Request?)] = [:]
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
  private let isEnding = Atomic<Bool>(false)
  private let control: Guarded<LoopThread?>

  /// The longest sleep of the thread for commands, in nanoseconds.
  private static let controlPeriod: Int64 = 20_000_000

  init(_ application: TaskApplication, _ options: WorkerNodeOptions) throws {
    var options = options
    if options.queues.isEmpty { options.queues = [application.settings.defaultQueue] }
    self.options = options
    self.application = application
    start = application.time.now()
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

  private static func desk(_ application: TaskApplication, _ options: WorkerNodeOptions) -> ControlDesk {
    ControlDesk(
      name: options.name, registered: application.registry.entries.map(\.name), queues: options.queues,
      concurrency: options.concurrency, concurrencyLimit: max(options.concurrency, options.concurrencyLimit),
      sendsEvents: application.events.isOn, canTerminate: options.poolName == "processes",
      configuration: [
        "pool": options.poolName, "concurrency": "\(options.concurrency)",
        "prefetch_multiplier": "\(options.prefetchMultiplier)", "default_queue": application.settings.defaultQueue,
        "heartbeat": "\(options.heartbeat)",
      ])
  }

  /// What its threads have done, each until it last had nothing to do: busy ones say nothing in between.
  public var statistics: WorkerStatistics { facts().statistics }

  /// Why processes that were to execute tasks cannot, in a sentence; nil as long as all can. A worker whose last process cannot be
  /// started has put everything back into its queue.
  public var failure: String? {
    state.withLock { $0.members.map(\.thread) }.lazy.compactMap(\.report.failure).first
  }

  /// Whether it still takes tasks.
  public var isRunning: Bool { !isEnding.load(ordering: .relaxed) }

  /// Ends the node: its threads take nothing new, what they took and did not begin goes back to its queue, and so do tasks whose time has
  /// not come. Returns when all have ended. What becomes of what they execute depends on `how`; a cold shutdown may be asked for while
  /// a warm one waits, from another thread. What then finds no room in its queue has 30 s.
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
    let loop = control.withLock { thread in
      defer { thread = nil }
      return thread
    }
    // The thread for commands may be the one that was told to shut down.
    loop?.requestStop()
  }

  private func end(_ threads: [SeatThread]) {
    for thread in threads { thread.end() }
    for thread in threads { thread.join() }
  }

  // MARK: Threads

  /// Starts what consumes one queue.
  func addQueue(_ queue: String) throws {
    let (count, limit) = state.withLock { ($0.desk.concurrency, $0.desk.concurrencyLimit) }
    switch options.pool {
    case .threads: try addThreads(queue, count: count)
    case .processes(let program):
      let children = ChildPoolOptions(
        program: program, count: count, limit: limit, maxTasksPerChild: options.maxTasksPerChild,
        tasksAhead: options.tasksAheadPerChild)
      try addThreads(queue, count: 1, prefetch: options.prefetchMultiplier * count, children)
    }
    let isKept = state.withLock { state in
      state.members.contains { $0.observer == nil && $0.thread.queue == queue }
    }
    if options.keepsEtas, !isKept { try addKeeper(queue) }
  }

  /// Starts threads, each a consumer of the queue.
  func addThreads(
    _ queue: String, count: Int, prefetch: Int? = nil, _ children: ChildPoolOptions? = nil
  ) throws {
    let prefetch = prefetch ?? options.prefetchMultiplier
    for _ in 0..<count {
      let observer = SeatObserver(application, hostname: options.name)
      let number = state.withLock { state in
        state.startedCount += 1
        return state.startedCount
      }
      var workerOptions = WorkerOptions(queue: queue)
      workerOptions.exchange = application.settings.exchange
      workerOptions.seed = UInt64(number)
      // A quarter of what it may hold: limited tasks must not keep the others away.
      workerOptions.heldLimit = max(1, prefetch / 4)
      let seat = try application.transport.openWorker(
        application.registry, workerOptions, prefetch: prefetch, children: children)
      seat.observe(observer)
      let thread = SeatThread(queue: queue)
      try thread.start(
        name: "task-worker-\(number)", seat: seat, limit: prefetch, time: application.time)
      // It knows what was revoked and changed before it came.
      let revoked = facts().revoked
      if !revoked.isEmpty { thread.ask(.revoke(revoked, terminate: false)) }
      let changes = state.withLock { $0.changes.values }
      for change in changes { for request in [change.rate, change.time] { request.map(thread.ask) } }
      guard keep(thread, observer) else { return }
    }
  }

  /// Makes a thread that was started one of the node's; one that comes too late ends at once.
  private func keep(_ thread: SeatThread, _ observer: SeatObserver?) -> Bool {
    // Within the lock: `shutdown` raises the flag before it takes the members.
    let isKept = state.withLock { state in
      guard isRunning else { return false }
      state.members.append((thread, observer))
      return true
    }
    if !isKept { end([thread]) }
    return isKept
  }

  private func addKeeper(_ queue: String) throws {
    let seat = try application.transport.openKeeper(queue: queue)
    let thread = SeatThread(queue: queue)
    try thread.start(name: "eta-keeper", seat: seat, limit: 64, time: application.time)
    _ = keep(thread, nil)
  }

  /// Lets threads of a queue end.
  func removeThreads(_ queue: String, count: Int) {
    state.withLock { state in
      // The keeper of a queue's ETAs has no observer, and stays: retries and countdowns would stick without it.
      let found = state.members.indices.filter {
        state.members[$0].thread.queue == queue && state.members[$0].observer != nil
      }
      for index in found.suffix(count).reversed() {
        let thread = state.members.remove(at: index).thread
        thread.end()
        state.leaving.append(thread)
      }
    }
  }
}

extension WorkerCounters {
  /// Tasks that have ended, by how.
  var totals: [TaskState: Int] {
    [
      .success: succeeded, .failure: failed, .revoked: revoked + expired,
      .rejected: notRegistered + contentDisallowed + poisoned + timeLimitUnsupported,
    ].filter { $0.value > 0 }
  }
}
