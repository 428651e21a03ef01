import DriverInterface

extension WorkerCore where Endpoint: ~Copyable {
  /// Calls a task off: it is REVOKED when it comes. One that waits for its rate limit is revoked in its turn; one that runs on Swift's
  /// concurrency pool is asked to stop; one that runs on the thread that would tell it goes on.
  public mutating func revoke(_ identifier: TaskIdentifier, now: Int64) {
    revocations.insert(identifier, now: now)
    for hand in hands.all where hand.envelope.identifier == identifier { hand.asynchronous?.stop() }
  }

  /// The tasks that are done elsewhere at the moment.
  public var active: [TaskMessage] { hands.all.filter { $0.attempt != 0 }.map { TaskMessage($0.envelope) } }

  /// What was called off and not forgotten yet.
  public var revoked: [TaskIdentifier] { revocations.identifiers }

  /// Sets the rate limit of a task, or takes it away; false when no task has that name.
  public mutating func setRateLimit(_ limit: RateLimit?, of name: String) -> Bool {
    guard let index = table.entries.firstIndex(where: { $0.name == name }) else { return false }
    lines.setLimit(limit, index)
    hasLimits = hasLimits || limit != nil
    return true
  }

  /// The tasks that it knows.
  public var registered: [String] { table.entries.map(\.name) }

  /// Tasks that wait here for a place or for their rate limit.
  public var reserved: [TaskMessage] {
    let waiting = hands.all.filter { $0.attempt == 0 }.map { TaskMessage($0.envelope) }
    return waiting + lines.messages.compactMap { message in TaskEnvelope(message.body).map { TaskMessage($0) } }
  }

  /// Takes no more messages. What is held back goes into its queue again when the end point is dropped.
  public mutating func stop() { isStopping = true }

  /// Whether nothing is left that only this worker knows: tasks in hand, messages and results that wait for room in another queue. Keep
  /// stepping until then.
  public var isDrained: Bool { backlog.isEmpty && hands.count == 0 && heldBackCount == 0 && owed.isEmpty }
}
