import DriverInterface
import Platform
import Synchronization

extension WorkerNode {
  /// Does what a command says, and says so.
  func answer(_ request: ControlRequest) {
    var facts = facts()
    switch request.command {
    case .scheduled: facts.scheduled = scheduled()
    case .revoked: facts.revoked = revoked()
    case .queryTask: (facts.scheduled, facts.revoked) = (scheduled(), revoked())
    default: break
    }
    let before = state.withLock { $0.desk }
    guard let answer = state.withLock({ $0.desk.handle(request, facts) }) else { return }
    var reply = answer.reply
    if let action = answer.action {
      do { try perform(action, before) } catch {
        // As if it had not been asked. This thread alone changes the desk.
        state.withLock { $0.desk = before }
        reply.answer = .error("\(error)")
      }
    }
    if !application.sendReply(reply, to: request.replyTo) { unanswered.wrappingAdd(1, ordering: .relaxed) }
    // Said first: the node may be gone afterwards.
    if answer.action == .shutdown { shutdown() }
  }

  /// - Parameter before: How things were, to be so again when the action fails.
  private func perform(_ action: ControlDesk.Action, _ before: ControlDesk) throws {
    let threads = state.withLock { $0.members.map(\.thread) }
    switch action {
    case .revoke(let tasks, let terminate):
      let now = application.time.now()
      state.withLock { state in for task in tasks { state.revocations.insert(task, now: now) } }
      for thread in threads { thread.ask(.revoke(tasks, terminate: terminate)) }
    case .setRateLimit(let task, let limit):
      // Once for all: no thread begins by a former limit any more, whenever it hears of this one.
      rateLimits.set(limit, of: task)
      for thread in threads { thread.ask(.noticeRateLimit(task: task)) }
    case .setTimeLimit(let task, let soft, let hard):
      try checkHardLimit(hard, of: task)
      let request = SeatThread.Request.setTimeLimits(task: task, softNanoseconds: soft, hardNanoseconds: hard)
      state.withLock { $0.timeLimits[task] = request }
      for thread in threads { thread.ask(request) }
    case .setConcurrency(let count):
      switch options.pool {
      case .threads: try resizeThreads(to: count)
      case .processes: try resizeChildren(to: count, from: before.concurrency)
      }
    case .addConsumer(let queue):
      do { try addQueue(queue) } catch {
        removeThreads(queue, count: .max)
        throw error
      }
    case .cancelConsumer(let queue): removeThreads(queue, count: .max)
    case .setEvents(let isOn): application.events.turn(events, on: isOn)
    case .shutdown: break
    }
  }

  private func checkHardLimit(_ nanoseconds: Int64?, of task: String) throws {
    guard nanoseconds != nil, case .asynchronous? = application.registry[task]?.work else { return }
    throw DriverError(
      .notSupported,
      "an asynchronous task runs on threads that it shares, so that nobody can end it: set its soft time limit alone")
  }

  /// Changes the number of children of each queue, or of none.
  private func resizeChildren(to count: Int, from former: Int) throws {
    let threads = state.withLock { state in state.members.filter { $0.observer != nil }.map(\.thread) }
    var changed: [SeatThread] = []
    do {
      for thread in threads {
        try thread.resize(to: count, prefetch: options.prefetch(of: count))
        changed.append(thread)
      }
    } catch {
      // One that refuses now, because it is about to end, goes with its children.
      for thread in changed { try? thread.resize(to: former, prefetch: options.prefetch(of: former)) }
      throw error
    }
  }

  private func resizeThreads(to count: Int) throws {
    let queues = state.withLock { state in
      Dictionary(grouping: state.members.filter { $0.observer != nil }.map(\.thread.queue), by: \.self)
    }
    for (queue, members) in queues {
      if members.count < count {
        do { try addThreads(queue, count: count - members.count) } catch {
          removeThreads(queue, count: threadCount(of: queue) - members.count)
          throw error
        }
      }
      if members.count > count { removeThreads(queue, count: members.count - count) }
    }
  }

  /// How many threads consume a queue, the keeper of its ETAs aside.
  private func threadCount(of queue: String) -> Int {
    state.withLock { $0.members.count { $0.observer != nil && $0.thread.queue == queue } }
  }

  /// What waits for its time in its keepers' hands, asked for now.
  private func scheduled() -> [TaskSummary] {
    let keepers = state.withLock { $0.members.filter { $0.observer == nil }.map(\.thread) }
    return keepers.flatMap { $0.scheduled() }
  }

  /// What was called off and not forgotten yet, the oldest first.
  func revoked() -> [TaskIdentifier] {
    let now = application.time.now()
    return state.withLock { state in
      state.revocations.expire(now: now)
      return state.revocations.identifiers
    }
  }

  /// What its threads have in hand, as they last said.
  func facts() -> ControlDesk.Facts {
    let (members, leaving, retired, concurrency) = state.withLock { state in
      (state.members, state.leaving, state.retired, state.desk.concurrency)
    }
    let reports = members.map(\.thread.report)
    var facts = ControlDesk.Facts()
    facts.active = members.flatMap { $0.observer?.active ?? [] }
    facts.reserved = reports.flatMap(\.reserved) + members.flatMap { $0.observer?.reserved ?? [] }
    facts.statistics.pool = options.poolName
    facts.statistics.concurrency = concurrency
    facts.statistics.prefetchCount = prefetchCount(concurrency)
    facts.statistics.uptimeNanoseconds = application.time.now() - start
    // Those who are gone have done what they have done.
    for totals in (reports + leaving.map(\.report)).map(\.counters.totals) + [retired] {
      for (state, count) in totals { facts.statistics.totals[state.rawValue, default: 0] += UInt64(count) }
    }
    return facts
  }

  /// How many messages of a queue its consumers take ahead: with children there is one, else each thread is.
  private func prefetchCount(_ concurrency: Int) -> Int {
    if case .processes = options.pool { return options.prefetch(of: concurrency) }
    return concurrency * options.prefetch(of: 1)
  }

  // MARK: Signs of life

  /// Looks after what time causes: heartbeats, threads that have ended, chords whose members stay away.
  func attend() {
    let now = application.time.now()
    let isDue = state.withLock { state in
      state.leaving.removeAll { thread in
        guard thread.isOver else { return false }
        thread.join()
        state.retired.merge(thread.report.counters.totals, uniquingKeysWith: +)
        return true
      }
      guard now >= state.nextHeartbeat else { return false }
      state.nextHeartbeat = now.advanced(upTo: options.heartbeat.wholeNanoseconds)
      return true
    }
    guard isDue, isRunning else { return }
    application.send(application.workflows.withLock { $0.expire(now: now) }, now: now)
    publish(.workerHeartbeat)
  }

  /// Publishes an event of the node, while events are on.
  func publish(_ kind: TaskEvent.Kind) {
    guard events.isOn else { return }
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
