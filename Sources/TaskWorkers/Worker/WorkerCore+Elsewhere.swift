import DriverInterface
import Platform
import RingBuffers
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Takes a task in hand that is not done on this thread.
  mutating func takeInHand(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    hands.add(TaskInHand(message, envelope, index), message)
    if unsafe table.terms[index].isAsynchronous { startWaiting() }
  }

  /// Begins with the asynchronous tasks whose turn it is, as many as may be under way; returns how many.
  @discardableResult
  mutating func startWaiting() -> Int {
    var started = 0
    while hands.begunCount < Self.asynchronousLimit, let hand = hands.firstWaiting, isAsynchronous(hand) {
      started += 1
      guard !endIfFirstIsUnwanted(hand) else { continue }
      begin(hand)
      startAsynchronously(hand)
    }
    return started
  }

  /// Ends the task that has waited longest for a place, if it was called off in the meantime or has expired; false when it may begin.
  mutating func endIfFirstIsUnwanted(_ hand: TaskHand) -> Bool {
    guard endIfUnwanted(hand) else { return false }
    hands.removeFirstWaiting(hasBegun: false)
    return true
  }

  /// Ends a task that has not begun, if it was called off since it was taken or has expired; false when it may begin.
  mutating func endIfUnwanted(_ hand: TaskHand) -> Bool {
    let envelope = hand.envelope
    guard envelope.expires != 0 || !revocations.isEmpty else { return false }
    let now = presentTime()
    var facts = TaskAdmission.Facts()
    facts.isRevoked = revocations.contains(envelope.identifier, now: now)
    facts.expires = envelope.expires
    let admission = TaskAdmission(facts, now: now)
    guard let ending = admission.ending else { return false }
    tally.count(admission)
    endUnbegun(hand.task, envelope, ending.state, ending.errorType)
    hands.release(hand)
    return true
  }

  /// Whether a task runs on Swift's concurrency pool.
  func isAsynchronous(_ hand: TaskHand) -> Bool { unsafe table.terms[hand.task.index].isAsynchronous }

  /// How many asynchronous tasks may be under way in a worker.
  static var asynchronousLimit: Int { 1024 }

  /// A task has got a place: from here on it is at most once, unless it acknowledges late.
  mutating func begin(_ hand: TaskHand) {
    hands.removeFirstWaiting(hasBegun: true)
    beginAttempt(hand)
  }

  /// What the beginning of an attempt means, wherever it is made.
  mutating func beginAttempt(_ hand: TaskHand) {
    attempt += 1
    hand.attempt = attempt
    if unsafe !table.terms[hand.task.index].acksLate {
      hand.keepCopy()
      endpoint.acknowledge(hand.task.tag, multiple: false, now: now)
      hand.task.isOwed = false
    }
    hand.start = isWatched(hand.task.index) ? announce(hand.task, hand.envelope) : 0
  }

  /// When the soft time limit of an attempt is over that begins now; `.max` for never.
  mutating func softDeadline(of hand: TaskHand) -> Int64 {
    let terms = unsafe table.terms[hand.task.index]
    return hand.envelope.softTimeLimit | terms.softTimeLimit == 0 ? .max : softDeadline(hand.envelope, terms)
  }

  private func isWatched(_ index: Int) -> Bool { unsafe observer != nil || table.terms[index].tracksStart }

  private mutating func startAsynchronously(_ hand: TaskHand) {
    guard case .asynchronous(let handler) = table.entries[hand.task.index].work else {
      preconditionFailure("the task is synchronous")
    }
    // A stop word of its own: several are under way at a time.
    var context = TaskContext(
      hand.envelope, isRedelivered: hand.task.isRedelivered, attempt: hand.attempt,
      softDeadline: softDeadline(of: hand), environment: TaskEnvironment(clock: time))
    context.input = TaskInput(hand.envelope)
    let attempt = AsyncAttempt(slot: hand.slot, context, bell: bell)
    hand.asynchronous = attempt
    do {
      attempt.start(handler, try runner.unpack(hand.envelope), into: endingRing)
    } catch {
      attempt.end(.threw(error), into: endingRing)
    }
  }

  /// Ends the asynchronous attempts that are over; returns how many.
  @usableFromInline
  mutating func takeAsynchronousEndings() -> Int {
    var done = 0
    while let slot = endings.tryPop() {
      let hand = hands[Int(slot)]
      // Given up before, by a cold stop.
      guard let attempt = hand.asynchronous else { continue }
      guard let ending = attempt.ending else { preconditionFailure("an attempt that has ended says how") }
      let state = runner.write(
        ending, for: hand.envelope, hand.task.index, isRedelivered: hand.task.isRedelivered)
      finish(hand, state)
      done += 1
    }
    if let coldLimit, now >= coldLimit {
      for hand in hands.all where hand.asynchronous != nil { abort(hand) }
    }
    startWaiting()
    return done
  }

  /// A task that was done elsewhere has ended with the outcome that the runner holds.
  mutating func finish(_ hand: TaskHand, _ state: TaskState) {
    isNowOld = true
    end(hand.task, hand.envelope, state, start: hand.start)
    hands.release(hand)
  }
}
