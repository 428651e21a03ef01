public import DriverInterface

extension WorkerCore where Endpoint: ~Copyable {
  /// Hands over what was staged, and acknowledges what waited for that.
  @inlinable @inline(__always)
  mutating func flush() {
    let results = endpoint.flushReplies(now: now).remainingCount
    heldBackCount = results &+ endpoint.flush(now: now).remainingCount
    if heldBackCount == 0, !owed.isEmpty { settle() }
  }

  /// Everything has arrived: acknowledges the messages whose outcomes it was.
  @usableFromInline
  mutating func settle() {
    guard !backlog.hasFollowers else { return }
    for tag in owed { endpoint.acknowledge(tag, multiple: false, now: now) }
    owed.removeAll(keepingCapacity: true)
  }

  /// Stages the outcome that the runner holds for whoever waits.
  @inlinable @inline(__always)
  mutating func reply(_ task: TaskInHand) {
    guard task.wantsResult else {
      tally.resultsIgnored &+= 1
      return
    }
    OutcomeWriter.setCorrelation(&runner.outcome, task.correlation)
    tally.resultsSent &+= 1
    let isStaged = endpoint.reply(
      to: task.replyTo, correlation: task.correlation, with: runner.outcomeBody, now: now)
    if !isStaged { insistOnReply(task) }
  }

  /// Makes room and tries again, for a while.
  @usableFromInline @inline(never)
  mutating func insistOnReply(_ task: TaskInHand) {
    for _ in 0..<Self.replyAttempts {
      flush()
      if endpoint.reply(to: task.replyTo, correlation: task.correlation, with: runner.outcomeBody, now: now) { return }
    }
    tally.resultsSent -= 1
    tally.resultsUnsent += 1
  }

  /// How often a result is offered to a queue without room.
  @usableFromInline static var replyAttempts: Int { 1000 }

  @usableFromInline @inline(never)
  mutating func refuseMalformed(_ message: ReceivedMessage) {
    tally.malformed += 1
    endpoint.refuse(message.tag, requeue: false, now: now)
  }
}
