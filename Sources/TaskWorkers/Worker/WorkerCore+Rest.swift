import DriverInterface

/// What a worker has taken and not begun.
extension WorkerCore where Endpoint: ~Copyable {
  /// Whether this step has taken long enough.
  @usableFromInline @inline(never)
  mutating func isLong() -> Bool {
    // Somebody who watches also asks for things, which are done between two steps.
    pace.look(now: presentTime(), looksAlways: observer != nil)
  }

  /// Tells the observer what has come, before any of it begins.
  @usableFromInline @inline(never)
  mutating func showRest() {
    if isWatched, let observer {
      for index in rest {
        guard let envelope = TaskEnvelope(endpoint.message(at: index).body) else { continue }
        observer.taskReceived(envelope, now: now)
      }
    }
    // A single one begins at once, and leaves none.
    guard let running, rest.count > 1 else { return }
    running.show(count: rest.count) { index in
      guard let envelope = TaskEnvelope(endpoint.message(at: index).body) else { return nil }
      return RunningTask.Sight(
        identifier: envelope.identifier, index: table.index(of: envelope.name), retries: envelope.retries, since: now)
    }
  }

  /// Gives back what came in a batch and was not begun, the last first: each goes to the head of its queue.
  @usableFromInline @inline(never)
  mutating func giveBackRest() {
    guard !rest.isEmpty else { return }
    tally.received += rest.count
    for index in rest.reversed() { endpoint.refuse(endpoint.message(at: index).tag, requeue: true, now: now) }
    running?.leave(0)
    rest = 0..<0
  }

  /// Gives back what waits for its rate limit.
  mutating func giveBackHeld() {
    for message in lines.removeAll().reversed() { endpoint.refuse(message.tag, requeue: true, now: now) }
  }
}
