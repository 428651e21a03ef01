import DriverInterface
import Platform

/// Publishes to a fake queue: stages up to `stagingLimit` bodies, hands them over in `flush`.
struct FakeSender: MessageSender, ~Copyable {
  let queue: FakeQueue
  let stagingLimit: Int
  private let staging: FakeQueue
  private var handedOverCount: UInt64 = 0
  /// What `confirmedCount` says; nil for all that was handed over.
  var confirmLimit: UInt64?
  /// Called with each body's bytes and the time of its hand-over.
  var handedOver: ((MessageBody, Int64) -> Void)?

  init(_ queue: FakeQueue, stagingLimit: Int = 64, handedOver: ((MessageBody, Int64) -> Void)? = nil) {
    self.queue = queue
    self.stagingLimit = stagingLimit
    staging = FakeQueue(capacity: stagingLimit)
    self.handedOver = handedOver
  }

  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool {
    staging.offer(body, correlation: correlation) == .accepted
  }

  mutating func flush(now: Int64) -> FlushOutcome {
    var outcome = FlushOutcome()
    while staging.count > 0 {
      let next = staging.message(at: staging.acceptedCount - staging.count)
      switch queue.offer(next.body, correlation: next.correlation) {
      case .accepted: outcome.acceptedCount += 1
      case .rejected: outcome.rejectedCount += 1
      case .unroutable: outcome.unroutableCount += 1
      case .full:
        outcome.remainingCount = staging.count
        return outcome
      }
      handedOver?(next.body, now)
      handedOverCount += 1
      _ = staging.take(limit: 1)
    }
    return outcome
  }

  mutating func confirmedCount() -> UInt64 { min(handedOverCount, confirmLimit ?? .max) }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}

/// Consumes from a fake queue.
struct FakeReceiver: MessageReceiver, ~Copyable {
  let queue: FakeQueue
  private var batch = (first: 0, count: 0)

  init(_ queue: FakeQueue) { self.queue = queue }

  mutating func receive(limit: Int, now: Int64) -> Int {
    batch = queue.take(limit: limit)
    return batch.count
  }

  mutating func received(now: Int64) {
    if queue.keepsAcknowledgements { queue.receptions.append((batch.count, now)) }
  }

  func message(at index: Int) -> ReceivedMessage { queue.message(at: batch.first + index) }

  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    if queue.keepsAcknowledgements { queue.acknowledgements.append((tag, multiple)) }
  }

  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) { queue.refusals.append((tag, requeue)) }

  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}

/// A client's end: requests go to one fake queue, replies come from another.
struct FakeClient: MessageSender, MessageReceiver, ~Copyable {
  var sender: FakeSender
  var receiver: FakeReceiver

  init(requests: FakeQueue, replies: FakeQueue) {
    sender = FakeSender(requests, stagingLimit: 1)
    receiver = FakeReceiver(replies)
  }

  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool {
    sender.send(body, route: route, correlation: correlation, priority: priority, now: now)
  }
  mutating func flush(now: Int64) -> FlushOutcome { sender.flush(now: now) }
  mutating func confirmedCount() -> UInt64 { sender.confirmedCount() }
  mutating func receive(limit: Int, now: Int64) -> Int { receiver.receive(limit: limit, now: now) }
  mutating func received(now: Int64) { receiver.received(now: now) }
  func message(at index: Int) -> ReceivedMessage { receiver.message(at: index) }
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    receiver.acknowledge(tag, multiple: multiple, now: now)
  }
  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) { receiver.refuse(tag, requeue: requeue, now: now) }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}

/// A server's end: requests come from one fake queue, replies go to another.
struct FakeServer: ReplyingReceiver, ~Copyable {
  var sender: FakeSender
  var receiver: FakeReceiver

  init(requests: FakeQueue, replies: FakeQueue, stagingLimit: Int = 2) {
    sender = FakeSender(replies, stagingLimit: stagingLimit)
    receiver = FakeReceiver(requests)
  }

  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    sender.send(body, route: 0, correlation: message.correlation, priority: 0, now: now)
  }
  mutating func flushReplies(now: Int64) -> FlushOutcome { sender.flush(now: now) }
  mutating func receive(limit: Int, now: Int64) -> Int { receiver.receive(limit: limit, now: now) }
  mutating func received(now: Int64) { receiver.received(now: now) }
  func message(at index: Int) -> ReceivedMessage { receiver.message(at: index) }
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    receiver.acknowledge(tag, multiple: multiple, now: now)
  }
  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) { receiver.refuse(tag, requeue: requeue, now: now) }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}

/// Notes which waiting calls it gets.
struct RecordingEndpoint: WaitingEndpoint {
  enum Call: Equatable { case prepare, cancel, wait(Int64) }
  var calls: [Call] = []

  mutating func prepareToWait() { calls.append(.prepare) }
  mutating func cancelWait() { calls.append(.cancel) }
  mutating func wait(timeoutNanoseconds: Int64) { calls.append(.wait(timeoutNanoseconds)) }
}
