import DriverInterface
import Platform
import Serialization
import Synchronization

/// Workers of an application in this process, with a pool of threads or of child processes.
///
/// Each thread is a consumer of one queue; with children there is one, which hands tasks over. One more thread answers commands and says that the node is there. Dropping the node without
/// `shutdown` is the same as a warm shutdown.
public final class WorkerNode: Sendable {
  private struct State {
    var desk: ControlDesk
    var members: [(thread: SeatThread, observer: SeatObserver?)] = []
    /// Threads that end.
    var leaving: [SeatThread] = []
    var startedCount = 0
    var nextHeartbeat: Int64 = .min
    var retired = WorkerCounters()
  }

  /// How it was set up.
  public let options: WorkerNodeOptions
  private let application: TaskApplication
  private let start: Int64
  private let state: Guarded<State>
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
    if options.keepsEtas { for queue in options.queues { try addKeeper(queue) } }
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
      concurrency: options.concurrency, concurrencyLimit: options.concurrencyLimit,
      sendsEvents: application.events.isOn, canTerminate: options.poolName == "processes",
      configuration: [
        "pool": options.poolName, "concurrency": "\(options.concurrency)",
        "prefetch_multiplier": "\(options.prefetchMultiplier)", "default_queue": application.settings.defaultQueue,
        "heartbeat": "\(options.heartbeat)",
      ])
  }

  /// What its threads have done, up to 20 ms ago.
  public var statistics: WorkerStatistics { facts().statistics }

  /// Whether it still takes tasks.
  public var isRunning: Bool { !isEnding.load(ordering: .relaxed) }

  /// Ends the node: its threads finish what they execute and take nothing new; what they took and did not begin goes back to its queue, and
  /// so do tasks whose time has not come. Returns when all have ended. Nothing is lost.
  public func shutdown() {
    guard !isEnding.exchange(true, ordering: .relaxed) else { return }
    let (members, leaving) = state.withLock { state in
      defer { state.members = [] }
      return (state.members, state.leaving)
    }
    // Keepers first: the workers make room for what they give back.
    end(members.filter { $0.observer == nil }.map(\.thread))
    end(members.map(\.thread) + leaving)
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
  private func addQueue(_ queue: String) throws {
    switch options.pool {
    case .threads: try addThreads(queue, count: options.concurrency)
    case .processes(let program):
      let children = ChildPoolOptions(
        program: program, count: options.concurrency, maxTasksPerChild: options.maxTasksPerChild)
      try addThreads(queue, count: 1, prefetch: options.prefetchMultiplier * options.concurrency, children)
    }
  }

  private func addThreads(
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
      workerOptions.seed = UInt64(number)
      let seat = try application.transport.openWorker(
        application.registry, workerOptions, prefetch: prefetch, children: children)
      seat.observe(observer)
      let thread = SeatThread(queue: queue)
      try thread.start(
        name: "task-worker-\(number)", seat: seat, limit: prefetch, time: application.time)
      state.withLock { $0.members.append((thread, observer)) }
    }
  }

  private func addKeeper(_ queue: String) throws {
    let seat = try application.transport.openKeeper(queue: queue)
    let thread = SeatThread(queue: queue)
    try thread.start(name: "eta-keeper", seat: seat, limit: 64, time: application.time)
    state.withLock { $0.members.append((thread, nil)) }
  }

  private func removeThreads(_ queue: String, count: Int) {
    state.withLock { state in
      let found = state.members.indices.filter { state.members[$0].thread.queue == queue }
      for index in found.suffix(count).reversed() {
        let thread = state.members.remove(at: index).thread
        thread.end()
        state.leaving.append(thread)
      }
    }
  }

  // MARK: Commands

  private func answer(_ request: ControlRequest) {
    let facts = facts()
    guard let answer = state.withLock({ $0.desk.handle(request, facts) }) else { return }
    var reply = answer.reply
    if let action = answer.action {
      do { try perform(action) } catch { reply.answer = .error("\(error)") }
    }
    application.sendReply(reply, to: request.replyTo)
    // Said first: the node may be gone afterwards.
    if answer.action == .shutdown { shutdown() }
  }

  private func perform(_ action: ControlDesk.Action) throws {
    let threads = state.withLock { $0.members.map(\.thread) }
    switch action {
    case .revoke(let tasks, let terminate):
      for thread in threads { thread.ask(.revoke(tasks, terminate: terminate)) }
    case .setRateLimit(let task, let limit):
      for thread in threads { thread.ask(.setRateLimit(task: task, limit)) }
    case .setTimeLimit:
      throw DriverError(.notSupported, "time limits cannot be changed in this pool, not supported yet")
    case .setConcurrency(let count): try resize(to: count)
    case .addConsumer(let queue): try addQueue(queue)
    case .cancelConsumer(let queue): removeThreads(queue, count: .max)
    case .setEvents(let isOn): application.events.turn(on: isOn)
    case .shutdown: break
    }
  }

  private func resize(to count: Int) throws {
    guard case .threads = options.pool else {
      throw DriverError(.notSupported, "the processes pool keeps its size, changing it is not supported yet")
    }
    let queues = state.withLock { state in
      Dictionary(grouping: state.members.filter { $0.observer != nil }.map(\.thread.queue), by: \.self)
    }
    for (queue, members) in queues {
      if members.count < count { try addThreads(queue, count: count - members.count) }
      if members.count > count { removeThreads(queue, count: members.count - count) }
    }
  }

  private func facts() -> ControlDesk.Facts {
    let (members, concurrency) = state.withLock { ($0.members, $0.desk.concurrency) }
    let reports = members.map(\.thread.report)
    var facts = ControlDesk.Facts()
    facts.active = members.flatMap { $0.observer?.active ?? [] }
    facts.reserved = reports.flatMap(\.reserved)
    facts.revoked = Array(Set(reports.flatMap(\.revoked)))
    facts.statistics.pool = options.poolName
    facts.statistics.concurrency = concurrency
    facts.statistics.prefetchCount = options.prefetchMultiplier
    facts.statistics.uptimeNanoseconds = application.time.now() - start
    for report in reports {
      for (state, count) in report.counters.totals {
        facts.statistics.totals[state.rawValue, default: 0] += UInt64(count)
      }
    }
    return facts
  }

  // MARK: Signs of life

  /// Looks after what time causes: heartbeats, threads that have ended, chords whose members stay away.
  private func attend() {
    let now = application.time.now()
    let isDue = state.withLock { state in
      state.leaving.removeAll { thread in
        guard thread.isOver else { return false }
        thread.join()
        return true
      }
      guard now >= state.nextHeartbeat else { return false }
      state.nextHeartbeat = now.advanced(upTo: options.heartbeat.wholeNanoseconds)
      return true
    }
    guard isDue, isRunning else { return }
    _ = application.workflows.withLock { $0.expire(now: now) }
    publish(.workerHeartbeat)
  }

  private func publish(_ kind: TaskEvent.Kind) {
    guard application.events.isOn else { return }
    let now = application.time.now()
    var event = TaskEvent(kind, hostname: options.name, timestamp: now)
    if kind == .workerHeartbeat {
      let facts = facts()
      event.heartbeatNanoseconds = options.heartbeat.wholeNanoseconds
      event.active = facts.active.count
      event.processed = facts.statistics.processed
    }
    application.events.publish(event, now: now)
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
