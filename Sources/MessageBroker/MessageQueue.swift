import Histograms
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
    /// What ends that are gone have measured.
    var times: LatencyHistogram?
    var ends: [ObjectIdentifier: EndRecord] = [:]
    var consumers = 0
    /// Whether the only consumer wants no other.
    var isExclusivelyConsumed = false

    var consumerRecords: some Sequence<EndRecord> {
      ends.values.lazy.filter { $0.terms != nil && !$0.isOver.load(ordering: .relaxed) }
    }
  }

  /// One session's end, as long as it is attached.
  @usableFromInline
  final class EndRecord: Sendable {
    @usableFromInline let counters = EndCounters()
    /// What the consumer asked for; nil for ends that publish or serve `get`.
    let terms: ConsumerTerms?
    /// Rises from consumer to consumer of the broker, from 1.
    let order: UInt64
    /// Whether the queue took back what the consumer had, because it kept a message for too long.
    let isTimedOut = Atomic<Bool>(false)
    /// What the consumer measures of the time in the queue.
    let times = Guarded<HistogramRecorder?>(nil)
    /// Whether the consumer is none any more. Written behind the lock of the queue's book.
    let isOver = Atomic<Bool>(false)

    init(terms: ConsumerTerms? = nil, order: UInt64 = 0) {
      self.terms = terms
      self.order = order
    }

    deinit { counters.deallocate() }

    /// Whether the consumer would take one more message.
    var hasRoom: Bool {
      guard let prefetch = terms?.prefetch, prefetch < .max else { return true }
      return counters.unacknowledgedCount < prefetch
    }
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
  let sessions: SessionTable
  /// The consumers' lanes, if the policy decides at publishing.
  let lanes: QueueLanes?
  /// Who may take, if that is not everybody.
  let gate: ConsumerGate?
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
    gate = ConsumerGate(options.dispatch)
    if gate != nil { shared.set(.gated, to: true) }
    lanes = QueueLanes(options)
    if lanes != nil { shared.set(.lanes, to: true) }
    if options.needsStore { withStore { _ in } }
    if options.expires != nil, !isWatched.exchange(true, ordering: .relaxed) { clock.watch(self) }
  }

  deinit { shared.deallocate() }

  var readyCount: Int {
    (lanes?.words.count ?? ring.count) + shared.detour.returnedCount + storedCount.load(ordering: .relaxed)
  }

  /// Messages that count against `max_length`.
  var occupiedCount: Int { readyCount + heldCount.load(ordering: .relaxed) }

  var consumerCount: Int { book.withLock { $0.consumers } }

  // MARK: Ends of sessions

  /// Registers an end of a session that publishes or serves `get`; its counters count from now on.
  func attach() -> EndRecord {
    let record = EndRecord()
    book.withLock { $0.ends[ObjectIdentifier(record)] = record }
    return record
  }

  /// Registers a consumer. Error: 403 (somebody wants the queue for itself and is not alone).
  func attach(_ terms: ConsumerTerms) throws(BrokerError) -> EndRecord {
    if terms.isExclusive, gate?.isSingleActive == true { throw .exclusiveBesideSingleActive(name) }
    let record = book.withLock { book -> EndRecord? in
      guard book.consumers == 0 || !(book.isExclusivelyConsumed || terms.isExclusive) else { return nil }
      let record = EndRecord(terms: terms, order: sessions.numberConsumer())
      book.ends[ObjectIdentifier(record)] = record
      book.consumers += 1
      book.isExclusivelyConsumed = terms.isExclusive
      gate?.consumersChanged(book.consumerRecords)
      return record
    }
    guard let record else { throw .exclusiveUse(of: name) }
    return record
  }

  /// Keeps the end's totals and forgets it.
  func detach(_ record: EndRecord) {
    end(record)
    book.withLock { book in
      guard book.ends.removeValue(forKey: ObjectIdentifier(record)) != nil else { return }
      record.counters.add(to: &book.totals)
      Self.merge(record, into: &book.times)
    }
  }

  /// Runs `body` with what past ends have measured and the ends there are.
  func withEnds<Result>(_ body: (LatencyHistogram?, Dictionary<ObjectIdentifier, EndRecord>.Values) -> Result) -> Result
  {
    book.withLock { body($0.times, $0.ends.values) }
  }

  /// A consumer is none any more, though its session may still have to count what it did.
  func end(_ record: EndRecord) {
    guard record.terms != nil else { return }
    let isFirst = book.withLock { book in
      guard !record.isOver.exchange(true, ordering: .relaxed) else { return false }
      book.consumers -= 1
      book.isExclusivelyConsumed = false
      gate?.consumersChanged(book.consumerRecords)
      return true
    }
    guard isFirst else { return }
    touch()
    // Whoever stood behind it may take now.
    if gate != nil { wakeConsumers(.max) }
  }

  /// All consumers, in the order in which they came.
  func consumers() -> [EndRecord] { book.withLock { $0.consumerRecords.sorted { $0.order < $1.order } } }

  /// The consumers with a higher priority than one has.
  func consumers(above record: EndRecord) -> [EndRecord] {
    guard let priority = record.terms?.priority else { return [] }
    return book.withLock { book in book.consumerRecords.filter { $0.terms!.priority > priority } }
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

  /// A consumer that was ended had it in its hands.
  func countRefused() { book.withLock { $0.totals.refused += 1 } }

  /// Deliveries came back without their session.
  func countReturned(_ count: Int) { book.withLock { $0.totals.returned += UInt64(count) } }

  /// A dead letter was refused.
  func countRejected() { book.withLock { $0.totals.rejected += 1 } }

  /// A dead letter came in.
  func countDeadLetterIn() { book.withLock { $0.totals.published += 1 } }

  /// Deliveries in the hands of consumers. Of all numbers that were true during the call the largest.
  var unacknowledgedCount: Int { totals().unacknowledged }

  /// When the message was published that has been unacknowledged for longest.
  private func oldestUnacknowledged() -> Int64? {
    book.withLock { $0.ends.values.compactMap(\.counters.oldest).min() }
  }

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
    // Beside lanes the store has timed messages only, and one that comes back has been delivered in time.
    if shared.detour.contains(.store), lanes == nil { return giveBackToStore(messages, isFailure: isFailure) }
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
    if shared.parkedConsumers.mayBeAny { wakeParkedConsumers(count) }
  }

  private func wakeParkedConsumers(_ count: Int) {
    // Nobody could take; `resume` wakes everybody.
    if shared.detour.contains(.paused) { return }
    guard let gate, count < .max else { return sessions.wake(shared.parkedConsumers, limit: count) }
    // A consumer that stands behind others must not swallow the wake-up that was meant for these.
    if gate.isSingleActive {
      sessions.wake(gate.activeSlot, in: shared.parkedConsumers)
    } else {
      sessions.wake(shared.parkedConsumers, limit: .max)
    }
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

  func pause() { shared.set(.paused, to: true) }

  func resume() {
    shared.set(.paused, to: false)
    wakeConsumers(.max)
  }

  /// Throws away the ready messages of this moment; returns how many.
  func purge() -> Int {
    var returned = takeReturned(upTo: .max).map(\.descriptor)
    if shared.detour.contains(.store) { returned += withStore { $0.takeAllReady() }.map(\.descriptor) }
    // No more than there were: publishers that keep on publishing must not keep us here.
    return throwAway(returned, and: ring.drain(upTo: ring.count) + (lanes?.drain() ?? []))
  }

  /// Closes the queue for good and throws away what is ready; returns how many messages. Everybody parked is woken.
  func close() -> Int {
    ring.close()
    let returned = returned.withLock { list in
      let left = list.close()
      shared.addReturned(-left.count)
      return left.map(\.descriptor)
    }
    let readyCount = throwAway(returned, and: ring.drain() + (lanes?.closeAll() ?? []))
    var stored: [MessageDescriptor] = []
    let storedCount = closeStore(throwing: &stored)
    throwAway(stored, and: [])
    shared.set(.paused, to: false)
    wakeConsumers(.max)
    wakePublishers(.max)
    return readyCount + storedCount
  }

  /// Throws away messages that were taken out of side list and store, and messages out of ring and lanes; returns how many.
  @discardableResult
  func throwAway(_ returned: [MessageDescriptor], and others: [MessageDescriptor]) -> Int {
    let count = returned.count + others.count
    bodies.release(returned)
    bodies.release(others)
    book.withLock { $0.totals.purged += UInt64(count) }
    lanes?.words.addTaken(others.count)
    wakePublishers(count)
    return count
  }

  func statistics() -> QueueStatistics {
    let (totals, unacknowledged) = totals()
    return QueueStatistics(
      name: name, handle: handle, ready: readyCount, delayed: heldCount.load(ordering: .relaxed),
      unacknowledged: unacknowledged, oldestUnacknowledgedAt: oldestUnacknowledged(), consumers: consumerCount,
      memoryByteCount: ring.byteCount + QueueSharedState.byteCount + (lanes?.byteCount ?? 0)
        + returned.withLock { $0.count } * MemoryLayout<ReturnedMessage>.stride
        + store.withLock { $0?.byteCount ?? 0 },
      totals: totals)
  }
}
