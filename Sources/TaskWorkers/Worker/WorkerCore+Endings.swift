import DriverInterface
import Platform
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Says that an attempt begins, to whoever wants to hear it; returns when that is.
  @usableFromInline @inline(never)
  mutating func announce(_ task: TaskInHand, _ envelope: TaskEnvelope) -> Int64 {
    let start = time.now()
    observer?.taskStarted(envelope, now: start)
    if unsafe table.terms[task.index].tracksStart, task.wantsResult {
      OutcomeWriter.begin(&runner.outcome, for: envelope.identifier, retries: envelope.retries)
      OutcomeWriter.end(&runner.outcome, .started, errorType: "", text: "", flags: [])
      reply(task)
      // At once: the waiter is not told when it is over.
      flush()
    }
    return start
  }

  /// An attempt has ended that did not simply succeed, or that somebody watches.
  @usableFromInline @inline(never)
  mutating func endSpecially(_ task: TaskInHand, _ envelope: TaskEnvelope, _ state: TaskState, start: Int64) {
    var task = task
    let isCalledOff =
      state == .revoked && !revocations.isEmpty && revocations.contains(envelope.identifier, now: now)
    switch state {
    case .retry:
      guard !retry(&task, envelope, start: start) else { return }
    case .success: tally.succeeded += 1
    // A lane came to it too late.
    case .revoked where TaskOutcome(unchecked: runner.outcomeBody).errorType == WorkerErrorName.expired:
      tally.expired += 1
    case .revoked where !isCalledOff && (coldLimit != nil || isStoppedCold):
      // Not called off: asked to stop, and not done.
      if task.isOwed { return endpoint.refuse(task.tag, requeue: true, now: now) }
      tally.workersLost += 1
      runner.write(.failure, WorkerErrorName.workerLost, for: envelope, isRedelivered: task.isRedelivered)
      countFailure()
    case .revoked: tally.revoked += 1
    default: countFailure()
    }
    conclude(task, envelope, start: start)
    if task.isOwed { owed.append(task.tag) }
  }

  private mutating func countFailure() {
    tally.failed += 1
    if TaskOutcome(unchecked: runner.outcomeBody).flags.contains(.isExpectedError) { tally.expectedFailures += 1 }
  }

  /// Sends the outcome that the runner holds and whatever follows it.
  mutating func conclude(_ task: TaskInHand, _ envelope: TaskEnvelope, start: Int64) {
    reply(task)
    guard let observer else { return }
    let end = start == 0 ? now : time.now()
    let outcome = TaskOutcome(unchecked: runner.outcomeBody)
    if isWatched || start != 0 {
      observer.taskEnded(envelope, outcome, runtimeNanoseconds: start == 0 ? 0 : end &- start, now: end)
    }
    guard envelope.mask & EnvelopeField.workflowBits != 0 else { return }
    var message = TaskMessage(envelope)
    message.correlation = task.correlation
    message.replyTo = task.replyTo
    let consequences = observer.consequences(of: message, outcome, now: end)
    for next in consequences.messages { send(next, causedBy: task.isOwed ? task.tag : nil) }
    for notice in consequences.notices { tell(notice) }
  }

  private mutating func tell(_ notice: TaskConsequences.Notice) {
    OutcomeWriter.begin(&runner.outcome, for: notice.identifier, retries: 0)
    OutcomeWriter.end(&runner.outcome, notice.state, errorType: notice.errorType, text: notice.errorText, flags: [])
    reply(TaskInHand(correlation: notice.correlation, replyTo: notice.replyTo))
  }

  /// Sends the message of another task, which this one has caused.
  private mutating func send(_ message: TaskMessage, causedBy cause: UInt64?) {
    copy.removeAll()
    do { try message.encode(into: &copy) } catch {
      tally.messagesUnsent += 1
      return giveUp(message, WorkerErrorName.messageTooLarge, "\(error)", causedBy: cause)
    }
    guard message.eta > presentTime() else {
      guard let key = message.routingKey else { return send(message, to: message.queue ?? options.queue, cause) }
      return send(message, exchange: options.exchange, to: key, cause)
    }
    // A keeper knows its queue and no exchange.
    guard let queue = message.queue ?? (message.routingKey == nil ? options.queue : nil) else {
      tally.messagesUnsent += 1
      return giveUp(
        message, WorkerErrorName.notSent, "it is to wait for its time, and its routing key is no queue",
        causedBy: cause)
    }
    send(message, to: WorkerOptions.etaQueue(of: queue), cause)
  }

  /// Sends it, the content of `copy`, there.
  private mutating func send(_ message: TaskMessage, exchange: String = "", to key: String, _ cause: UInt64?) {
    let isOnItsWay = publish(
      exchange: exchange, to: key, priority: message.priority, owing: nil, causedBy: cause)
    guard !isOnItsWay else { return }
    let place = exchange.isEmpty ? "queue '\(key)'" : "queue for the key '\(key)' at exchange '\(exchange)'"
    giveUp(
      message, WorkerErrorName.notSent, "there is no \(place), or it has been full for too long", causedBy: cause)
  }

  /// A message that cannot be sent ends as a failure, for whoever waits for it and for what would have followed it.
  private mutating func giveUp(
    _ message: TaskMessage, _ errorType: String, _ reason: String, causedBy cause: UInt64?
  ) {
    OutcomeWriter.begin(&runner.outcome, for: message.identifier, retries: 0)
    OutcomeWriter.end(
      &runner.outcome, .failure, errorType: errorType, text: reason, flags: [])
    if !message.flags.contains(.ignoresResult) {
      reply(TaskInHand(correlation: message.correlation, replyTo: message.replyTo))
    }
    var withoutInput = message
    withoutInput.input = nil
    let outcome = TaskOutcome(unchecked: runner.outcomeBody)
    guard let consequences = observer?.consequences(of: withoutInput, outcome, now: now) else { return }
    for next in consequences.messages { send(next, causedBy: cause) }
    for notice in consequences.notices { tell(notice) }
  }

  /// The same of a message that was to be sent on, and whose queue has gone meanwhile.
  mutating func giveUp(_ bytes: [UInt8]) {
    guard let message = bytes.withBody({ TaskEnvelope($0).map { TaskMessage($0) } }) else { return }
    giveUp(message, WorkerErrorName.notSent, "its queue is not there any more", causedBy: nil)
  }

  /// Sees to another attempt; false when there is none, and the outcome is a failure now.
  private mutating func retry(_ task: inout TaskInHand, _ envelope: TaskEnvelope, start: Int64) -> Bool {
    let outcome = TaskOutcome(unchecked: runner.outcomeBody)
    let decision = RetryDecision(
      retries: envelope.retries, countdown: outcome.countdown, terms: unsafe table.terms[task.index].retry,
      draw: random.next())
    guard case .after(let wait) = decision else {
      tally.exhausted += 1
      OutcomeWriter.giveUp(&runner.outcome, outcome)
      countFailure()
      return false
    }
    tally.retried += 1
    let end = time.now()
    if isWatched || start != 0 {
      observer?.taskEnded(envelope, outcome, runtimeNanoseconds: start == 0 ? 0 : end &- start, now: end)
    }
    if unsafe table.terms[task.index].tracksStart, task.wantsResult { reply(task) }
    // A task that is done here and was acknowledged lies in `copy` already.
    if unsafe envelope.body.start != copy.bytes.start { _ = keepCopy(of: envelope) }
    // Whoever takes what need not wait may go by a clock that it read before `end`, and would send it to the keeper.
    EnvelopePatch.reschedule(&copy, retries: envelope.retries + 1, eta: wait == 0 ? 0 : end.advanced(upTo: wait))
    // The first attempt's message has its address in the broker's hands, which the next one's has not.
    EnvelopePatch.address(&copy, correlation: task.correlation, replyTo: task.replyTo)
    let isOnItsWay = publish(
      to: wait == 0 ? options.queue : WorkerOptions.etaQueue(of: options.queue), priority: envelope.priority,
      owing: task.isOwed ? task.tag : nil)
    guard !isOnItsWay else { return true }
    // Nobody could tell its waiter later.
    tally.retried -= 1
    OutcomeWriter.giveUp(&runner.outcome, outcome)
    countFailure()
    return false
  }

  /// Sends a message on to the keeper of ETAs.
  mutating func forward(_ message: ReceivedMessage, _ envelope: TaskEnvelope, eta: Int64) {
    let task = TaskInHand(message, envelope, -1)
    _ = keepCopy(of: envelope)
    EnvelopePatch.reschedule(&copy, retries: envelope.retries, eta: eta)
    EnvelopePatch.address(&copy, correlation: task.correlation, replyTo: task.replyTo)
    if task.isRedelivered { EnvelopePatch.markRedelivered(&copy, flags: envelope.flags) }
    let isOnItsWay = publish(
      to: WorkerOptions.etaQueue(of: options.queue), priority: envelope.priority, owing: message.tag)
    if !isOnItsWay { endUnbegun(task, envelope, .failure, WorkerErrorName.notSent) }
  }
}
