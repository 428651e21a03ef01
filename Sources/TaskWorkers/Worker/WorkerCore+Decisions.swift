public import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Decides about a message that has something to be thought about.
  @usableFromInline @inline(never)
  mutating func consider(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    if message.isRedelivered { tally.redelivered += 1 }
    let admission = admission(of: message, envelope, index)
    tally.count(admission)
    if let ending = admission.ending {
      return endUnbegun(TaskInHand(message, envelope, index), envelope, ending.state, ending.errorType)
    }
    if admission == .forward { return forward(message, envelope, eta: envelope.eta) }
    guard hasLimits, lines.isLimited(index) else { return begin(message, envelope, index) }
    switch lines.admit(message, index, canReturn: true, now: presentTime()) {
    case .now: begin(message, envelope, index)
    case .held: tally.heldBack += 1
    case .elsewhere(let moment):
      tally.forwarded += 1
      forward(message, envelope, eta: moment)
    }
  }

  private mutating func admission(
    of message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int
  ) -> TaskAdmission {
    var facts = TaskAdmission.Facts()
    facts.isAccepted = accepts(envelope)
    facts.isRegistered = index >= 0
    facts.returnCount = message.returnCount
    facts.expires = envelope.expires
    facts.eta = envelope.eta
    if index >= 0 {
      let terms = unsafe table.terms[index]
      facts.redeliveryLimit = terms.redeliveryLimit
      facts.hasUnsupportedLimit = envelope.timeLimit > 0 || terms.timeLimit > 0
      // Nobody can kill what runs on Swift's concurrency pool either.
      if canKill, !terms.isAsynchronous { facts.hasUnsupportedLimit = false }
    }
    let now = presentTime()
    facts.isRevoked = !revocations.isEmpty && revocations.contains(envelope.identifier, now: now)
    return TaskAdmission(facts, now: now)
  }

  /// Whether nothing in a message is of a content type that the worker does not accept.
  private func accepts(_ envelope: TaskEnvelope) -> Bool {
    guard accepted.contains(envelope.serializerCode) else { return false }
    guard envelope.mask & contentFields != 0, let input = envelope.bytes(of: .input) else { return true }
    return TaskInput.contentTypes(ofEncoded: input, areIn: accepted)
  }

  /// Begins with a task that nothing speaks against any more.
  private mutating func begin(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    guard unsafe !table.terms[index].isBatched else { return gather(message, envelope, index) }
    guard runsHere, unsafe !table.terms[index].isAsynchronous else { return takeInHand(message, envelope, index) }
    run(message, envelope, index)
  }

  /// Ends a task that was not begun: its waiter hears why, and its message goes to the dead letters if nobody could do it.
  mutating func endUnbegun(_ task: TaskInHand, _ envelope: TaskEnvelope, _ state: TaskState, _ errorType: String) {
    OutcomeWriter.begin(&runner.outcome, for: envelope.identifier, retries: envelope.retries)
    let text = "\(envelope.name.text): \(reason(errorType, task, envelope))"
    OutcomeWriter.end(
      &runner.outcome, state, errorType: errorType, text: text, flags: task.isRedelivered ? .isRedelivered : [])
    conclude(task, envelope, start: 0)
    if state == .rejected {
      endpoint.refuse(task.tag, requeue: false, now: now)
    } else {
      owed.append(task.tag)
    }
  }

  /// Why a task is not begun, and what to do about it.
  private func reason(_ errorType: String, _ task: TaskInHand, _ envelope: TaskEnvelope) -> String {
    switch errorType {
    case WorkerErrorName.timeLimitUnsupported: limitText(task.index)
    case WorkerErrorName.contentDisallowed:
      "a content type in the message is not accepted, its arguments being \(envelope.serializer.contentType); accepted here: "
        + options.acceptContent.contentTypes
    case WorkerErrorName.notRegistered: "no task of that name is registered at this worker: see TaskRegistry.register"
    case WorkerErrorName.notSent:
      "it is to wait, and there is no queue '\(WorkerOptions.etaQueue(of: options.queue))' for that"
    default: errorType
    }
  }

  /// Why a hard time limit cannot be kept.
  private func limitText(_ index: Int) -> String {
    guard unsafe table.terms[index].isAsynchronous else {
      return "a hard time limit needs a process to kill, and this worker runs tasks on threads: use the processes pool"
    }
    return """
      an asynchronous task runs on threads that it shares with others, in any pool, so that nobody can end it: give it a soft time \
      limit instead of a hard one, and ask for it (TaskContext.checkStop), or make it synchronous and use the processes pool
      """
  }

  /// Does what time causes: tasks whose rate limit lets them begin, messages that wait for room.
  @usableFromInline
  mutating func attend() -> Int {
    if heldBackCount > 0 { flush() }
    var done = sendBacklog() + takeAsynchronousEndings()
    // Once the worker is to end, those stay unacknowledged, and go back with its end point.
    while !isStopping, !isStoppedCold, let (message, index) = lines.next(now: presentTime()) {
      done += 1
      guard let envelope = TaskEnvelope(message.body) else { preconditionFailure("the message was read before") }
      // Waiting, it may have expired or been called off.
      let admission = admission(of: message, envelope, index)
      tally.count(admission)
      if let ending = admission.ending {
        endUnbegun(TaskInHand(message, envelope, index), envelope, ending.state, ending.errorType)
      } else {
        begin(message, envelope, index)
      }
      // The others keep their places. What has come in the meantime has its turn, too, of which the step then takes one.
      if isLong() {
        flush()
        break
      }
    }
    return done
  }

  /// When `step` has something to do without a message and without a ring of `bell`; nil when only these can be a reason.
  public var nextMoment: Int64? {
    let held = isStopping ? nil : lines.nextMoment
    guard !backlog.isEmpty || heldBackCount > 0 else { return held }
    return min(held ?? .max, now.advanced(upTo: Self.backlogPeriod))
  }

  /// How often a full queue is offered what waits for room in it, in nanoseconds.
  private static var backlogPeriod: Int64 { 1_000_000 }
}
