public import DriverInterface
import Serialization

/// Holds the tasks of a queue whose time has not come, outside of its workers, and publishes each when it is due: countdown, ETA,
/// retries, and what a rate limit sends away.
///
/// Roles: owned by one thread, which calls `step` at the latest at `nextMoment`, and waits at the end point in between. It consumes the
/// queue's companion (`WorkerOptions.etaQueue(of:)`) with acknowledgement and sends along route 0 to the queue itself.
/// Cost: see `EtaStore`. What it holds is acknowledged: it lives as long as the keeper. `returnAll` gives it back before the end, as far as
/// there is room; `takeRemains` hands on what is left, to be adopted by another keeper.
public struct EtaKeeper<Endpoint: MessageReceiver & MessageSender & ~Copyable>: ~Copyable {
  /// Where messages come from and go to.
  public var endpoint: Endpoint
  /// Messages that were no tasks.
  public private(set) var malformedCount = 0
  /// How often a message was left in its queue because a limit was reached.
  public private(set) var refusedCount = 0
  /// Messages published when they were due.
  public private(set) var publishedCount = 0
  private var store: EtaStore
  private var copy: ByteWriter
  /// Whether the store took nothing more at last.
  private var isFull = false
  /// Whether the due message that is first in its line is in the end point's hands, where a full queue holds it back. It stays in the
  /// store until it has arrived.
  private var isHandedOver = false
  /// When a queue that refuses messages is to be offered one again: it does not say when it has room.
  private var offerMoment: Int64?

  /// How soon that is, in nanoseconds.
  private static var offerPeriod: Int64 { 1_000_000 }

  /// A keeper with nothing in it.
  /// - Parameters:
  ///   - now: The present time.
  ///   - countLimit: The most messages.
  ///   - byteLimit: The most bytes for them.
  public init(endpoint: consuming Endpoint, now: Int64, countLimit: Int = 1 << 22, byteLimit: Int = 1 << 30) {
    self.endpoint = endpoint
    store = EtaStore(now: now, countLimit: countLimit, byteLimit: byteLimit)
    copy = ByteWriter(capacity: 1024, limit: TaskEnvelope.byteCountLimit)
  }

  /// How many tasks are held.
  public var count: Int { store.count }
  /// How many of them are due, and their queue has no room.
  public var waitingCount: Int { store.waitingCount }
  /// Bytes of memory for what is held.
  public var byteCountMapped: Int { store.byteCountMapped }
  /// When the next one is due, or one that its queue refused is to be offered again; nil without one. A queue that holds its publishers
  /// back says itself when it has room.
  public var nextMoment: Int64? {
    guard let offerMoment else { return store.nextMoment }
    return min(store.nextMoment ?? .max, offerMoment)
  }

  /// Up to `limit` of the tasks that are held, about the next ones, in the order of their moments.
  public func scheduled(limit: Int) -> [TaskSummary] {
    store.pending(limit: limit).map { held in
      let envelope = TaskEnvelope(unchecked: held.body)
      return TaskSummary(
        id: envelope.identifier, name: envelope.name.text, retries: envelope.retries, moment: held.moment)
    }
  }

  /// Publishes what is due and takes in at most `limit` messages; returns how many it dealt with.
  public mutating func step(limit: Int, now: Int64) -> Int {
    var done = 0
    if store.advance(to: now) { done = publishDue(now) }
    // Full: nobody is helped by messages that go round in circles.
    if isFull, store.count > 0 && done == 0 { return done }
    isFull = false
    let count = endpoint.receive(limit: limit, now: now)
    for index in 0..<count { take(endpoint.message(at: index), now) }
    return done + count
  }

  private mutating func publishDue(_ now: Int64) -> Int {
    var done = settleHandedOver(now)
    offerMoment = nil
    while let due = store.nextDue() {
      // Nothing passes what was handed over.
      if !isHandedOver, send(due.body, now) {
        store.published()
        publishedCount += 1
        done += 1
      } else {
        store.refused()
      }
    }
    return done
  }

  /// Whether the message is the subject's now. Handed over one by one, because a refusal says no number.
  private mutating func send(_ body: MessageBody, _ now: Int64) -> Bool {
    let priority = TaskEnvelope(unchecked: body).priority
    guard endpoint.send(body, route: 0, correlation: 0, priority: priority, now: now) else {
      _ = endpoint.flush(now: now)
      return false
    }
    let outcome = endpoint.flush(now: now)
    isHandedOver = outcome.remainingCount > 0
    guard !isHandedOver else { return false }
    guard outcome.rejectedCount == 0 else {
      offerMoment = now.advanced(upTo: Self.offerPeriod)
      return false
    }
    return true
  }

  /// Notes that the message in the end point's hands has arrived, if it has; returns how many have.
  private mutating func settleHandedOver(_ now: Int64) -> Int {
    guard isHandedOver else { return 0 }
    let outcome = endpoint.flush(now: now)
    isHandedOver = outcome.remainingCount > 0
    // One that is refused after all is offered anew.
    guard !isHandedOver, outcome.rejectedCount == 0 else { return 0 }
    noteHandedOver()
    return 1
  }

  private mutating func noteHandedOver() {
    guard store.nextDue() != nil else { preconditionFailure("what was handed over is first in its line") }
    store.published()
    publishedCount += 1
  }

  private mutating func take(_ message: ReceivedMessage, _ now: Int64) {
    guard let envelope = TaskEnvelope(message.body) else {
      malformedCount += 1
      return endpoint.refuse(message.tag, requeue: false, now: now)
    }
    copy.removeAll()
    unsafe copy.append(BorrowedBytes(message.body.bytes))
    // From here on the broker does not carry the client's address.
    if envelope.replyTo == 0 {
      EnvelopePatch.address(&copy, correlation: message.correlation, replyTo: message.replyTo)
    }
    let body = unsafe MessageBody(start: copy.bytes.start, count: copy.count)
    if !isFull, store.hold(body, destination: 0, due: envelope.eta) != nil {
      endpoint.acknowledge(message.tag, multiple: false, now: now)
    } else {
      isFull = true
      refusedCount += 1
      endpoint.refuse(message.tag, requeue: true, now: now)
    }
  }

  /// Publishes everything that is held, due or not, so that nothing is lost when the keeper ends: a worker that gets a task before its
  /// time sends it to the next keeper. Returns how many messages are left because their queue has no room.
  public mutating func returnAll(now: Int64) -> Int {
    store.advance(to: .max)
    _ = publishDue(now)
    return store.count
  }

  /// Holds what another keeper has left, each message until its own moment. What finds no place here stays where it is.
  public mutating func adopt(_ remains: EtaRemains) {
    remains.takeAll { store.hold($0.body, destination: 0, due: $0.moment) != nil }
  }
}

extension EtaKeeper where Endpoint: RoutingSender & ~Copyable {
  /// Lets go of what is still held, so that another keeper can adopt it; nil when there is nothing.
  /// - Parameter now: The present time.
  public mutating func takeRemains(now: Int64) -> EtaRemains? {
    if isHandedOver {
      isHandedOver = false
      store.advance(to: now)
      // Else it has arrived, or is about to.
      if !endpoint.withdraw(route: 0) { noteHandedOver() }
    }
    guard store.count > 0 else { return nil }
    var rest = EtaStore(now: now)
    swap(&rest, &store)
    return EtaRemains(rest)
  }
}
