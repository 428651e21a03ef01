import Platform
public import RingBuffers
import Synchronization

/// One queue: a growing ring of descriptors that any session pushes into and takes from, and a side list for what comes back.
///
/// Lives as long as a session or the broker knows it. Deleted means closed: pushes fail, and what was in it is thrown away.
@usableFromInline
final class MessageQueue: Sendable {
  /// What the control path writes down about a queue.
  private struct Book {
    /// Totals of ends that are gone, and of the control path itself.
    var totals = QueueTotals()
    var ends: [ObjectIdentifier: EndRecord] = [:]
    var consumers = 0
  }

  /// One session's end, as long as it is attached.
  @usableFromInline
  final class EndRecord: Sendable {
    @usableFromInline let counters = EndCounters()
    let isConsumer: Bool
    init(isConsumer: Bool) { self.isConsumer = isConsumer }
    deinit { counters.deallocate() }
  }

  let name: String
  @usableFromInline let handle: QueueHandle
  let options: QueueOptions
  /// The session that alone may use the queue.
  let owner: SessionIdentifier?
  @usableFromInline let ring: GrowingRing<MessageDescriptor>
  @usableFromInline let shared = QueueSharedState()
  /// Which of all queues there ever were.
  let number: UInt64
  let bodies: BodyStore
  private let sessions: SessionTable
  private let returned = Guarded(ReturnedMessages())
  private let book = Guarded(Book())
  let clock: BrokerClock
  let retryDraw: (@Sendable () -> Double)?
  /// See `MessageQueue+Store`. The counts and the moment are written under its lock.
  let store = Guarded<MessageStore?>(nil)
  let storedCount = Atomic<Int>(0)
  let heldCount = Atomic<Int>(0)
  let storeMoment = Atomic<Int64>(.max)
  /// Whether the clock knows the queue.
  let isWatched = Atomic<Bool>(false)
  /// When somebody last declared it, got from it or stopped consuming it.
  private let lastUse: Atomic<Int64>

  init(
    name: String, handle: QueueHandle, number: UInt64, options: QueueOptions, owner: SessionIdentifier?,
    bodies: BodyStore, sessions: SessionTable, clock: BrokerClock, retryDraw: (@Sendable () -> Double)?
  ) {
    self.retryDraw = retryDraw
    self.name = name
    self.handle = handle
    self.number = number
    self.options = options
    self.owner = owner
    self.bodies = bodies
    self.sessions = sessions
    self.clock = clock
    lastUse = Atomic(clock.now)
    ring = GrowingRing(lengthLimit: options.maxLength)
    if options.needsStore { withStore { _ in } }
    if options.expires != nil, !isWatched.exchange(true, ordering: .relaxed) { clock.watch(self) }
  }

  deinit { shared.deallocate() }

  var readyCount: Int { ring.count + shared.detour.returnedCount + storedCount.load(ordering: .relaxed) }

  /// Messages that count against `max_length`.
  var occupiedCount: Int { readyCount + heldCount.load(ordering: .relaxed) }

  var consumerCount: Int { book.withLock { $0.consumers } }

  // MARK: Ends of sessions

  /// Registers an end of a session; its counters count from now on.
  func attach(isConsumer: Bool) -> EndRecord {
    let record = EndRecord(isConsumer: isConsumer)
    book.withLock { book in
      book.ends[ObjectIdentifier(record)] = record
      if isConsumer { book.consumers += 1 }
    }
    return record
  }

  /// Keeps the end's totals and forgets it.
  func detach(_ record: EndRecord) {
    book.withLock { book in
      guard book.ends.removeValue(forKey: ObjectIdentifier(record)) != nil else { return }
      record.counters.add(to: &book.totals)
      if record.isConsumer { book.consumers -= 1 }
    }
    if record.isConsumer { touch() }
  }

  /// Somebody has used the queue, for `expires`.
  func touch() {
    if options.expires != nil { lastUse.store(clock.now, ordering: .relaxed) }
  }

  /// When time next does something here: to the messages, or to the queue as a whole.
  var nextMoment: Int64 { min(storeMoment.load(ordering: .relaxed), end ?? .max) }

  /// When a queue without consumers expires.
  var end: Int64? {
    guard let expires = options.expires, consumerCount == 0 else { return nil }
    let (end, overflows) = lastUse.load(ordering: .relaxed).addingReportingOverflow(expires)
    return overflows ? nil : end
  }

  // MARK: Counting what no session does

  func count(_ count: Int, gone reason: DeathReason) {
    book.withLock { book in
      switch reason {
      case _ where options.deadLetter != nil: book.totals.deadLettered += UInt64(count)
      case .expired: book.totals.expired += UInt64(count)
      case .maxlen: book.totals.dropped += UInt64(count)
      case .rejected, .deliveryLimit: book.totals.discarded += UInt64(count)
      }
    }
  }

  /// A dead letter was refused.
  func countRejected() { book.withLock { $0.totals.rejected += 1 } }

  /// A dead letter came in.
  func countDeadLetterIn() { book.withLock { $0.totals.published += 1 } }

  /// Deliveries in the hands of consumers. Of all numbers that were true during the call the largest.
  var unacknowledgedCount: Int { totals().unacknowledged }

  /// Everything that happened so far, and how many deliveries are neither acknowledged nor back nor gone.
  private func totals() -> (totals: QueueTotals, unacknowledged: Int) {
    let totals = book.withLock { book in
      var totals = book.totals
      for record in book.ends.values { record.counters.add(to: &totals) }
      return totals
    }
    let settled = totals.acknowledged &+ totals.returned &+ totals.refused
    return (totals, Int(truncatingIfNeeded: totals.delivered >= settled ? totals.delivered - settled : 0))
  }

  // MARK: Messages that come back

  /// Puts messages back at their places; false, with nothing done, when the queue was deleted.
  /// - Parameter isFailure: Whether their consumer said so: only then a retry policy makes them wait.
  func giveBack(_ messages: [ReturnedMessage], isFailure: Bool) -> Bool {
    if shared.detour.contains(.store) { return giveBackToStore(messages, isFailure: isFailure) }
    let isOpen = returned.withLock { list in
      guard !list.isClosed else { return false }
      for message in messages { list.insert(message) }
      shared.addReturned(messages.count)
      return true
    }
    if isOpen { wakeConsumers(messages.count) }
    return isOpen
  }

  /// Takes up to `limit` messages that came back, the oldest first.
  @usableFromInline
  func takeReturned(upTo limit: Int) -> [ReturnedMessage] {
    returned.withLock { list in
      let taken = list.take(upTo: limit)
      shared.addReturned(-taken.count)
      return taken
    }
  }

  // MARK: Waking

  /// Wakes as many parked consumers as there are new messages. One fence and one load when none is parked.
  @usableFromInline
  func wakeConsumers(_ count: Int) {
    guard shared.consumersMayPark else { return }
    // Pairs with the fence in `Session.prepareToPark`: our messages are visible before we look for sleepers.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if shared.parkedConsumers.mayBeAny { sessions.wake(shared.parkedConsumers, limit: count) }
  }

  /// Wakes as many parked publishers as there is new room.
  @usableFromInline
  func wakePublishers(_ count: Int) {
    guard shared.publishersMayPark else { return }
    // Pairs with the fence in `Session.prepareToPark`: our room is visible before we look for sleepers.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if shared.parkedPublishers.mayBeAny { sessions.wake(shared.parkedPublishers, limit: count) }
  }

  // MARK: Control path

  /// Throws away the ready messages of this moment; returns how many.
  func purge() -> Int {
    var thrown = takeReturned(upTo: .max).map(\.descriptor)
    if shared.detour.contains(.store) { thrown += withStore { $0.takeAllReady() }.map(\.descriptor) }
    var end = ring.makeConsumer()
    // No more than there were: publishers that keep on publishing must not keep us here.
    var left = ring.count
    while left > 0 {
      let count = end.take(upTo: min(left, 256))
      guard count > 0 else { break }
      for index in 0..<count { thrown.append(end.element(at: index)) }
      end.release()
      left -= count
    }
    bodies.release(thrown)
    book.withLock { $0.totals.purged += UInt64(thrown.count) }
    wakePublishers(thrown.count)
    return thrown.count
  }

  /// Closes the queue for good and throws away what is ready; returns how many messages. Everybody parked is woken.
  func close() -> Int {
    ring.close()
    var thrown = returned.withLock { list in
      let left = list.close()
      shared.addReturned(-left.count)
      return left.map(\.descriptor)
    }
    var end = ring.makeConsumer()
    // A publisher that reserved slots before the close is writing them now: wait for those few stores.
    while !end.isFinished {
      let count = end.take(upTo: 256)
      for index in 0..<count { thrown.append(end.element(at: index)) }
      if count > 0 { end.release() }
    }
    let readyCount = thrown.count + closeStore(throwing: &thrown)
    bodies.release(thrown)
    book.withLock { $0.totals.purged += UInt64(thrown.count) }
    wakeConsumers(.max)
    wakePublishers(.max)
    return readyCount
  }

  func statistics() -> QueueStatistics {
    let (totals, unacknowledged) = totals()
    return QueueStatistics(
      name: name, handle: handle, ready: readyCount, delayed: heldCount.load(ordering: .relaxed),
      unacknowledged: unacknowledged, consumers: consumerCount,
      memoryByteCount: ring.byteCount + QueueSharedState.byteCount
        + returned.withLock { $0.count } * MemoryLayout<ReturnedMessage>.stride
        + store.withLock { $0?.byteCount ?? 0 },
      totals: totals)
  }
}
