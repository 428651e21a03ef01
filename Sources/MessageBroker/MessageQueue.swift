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
  let bodies: BodyStore
  private let sessions: SessionTable
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
  }

  deinit { shared.deallocate() }

  var readyCount: Int { ring.count + shared.detour.returnedCount }

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
    bodies.release(thrown)
    book.withLock { $0.totals.purged += UInt64(thrown.count) }
    wakeConsumers(.max)
    wakePublishers(.max)
    return thrown.count
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
      memoryByteCount: ring.byteCount + QueueSharedState.byteCount
        + returned.withLock { $0.count } * MemoryLayout<ReturnedMessage>.stride,
      totals: totals)
  }
}
