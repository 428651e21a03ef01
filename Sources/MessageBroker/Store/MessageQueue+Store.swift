import Distributions
import Platform
import RingBuffers
import Synchronization

/// The queue's store, behind its lock: made at the declaration if the options need one, or when the first message comes that is
/// timed. From then on all messages of the queue lie in it.
extension MessageQueue {
  /// What became of messages that were to be put in.
  struct Arrivals {
    /// How many were taken, those that expired at once included.
    var taken = 0
    /// Those that expired at once.
    var expired: [MessageStore.Taken] = []
    /// Whether some must leave for others, or because their time is over: `Broker.expel` is owed.
    var mayLeave = false
    var isClosed = false
  }

  /// Runs `body` with the store, which is made when there is none.
  func withStore<Result>(_ body: (MessageStore) -> Result) -> Result {
    store.withLock { place in
      let store = place ?? makeStore()
      place = store
      if !options.needsStore, lanes == nil { moveFromRing(into: store) }
      let result = body(store)
      storedCount.store(store.readyCount, ordering: .relaxed)
      heldCount.store(store.heldCount, ordering: .relaxed)
      let moment = store.nextMoment()
      storeMoment.store(moment, ordering: .relaxed)
      if moment < .max, !isWatched.exchange(true, ordering: .relaxed) { clock.watch(self) }
      return result
    }
  }

  var hasStore: Bool { shared.detour.contains(.store) }

  /// The same, if there is a store.
  func withStoreIfAny<Result>(_ body: (MessageStore) -> Result) -> Result? { hasStore ? withStore(body) : nil }

  /// Gives back memory that has not been needed of late.
  func trim() {
    ring.trim()
    lanes?.trim()
    withStoreIfAny { $0.trim() }
  }

  private func makeStore() -> MessageStore {
    // Sessions that have not seen the flag may still push into the ring; those messages are moved over before anything else.
    shared.set(.store, to: true)
    return MessageStore(
      options: options, pool: bodies.pool, nextPosition: ring.firstPosition, draw: retryDraw ?? Self.draws(seed: number)
    )
  }

  /// Draws for retries, from 0 up to 1. Asked for under the store's lock only.
  private static func draws(seed: UInt64) -> () -> Double {
    var random = SplitMix64(seed: seed)
    return { Double(random.next() >> 11) * 0x1p-53 }
  }

  /// Moves over what was pushed, or came back, before its session knew of the store.
  private func moveFromRing(into store: MessageStore) {
    if shared.detour.returnedCount > 0 {
      for message in takeReturned(upTo: .max) {
        store.insert(message.descriptor, position: message.position, now: clock.now)
      }
    }
    guard ring.count > 0 else { return }
    var end = ring.makeConsumer()
    while true {
      let count = end.take(upTo: 256)
      guard count > 0 else { break }
      for index in 0..<count { _ = store.makeReady(end.element(at: index), now: clock.now) }
      end.release()
    }
  }

  /// Puts messages in, in order, as far as the limits allow; those of a publisher that may be asked to wait or be refused.
  /// - Parameters:
  ///   - due: Until when they are held, if that is later than now.
  ///   - beyondLimit: Whether they are taken whatever the limits say.
  func arrive(
    _ messages: UnsafeBufferPointer<StagedMessage>, due: Int64 = .min, beyondLimit: Bool = false
  ) -> Arrivals {
    withStore { store in
      var arrivals = Arrivals()
      arrivals.isClosed = ring.isClosed
      for place in 0..<(arrivals.isClosed ? 0 : messages.count) {
        let descriptor = unsafe messages[place].descriptor
        // A publisher whose clock is ahead of ours is right.
        let now = max(clock.now, descriptor.publishedAtNanoseconds)
        if options.overflow != .dropHead, !beyondLimit, store.wouldOverflow(with: descriptor.bodyByteCount) { break }
        if !beyondLimit, isFull(beside: store) { break }
        admit(descriptor, due: due, now: now, to: store, &arrivals)
      }
      return arrivals
    }
  }

  /// Puts in a message that has nobody who could wait, whatever the limits say.
  func accept(_ descriptor: MessageDescriptor) -> Arrivals {
    withStore { store in
      var arrivals = Arrivals()
      arrivals.isClosed = ring.isClosed
      if !arrivals.isClosed { admit(descriptor, due: .min, now: clock.now, to: store, &arrivals) }
      return arrivals
    }
  }

  /// Puts in a message that was held: a new one gets its place now, one that waited for its next attempt has one.
  func acceptDue(_ message: MessageStore.Taken) -> Arrivals {
    guard !message.isNew else { return accept(message.descriptor) }
    return withStore { store in
      var arrivals = Arrivals()
      arrivals.isClosed = ring.isClosed
      if !arrivals.isClosed { store.insert(message.descriptor, position: message.position, now: clock.now) }
      return arrivals
    }
  }

  private func admit(
    _ descriptor: MessageDescriptor, due: Int64, now: Int64, to store: MessageStore, _ arrivals: inout Arrivals
  ) {
    if due > now {
      store.hold(descriptor, position: nil, until: due)
    } else if let expired = store.makeReady(descriptor, now: now) {
      arrivals.expired.append(expired)
    }
    arrivals.taken += 1
    if store.mustLose(at: clock.now) { arrivals.mayLeave = true }
  }

  /// Puts in a message that has nobody who could wait: into the ring if it is the place and has room, else into the store. Nil when
  /// the queue was deleted.
  func acceptAnyhow(_ descriptor: MessageDescriptor) -> Arrivals? {
    if lanes == nil, !shared.detour.contains(.store) {
      var end = ring.makeProducer()
      if end.tryPush(descriptor) { return Arrivals() }
    }
    let arrivals = accept(descriptor)
    return arrivals.isClosed ? nil : arrivals
  }

  /// Whether what lies in lanes, if there are any, and in the store is as much as there may be.
  private func isFull(beside store: MessageStore) -> Bool {
    guard let lanes else { return false }
    return lanes.words.count + shared.detour.returnedCount + store.count >= options.maxLength
  }

  /// Whether one more message of that size would be too many.
  func wouldOverflow(with byteCount: Int) -> Bool {
    if lanes == nil, shared.detour.contains(.store) { return withStore { $0.wouldOverflow(with: byteCount) } }
    return occupiedCount >= options.maxLength
  }

  /// Takes up to `limit` messages for a consumer, each handed to `body`; none for one whose time is over.
  /// - Parameter tracking: The consumer, if it has a time-out, and the tag of the first delivery.
  ///
  /// `book` is called with how many there were before anybody else can take: so the limit of unacknowledged messages holds.
  func takeFromStore(
    upTo limit: Int, isAutomatic: Bool, tracking: (record: EndRecord, firstTag: UInt64)?,
    _ body: (MessageStore.Taken) -> Void,
    book: (Int) -> Void
  ) {
    withStore { store in
      var room = limit
      if !isAutomatic, let most = options.unacknowledgedLimit { room = min(room, most - unacknowledgedCount) }
      let key = tracking.map { ObjectIdentifier($0.record) }
      if let key, store.lent[key] == nil { return }
      var taken = 0
      while taken < room, let next = store.takeNext() {
        if let key { store.lent[key]?.lend(next, tag: tracking!.firstTag + UInt64(taken), at: clock.now) }
        body(next)
        taken += 1
      }
      if taken > 0 { book(taken) }
    }
  }
}

extension MessageQueue {
  /// See `giveBack`.
  func giveBackToStore(_ messages: [ReturnedMessage], isFailure: Bool) -> Bool {
    let isOpen = withStore { store in
      guard !ring.isClosed else { return false }
      for message in messages { store.giveBack(message, isFailure: isFailure, now: clock.now) }
      return true
    }
    if isOpen { wakeConsumers(messages.count) }
    return isOpen
  }

  /// Empties the store of a queue whose ring is closed; returns how many of the messages were ready.
  func closeStore(throwing thrown: inout [MessageDescriptor]) -> Int {
    guard shared.detour.contains(.store) else { return 0 }
    let (ready, held) = withStore { $0.takeAll() }
    thrown += (ready + held).map(\.descriptor)
    return ready.count
  }
}
