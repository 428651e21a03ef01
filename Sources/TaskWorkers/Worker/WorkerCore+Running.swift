public import DriverInterface
public import Platform
public import Serialization

/// The way of a task that runs on the worker's own thread: what every message passes through, inlined into whoever drives the worker.
extension WorkerCore where Endpoint: ~Copyable {
  /// The present time, read anew if a handler ran since.
  @inlinable @inline(__always)
  mutating func presentTime() -> Int64 {
    if isNowOld {
      now = time.now()
      isNowOld = false
    }
    return now
  }

  /// Makes an attempt on this thread.
  @inlinable @inline(__always)
  mutating func run(_ message: ReceivedMessage, _ received: TaskEnvelope, _ index: Int) {
    var task = TaskInHand(message, received, index)
    let terms = unsafe table.terms[index]
    var envelope = received
    if !terms.acksLate {
      envelope = keepCopy(of: received)
      endpoint.acknowledge(task.tag, multiple: false, now: now)
      task.isOwed = false
    }
    attempt &+= 1
    let softLimit = envelope.softTimeLimit | terms.softTimeLimit
    let softDeadline = softLimit == 0 ? Int64.max : self.softDeadline(envelope, terms)
    let start = terms.tracksStart || isWatched ? announce(task, envelope) : 0
    running?.begin(envelope.identifier, index, retries: envelope.retries, since: now)
    let state = runner.run(
      envelope, index, isRedelivered: task.isRedelivered, attempt: attempt, softDeadline: softDeadline)
    isNowOld = true
    running?.end()
    end(task, envelope, state, start: start)
  }

  /// A copy of a message that stays where it is when the message is gone.
  @inlinable @inline(__always)
  mutating func keepCopy(of envelope: TaskEnvelope) -> TaskEnvelope {
    copy.removeAll()
    unsafe copy.append(BorrowedBytes(envelope.body.bytes))
    return unsafe TaskEnvelope(unchecked: MessageBody(start: copy.bytes.start, count: copy.count))
  }

  @usableFromInline
  mutating func softDeadline(_ envelope: TaskEnvelope, _ terms: TaskTerms) -> Int64 {
    let limit = envelope.softTimeLimit > 0 ? envelope.softTimeLimit : terms.softTimeLimit
    return time.now().advanced(upTo: limit)
  }

  /// An attempt has ended with the outcome that the runner holds.
  @inlinable @inline(__always)
  mutating func end(_ task: TaskInHand, _ envelope: TaskEnvelope, _ state: TaskState, start: Int64) {
    if state == .success, envelope.mask & EnvelopeField.workflowBits == 0, start == 0, !isWatched {
      tally.succeeded &+= 1
      reply(task)
      if task.isOwed { owed.append(task.tag) }
    } else {
      endSpecially(task, envelope, state, start: start)
    }
  }
}
