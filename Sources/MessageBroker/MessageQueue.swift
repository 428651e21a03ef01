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
    /// The number of the newest consumer.
    var newestOrder: UInt64 = 0
    /// Whether the only consumer wants no other.
    var isExclusivelyConsumed = false

    var consumerRecords: some Sequence<EndRecord> { ends.values.lazy.filter { $0.terms != nil } }
  }

  /// One session's end, as long as it is attached.
  @usableFromInline
  final class EndRecord: Sendable {
    @usableFromInline let counters = EndCounters()
    /// What the consumer asked for; nil for ends that publish or serve `get`.
    let terms: ConsumerTerms?
    /// Rises from consumer to consumer of the queue, from 1.
    let order: UInt64

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
  let bodies: BodyStore
  let sessions: SessionTable
  /// The consumers' lanes, if the policy decides at publishing.
  let lanes: QueueLanes?
  /// Who may take, if that is not everybody.
  let gate: ConsumerGate?
  private let returned = Guarded(ReturnedMessages())
  private let book = Guarded(Book())

  init(
    name: String, handle: QueueHandle, options: QueueOptions, owner: SessionIdentifier?, bodies: BodyStore,
    sessions: SessionTable
  ) {
    self.name = name
    self.handle = handle
    self.options = options
    self.owner = owner
    self.bodies = bodies
    self.sessions = sessions
    ring = GrowingRing(lengthLimit: options.maxLength)
    gate = ConsumerGate(options.dispatch)
    if gate != nil { shared.set(.gated, to: true) }
    lanes = QueueLanes(options)
    if lanes != nil { shared.set(.lanes, to: true) }
  }

  deinit { shared.deallocate() }

  var readyCount: Int { (lanes?.words.count ?? ring.count) + shared.detour.returnedCount }

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
      book.newestOrder += 1
      let record = EndRecord(terms: terms, order: book.newestOrder)
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
    book.withLock { book in
      guard book.ends.removeValue(forKey: ObjectIdentifier(record)) != nil else { return }
      record.counters.add(to: &book.totals)
      guard record.terms != nil else { return }
      book.consumers -= 1
      book.isExclusivelyConsumed = false
      gate?.consumersChanged(book.consumerRecords)
    }
    // Whoever stood behind it may take now.
    if gate != nil, record.terms != nil { wakeConsumers(.max) }
  }

  /// The consumers with a higher priority than one has.
  func consumers(above record: EndRecord) -> [EndRecord] {
    guard let priority = record.terms?.priority else { return [] }
    return book.withLock { book in book.consumerRecords.filter { $0.terms!.priority > priority } }
  }

  // MARK: Messages that come back

  /// Puts messages back at their places; false, with nothing done, when the queue was deleted.
  func giveBack(_ messages: [ReturnedMessage]) -> Bool {
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
    let returned = takeReturned(upTo: .max).map(\.descriptor)
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
    let count = throwAway(returned, and: ring.drain() + (lanes?.closeAll() ?? []))
    shared.set(.paused, to: false)
    wakeConsumers(.max)
    wakePublishers(.max)
    return count
  }

  /// Throws away messages that were taken out of the side list, and messages out of ring and lanes; returns how many.
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
    let (totals, consumers) = book.withLock { book in
      var totals = book.totals
      for record in book.ends.values { record.counters.add(to: &totals) }
      return (totals, book.consumers)
    }
    // Everything that was delivered is acknowledged, back, thrown away by its consumer, or still in hand.
    let settled = totals.acknowledged &+ totals.returned &+ totals.discarded
    return QueueStatistics(
      name: name, handle: handle, ready: readyCount,
      unacknowledged: Int(truncatingIfNeeded: totals.delivered >= settled ? totals.delivered - settled : 0),
      consumers: consumers,
      memoryByteCount: ring.byteCount + QueueSharedState.byteCount + (lanes?.byteCount ?? 0)
        + returned.withLock { $0.count } * MemoryLayout<ReturnedMessage>.stride,
      totals: totals)
  }
}
