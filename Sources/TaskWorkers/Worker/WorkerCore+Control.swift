import DriverInterface

extension WorkerCore where Endpoint: ~Copyable {
  /// Calls a task off: it is REVOKED when it comes. One that waits for its rate limit is revoked in its turn; one that runs on Swift's
  /// concurrency pool is asked to stop; one that runs on the thread that would tell it goes on.
  public mutating func revoke(_ identifier: TaskIdentifier, now: Int64) {
    revocations.insert(identifier, now: now)
    for hand in hands.all where hand.envelope.identifier == identifier { hand.asynchronous?.stop() }
  }

  /// Lets somebody hear of what it does, from the next batch on.
  public mutating func observe(_ observer: any WorkerObserver) {
    self.observer = observer
    running = observer.running
  }

  /// The tasks that are done elsewhere at the moment.
  public var active: [TaskMessage] { hands.all.filter { $0.attempt != 0 }.map { TaskMessage($0.envelope) } }

  /// Sets the rate limit of a task, or takes it away, for all workers that share it, of which the others are to be told to look:
  /// `noticeRateLimit`. False when no task has that name.
  public mutating func setRateLimit(_ limit: RateLimit?, of name: String) -> Bool {
    guard table.entries.contains(where: { $0.name == name }) else { return false }
    lines.limits.set(limit, of: name)
    return noticeRateLimit(of: name)
  }

  /// Looks at the rate limit of a task that was set for all workers that share it (`SharedRateLimits.set`). To be told late, or several times,
  /// does no harm: what counts is the limit that there is. False when no task has that name.
  public mutating func noticeRateLimit(of name: String) -> Bool {
    guard let index = table.entries.firstIndex(where: { $0.name == name }) else { return false }
    lines.noticeLimit(index, of: name)
    hasLimits = hasLimits || lines.isLimited(index)
    return true
  }

  /// Sets the time limits of a task for the attempts that begin from now on, in nanoseconds, nil for none; what a call says goes before
  /// them. False when no task has that name, or has something that nobody can kill: see `canKill`.
  public mutating func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of name: String) -> Bool {
    guard let index = table.entries.firstIndex(where: { $0.name == name }) else { return false }
    guard unsafe hardNanoseconds == nil || (canKill && !table.terms[index].isAsynchronous) else { return false }
    unsafe table.terms[index].setTimeLimits(soft: softNanoseconds ?? 0, hard: hardNanoseconds ?? 0)
    return true
  }

  /// The tasks that it knows.
  public var registered: [String] { table.entries.map(\.name) }

  /// Tasks that it has taken and not begun: for want of a place or of time, or for their rate limit.
  public var reserved: [TaskMessage] {
    held + rest.compactMap { index in TaskEnvelope(endpoint.message(at: index).body).map { TaskMessage($0) } }
  }

  /// Those of them whose turn was there: an observer's `running` shows the others.
  var held: [TaskMessage] {
    let waiting = hands.all.filter { $0.attempt == 0 }.map { TaskMessage($0.envelope) }
    return waiting + lines.messages.compactMap { message in TaskEnvelope(message.body).map { TaskMessage($0) } }
  }

  /// Takes no more messages. What came in a batch and was not begun goes back into its queue; so does what waits for its rate limit, when
  /// the end point is dropped. Keep stepping until `isDrained`. Warm, what is in hand is done first. Cold, what has not begun goes back; what runs is asked to stop
  /// (`TaskContext.shouldStop`), and given up at the given moment if it runs elsewhere: see `abort`. A cold stop may follow a warm one.
  public mutating func stop(_ stop: LaneStop = .warm) {
    isStopping = true
    giveBackRest()
    if runsHere { giveBackGathered() }
    guard case .cold(let moment) = stop, coldLimit == nil else { return }
    coldLimit = moment
    giveBackWaiting()
    for hand in hands.all { hand.asynchronous?.stop() }
  }

  /// Takes messages again after a warm stop.
  mutating func resume() {
    precondition(coldLimit == nil, "what is stopped cold is over")
    isStopping = false
  }

  /// Whether the tasks that run were asked to stop because the worker does.
  @inlinable @inline(__always)
  var isStoppedCold: Bool { runner.environment.stopWord.isStoppingAll }

  /// A cold stop ends a task that has begun: one that acknowledges late goes back into its queue, the waiter of another hears that it is
  /// lost.
  mutating func abort(_ hand: TaskHand) {
    guard !hand.task.isOwed else { return giveBack(hand) }
    tally.workersLost += 1
    runner.write(.failure, WorkerErrorName.workerLost, for: hand.envelope, isRedelivered: hand.task.isRedelivered)
    finish(hand, .failure)
  }

  /// Whether nothing is left that only this worker knows: tasks in hand, messages and results that wait for room in another queue. Keep
  /// stepping until then.
  public var isDrained: Bool {
    rest.isEmpty && backlog.isEmpty && hands.count == 0 && heldBackCount == 0 && owed.isEmpty
  }
}
