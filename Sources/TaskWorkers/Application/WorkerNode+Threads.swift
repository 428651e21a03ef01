import DriverInterface
import Platform

extension WorkerNode {
  /// Starts what consumes one queue.
  func addQueue(_ queue: String) throws {
    let (count, limit) = state.withLock { ($0.desk.concurrency, $0.desk.concurrencyLimit) }
    switch options.pool {
    case .threads: try addThreads(queue, count: count)
    case .processes(let program):
      let children = ChildPoolOptions(
        program: program, count: count, limit: limit, maxTasksPerChild: options.maxTasksPerChild,
        tasksAhead: options.tasksAheadPerChild)
      try addThreads(queue, count: 1, prefetch: options.prefetch(of: count), children)
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
    let prefetch = prefetch ?? options.prefetch(of: 1)
    for _ in 0..<count {
      let observer = SeatObserver(application, hostname: options.name, events: events)
      let number = state.withLock { state in
        state.startedCount += 1
        return state.startedCount
      }
      var workerOptions = WorkerOptions(queue: queue)
      workerOptions.exchange = application.settings.exchange
      workerOptions.seed = seed &+ UInt64(number)
      workerOptions.acceptContent = options.acceptContent ?? application.settings.acceptContent
      // A quarter of what it may hold: limited tasks must not keep the others away.
      workerOptions.heldLimit = max(1, prefetch / 4)
      workerOptions.rateLimits = rateLimits
      let seat = try application.transport.openWorker(
        application.registry, workerOptions, prefetch: prefetch, children: children)
      seat.observe(observer)
      let thread = SeatThread(queue: queue)
      // It knows what was revoked and changed before it came, and before it takes anything.
      let revoked = self.revoked()
      if !revoked.isEmpty { thread.ask(.revoke(revoked, terminate: false)) }
      for request in state.withLock({ $0.timeLimits.values }) { thread.ask(request) }
      try thread.start(
        name: "task-worker-\(number)", seat: seat, limit: min(prefetch, Self.stepLimit), time: application.time)
      guard keep(thread, observer) else { return }
    }
  }

  /// The most messages of a step.
  private static var stepLimit: Int { 1024 }

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
    application.handOverRemains(of: queue, to: seat)
    let thread = SeatThread(queue: queue)
    do { try thread.start(name: "eta-keeper", seat: seat, limit: 64, time: application.time) } catch {
      if let remains = seat.takeRemains(now: application.time.now()) { application.keep(remains, of: queue) }
      throw error
    }
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

  /// Ends threads and waits for them. What a keeper then still holds stays with the application.
  func end(_ threads: [SeatThread]) {
    for thread in threads { thread.end() }
    for thread in threads {
      thread.join()
      if let remains = thread.takeRemains() { application.keep(remains, of: thread.queue) }
    }
  }
}
