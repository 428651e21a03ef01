import DriverInterface
import Platform
import TaskWorkers

/// An end point of a `MemoryBroker`: consumes one queue, with acknowledgement, and sends anywhere.
///
/// Dropping it is the death of its owner: what it has not acknowledged goes back, flagged.
@safe
struct MemoryEndpoint: ~Copyable {
  @safe private struct Unacknowledged {
    let tag: UInt64
    let memory: UnsafeMutableRawPointer
    let message: MemoryBroker.Message
  }

  private let broker: MemoryBroker
  private let queue: String
  private var prefetch: Int
  private let replyTo: UInt64
  private var routes: [String]
  private var nextTag: UInt64 = 1
  private var held: [Unacknowledged] = []
  private var batch: [ReceivedMessage] = []
  private var outcome = FlushOutcome()
  /// What waits for room: lost with the end point.
  private var heldBack: [(queue: String, message: MemoryBroker.Message)] = []

  init(
    _ broker: MemoryBroker, consuming queue: String, prefetch: Int = 1000, routes: [String] = [], replyTo: UInt64 = 0
  ) {
    self.broker = broker
    self.queue = queue
    self.prefetch = prefetch
    self.routes = routes
    self.replyTo = replyTo
  }

  deinit {
    for entry in held.reversed() {
      broker.queues[queue]?.insert(Self.returned(entry.message), at: 0)
      unsafe entry.memory.deallocate()
    }
  }

  var unacknowledgedCount: Int { held.count }

  private static func returned(_ message: MemoryBroker.Message) -> MemoryBroker.Message {
    var message = message
    message.returnCount += 1
    return message
  }

  private mutating func remove(_ tag: UInt64) -> MemoryBroker.Message {
    guard let place = held.firstIndex(where: { $0.tag == tag }) else {
      preconditionFailure("tag \(tag) is not outstanding")
    }
    let entry = held.remove(at: place)
    // Whoever still looks at the body sees that it is gone.
    unsafe entry.memory.initializeMemory(as: UInt8.self, repeating: 0xEE, count: entry.message.bytes.count)
    unsafe entry.memory.deallocate()
    return entry.message
  }
}

extension MemoryEndpoint: ReplyingReceiver, AdjustableReceiver, RoutingSender, BelledEndpoint {
  mutating func setPrefetch(_ count: Int) { prefetch = count }

  mutating func receive(limit: Int, now: Int64) -> Int {
    batch = []
    while batch.count < limit, held.count < prefetch, let message = broker.queues[queue]?.first {
      broker.queues[queue]?.removeFirst()
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, message.bytes.count), alignment: 8)
      unsafe message.bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { unsafe memory.copyMemory(from: start, byteCount: bytes.count) }
      }
      unsafe held.append(Unacknowledged(tag: nextTag, memory: memory, message: message))
      unsafe batch.append(
        ReceivedMessage(
          body: MessageBody(start: memory, count: message.bytes.count), tag: nextTag,
          correlation: message.correlation, replyTo: message.replyTo, isRedelivered: message.returnCount > 0,
          returnCount: message.returnCount))
      nextTag += 1
    }
    return batch.count
  }

  func message(at index: Int) -> ReceivedMessage { batch[index] }

  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) { _ = remove(tag) }

  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {
    let message = remove(tag)
    if requeue {
      broker.queues[queue]?.insert(Self.returned(message), at: 0)
    } else {
      broker.deadLetters.append(message)
    }
  }

  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    guard let name = broker.names[message.replyTo] else { return true }
    let reply = MemoryBroker.Message(bytes: unsafe [UInt8](body.bytes), correlation: message.correlation)
    if broker.blocked.contains(name) {
      heldBack.append((name, reply))
      return true
    }
    return broker.publish(reply, to: name)
  }

  mutating func flushReplies(now: Int64) -> FlushOutcome {
    heldBack.removeAll { entry in
      !broker.blocked.contains(entry.queue) && broker.publish(entry.message, to: entry.queue)
    }
    return FlushOutcome(remainingCount: heldBack.count)
  }

  mutating func route(exchange: String, key: String) throws(DriverError) -> Int {
    if let known = routes.firstIndex(of: key) { return known }
    routes.append(key)
    return routes.count - 1
  }

  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool {
    guard outcome.rejectedCount == 0 else { return false }
    let message = MemoryBroker.Message(
      bytes: unsafe [UInt8](body.bytes), correlation: correlation, replyTo: correlation == 0 ? 0 : replyTo,
      priority: priority)
    if broker.queues[routes[route]] == nil {
      outcome.unroutableCount += 1
    } else if broker.blocked.contains(routes[route]) {
      heldBack.append((routes[route], message))
    } else if broker.publish(message, to: routes[route]) {
      outcome.acceptedCount += 1
    } else {
      outcome.rejectedCount += 1
    }
    return true
  }

  mutating func sendAtOnce(_ body: MessageBody, route: Int, priority: UInt8, now: Int64) -> FlushOutcome {
    let name = routes[route]
    guard broker.queues[name] != nil else { return FlushOutcome(unroutableCount: 1) }
    let message = MemoryBroker.Message(bytes: unsafe [UInt8](body.bytes), priority: priority)
    let isTaken = !broker.blocked.contains(name) && broker.publish(message, to: name)
    return isTaken ? FlushOutcome(acceptedCount: 1) : FlushOutcome(rejectedCount: 1)
  }

  mutating func withdraw(route: Int) -> Bool {
    guard let place = heldBack.lastIndex(where: { $0.queue == routes[route] }) else { return false }
    heldBack.remove(at: place)
    return true
  }

  mutating func flush(now: Int64) -> FlushOutcome {
    defer { outcome = FlushOutcome() }
    outcome.remainingCount = flushReplies(now: now).remainingCount
    return outcome
  }

  mutating func confirmedCount() -> UInt64 { 0 }
  mutating func wait(or bell: Doorbell, _ ticket: Doorbell.Ticket, timeoutNanoseconds: Int64) { bell.cancelWait() }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}
