import Platform
public import RingBuffers
import Synchronization

/// One queue: a growing ring of descriptors that any session pushes into and takes from, and a side list for what comes back.
///
/// Lives as long as a session or the broker knows it. Deleted means closed: pushes fail, and what was in it is thrown away.
@usableFromInline
final class MessageQueue: Sendable {
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
  let returned = Guarded(ReturnedMessages())
  let book = Guarded(QueueBook())
  /// Consumers at the moment; written behind the lock of the book.
  let consumerTotal = Atomic<Int>(0)
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
  let lastUse: Atomic<Int64>

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

  /// Whether a publisher with a message of that size would be held up.
  func isFull(for byteCount: Int) -> Bool {
    if occupiedCount >= options.maxLength { return true }
    return options.maxByteCount != nil && wouldOverflow(with: byteCount)
  }

  var consumerCount: Int { consumerTotal.load(ordering: .relaxed) }

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
}
