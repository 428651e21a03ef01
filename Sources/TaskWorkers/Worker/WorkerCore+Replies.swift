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
    guard !backlog.hasCauses else { return settleOthers() }
    for tag in owed { endpoint.acknowledge(tag, multiple: false, now: now) }
    owed.removeAll(keepingCapacity: true)
  }

  /// The same but for messages that have caused what waits for room.
  private mutating func settleOthers() {
    var keptCount = 0
    for index in owed.indices {
      let tag = owed[index]
      if backlog.isCause(tag) {
        owed[keptCount] = tag
        keptCount += 1
      } else {
        endpoint.acknowledge(tag, multiple: false, now: now)
      }
    }
    owed.removeLast(owed.count - keptCount)
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
