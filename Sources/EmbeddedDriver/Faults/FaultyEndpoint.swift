import DriverInterface
import MessageBroker
import Platform
import WorkloadLoops

/// A receiving end of the embedded broker, or of a ring of records, that breaks what it hands on, for a self-test of the verification, or itself.
///
/// With damage it takes messages one by one, so that at most one is held back and one copied at a time. What it withholds it acknowledges
/// at once: to the broker all is well. A message that is shown late or twice carries the tag of the message shown before it,
/// whose second acknowledgement is then swallowed.
struct FaultyEndpoint<Inner: MessageReceiver & ~Copyable>: ~Copyable {
  /// A message shown behind its successor.
  private struct Late {
    var message: ReceivedMessage
    var number: SequenceNumber
    var since: Int64
  }

  /// A message whose successor does not come is shown as it is after this time: well before its absence counts as a loss.
  private static var longestDelayNanoseconds: Int64 { 100_000_000 }

  private var inner: Inner
  /// Makes a new session's end, one that consumes or one that never gets anything.
  private let open: (_ consumes: Bool) -> Inner
  private var selector: MessageFaultSelector
  private let worker: WorkerFaults
  private var shown: [ReceivedMessage] = []
  private var copy: HeldMessage
  private var late: Late?
  private var lateBody: HeldMessage
  private var isDead = false
  /// The last tag of the present session that was shown, and the last that was acknowledged.
  private var shownTag: UInt64 = 0
  private var acknowledgedTag: UInt64 = 0

  init(
    _ inner: consuming Inner, worker: WorkerFaults, selector: MessageFaultSelector, largestBodyByteCount: Int,
    open: @escaping (_ consumes: Bool) -> Inner
  ) {
    self.inner = inner
    self.open = open
    self.selector = selector
    self.worker = worker
    copy = HeldMessage(capacity: max(1, largestBodyByteCount))
    lateBody = HeldMessage(capacity: max(1, largestBodyByteCount))
    shown.reserveCapacity(4)
  }

  private func note(_ kind: FaultKind, _ number: SequenceNumber) {
    worker.log.note(Injection(kind: kind, number: number, nanoseconds: worker.time.now()))
  }
}

// MARK: - Messages

extension FaultyEndpoint where Inner: ~Copyable {
  /// Hands a message on, or does to it what its number says. One that came back is left alone: it may legitimately be late
  /// or twice.
  private mutating func show(_ message: ReceivedMessage, now: Int64) {
    guard !message.isRedelivered, let number = MessageStamp.claimedNumber(of: message.body) else {
      return append(message)
    }
    switch selector.fault(of: number) {
    case .lose:
      inner.acknowledge(message.tag, multiple: false, now: now)
      note(.lose, number)
      return
    case .reorder where late == nil:
      hold(message, number)
      inner.acknowledge(message.tag, multiple: false, now: now)
      return
    case .corrupt:
      append(corrupted(message, number))
      note(.corrupt, number)
      return
    case .duplicate:
      // A copy, because the body is the broker's again when the first is acknowledged.
      copy.hold(message.body, route: 0, correlation: message.correlation)
      append(message)
      append(message.with(copy.body, tag: message.tag))
      note(.duplicate, number)
    default:
      append(message)
    }
    if let late, late.number.stream == number.stream {
      appendLate()
      note(.reorder, late.number)
    }
  }

  private mutating func append(_ message: ReceivedMessage) {
    shown.append(message)
    shownTag = max(shownTag, message.tag)
  }

  private mutating func hold(_ message: ReceivedMessage, _ number: SequenceNumber) {
    lateBody.hold(message.body, route: 0, correlation: message.correlation)
    late = Late(message: message, number: number, since: worker.time.now())
  }

  private mutating func appendLate() {
    guard let late else { return }
    shown.append(late.message.with(lateBody.body, tag: shownTag))
    self.late = nil
  }

  /// A copy with one bit flipped, any one: the stamp's words and the content are all covered by the check.
  private mutating func corrupted(_ message: ReceivedMessage, _ number: SequenceNumber) -> ReceivedMessage {
    copy.hold(message.body, route: 0, correlation: message.correlation)
    copy.flip(bit: number.word)
    return message.with(copy.body, tag: message.tag)
  }
}

// MARK: - Death

extension FaultyEndpoint where Inner: ~Copyable {
  /// Takes messages and drops the session with them, as a crash does: the broker gives them to another consumer.
  private mutating func die(limit: Int, now: Int64) {
    let count = inner.receive(limit: limit, now: now)
    guard count > 0 else { return }
    replace(consumes: false)
    isDead = true
    worker.died(holding: count)
  }

  private mutating func comeBack() {
    guard isDead else { return }
    replace(consumes: true)
    isDead = false
    worker.cameBack()
  }

  private mutating func replace(consumes: Bool) {
    inner = open(consumes)
    // Tags begin again.
    shownTag = 0
    acknowledgedTag = 0
  }
}

extension FaultyEndpoint: MessageReceiver where Inner: ~Copyable {
  mutating func receive(limit: Int, now: Int64) -> Int {
    shown.removeAll(keepingCapacity: true)
    switch worker.look() {
    case .nothing: break
    case .die: die(limit: limit, now: now)
    case .comeBack: comeBack()
    }
    while shown.isEmpty {
      // With damage one by one, so that there is one body to keep at a time.
      let count = inner.receive(limit: selector.isIdle ? limit : 1, now: now)
      guard count > 0 else { break }
      for index in 0..<count { show(inner.message(at: index), now: now) }
    }
    if shown.isEmpty, let late, worker.time.now() - late.since > Self.longestDelayNanoseconds { appendLate() }
    if !shown.isEmpty { worker.took() }
    return shown.count
  }

  mutating func received(now: Int64) { inner.received(now: now) }

  func message(at index: Int) -> ReceivedMessage { shown[index] }

  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    // Of a copy, or of a session that died.
    guard tag != acknowledgedTag, tag <= shownTag else { return }
    acknowledgedTag = tag
    inner.acknowledge(tag, multiple: multiple, now: now)
  }

  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {
    guard tag != acknowledgedTag, tag <= shownTag else { return }
    acknowledgedTag = tag
    inner.refuse(tag, requeue: requeue, now: now)
  }

  mutating func prepareToWait() { inner.prepareToWait() }
  mutating func cancelWait() { inner.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) { inner.wait(timeoutNanoseconds: timeoutNanoseconds) }
}

extension FaultyEndpoint: ReplyingReceiver where Inner: ReplyingReceiver & ~Copyable {
  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    inner.reply(to: message, with: body, now: now)
  }

  mutating func flushReplies(now: Int64) -> FlushOutcome { inner.flushReplies(now: now) }
}

extension ReceivedMessage {
  /// The same message with other bytes.
  fileprivate func with(_ body: MessageBody, tag: UInt64) -> ReceivedMessage {
    var message = self
    message.body = body
    message.tag = tag
    return message
  }
}
