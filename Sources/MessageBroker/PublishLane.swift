public import RingBuffers

/// A session's end of a queue that it publishes to: the ring's producer end, and messages staged for the next batch.
///
/// Owned by the session's thread.
@safe @frozen @usableFromInline
struct PublishLane: ~Copyable {
  @usableFromInline var producer: GrowingRing<MessageDescriptor>.Producer
  @usableFromInline let shared: QueueSharedState
  @usableFromInline let counters: EndCounters
  @usableFromInline let handle: QueueHandle
  /// The number of the queue's name as a routing key: what replies are published with.
  @usableFromInline let nameKey: UInt32
  @usableFromInline let rejectsWhenFull: Bool
  /// The length limit, for the rare case that returned messages count against it too.
  @usableFromInline let maxLength: Int
  /// The oldest staged message lies at `stagedStart`, the newest before `stagedEnd`.
  @usableFromInline var staged: UnsafeMutablePointer<StagedMessage>
  @usableFromInline var stagedStart = 0
  @usableFromInline var stagedEnd = 0
  @usableFromInline var stagedCapacity = SessionOptions.publishBatchLimit
  @usableFromInline var isParked = false
  @usableFromInline let queue: MessageQueue
  let record: MessageQueue.EndRecord
  /// The session's ends of the consumers' lanes, if the queue has such and they were needed.
  var spread: UnsafeMutablePointer<LaneSpread>?

  init(to queue: MessageQueue, nameKey: UInt32) {
    self.nameKey = nameKey
    self.queue = queue
    record = queue.attach()
    producer = queue.ring.makeProducer()
    shared = queue.shared
    counters = record.counters
    handle = queue.handle
    rejectsWhenFull = queue.options.overflow.rejects
    maxLength = queue.options.maxLength
    unsafe staged = ThreadMemory.allocate(StagedMessage.self, capacity: stagedCapacity)
    unsafe spread = nil
  }

  deinit {
    if let spread = unsafe spread {
      unsafe spread.deinitialize(count: 1)
      unsafe ThreadMemory.deallocate(spread)
    }
    unsafe ThreadMemory.deallocate(staged)
    queue.detach(record)
  }

  @inlinable @inline(__always)
  var stagedCount: Int { stagedEnd &- stagedStart }

  @inlinable @inline(__always)
  var hasStagingRoom: Bool { stagedEnd < stagedCapacity }

  /// How many of `count` messages the ring may take beside messages that came back. Exact unless others publish or
  /// requeue at this very moment; the ring's own limit is always exact.
  @inlinable @inline(__always)
  mutating func allowance(for count: Int) -> Int {
    let detour = shared.detour
    return detour.rawValue == 0 ? count : allowance(for: count, beside: detour)
  }

  /// None where the ring is not the place to push to: then the way of those that were not taken leads on.
  @usableFromInline
  mutating func allowance(for count: Int, beside detour: Detour) -> Int {
    guard detour.isDisjoint(with: [.store, .lanes]) else { return 0 }
    return max(0, min(count, maxLength - detour.returnedCount - producer.currentCount()))
  }

  /// Whether the queue's messages lie in its store instead of the ring.
  @inlinable
  var hasStore: Bool { shared.detour.intersection([.store, .lanes]) == .store }

  /// Whether the consumers have lanes; then only timed messages lie in the store.
  var hasLanes: Bool { shared.detour.contains(.lanes) }

  /// Whether the queue would take one more message of that size now, if nobody else publishes.
  mutating func hasRoom(for byteCount: Int) -> Bool {
    let detour = shared.detour
    if hasLanes { return queue.occupiedCount < maxLength }
    if hasStore { return queue.options.overflow == .dropHead || !queue.wouldOverflow(with: byteCount) }
    return allowance(for: 1, beside: detour) > 0
  }

  /// Adds a message behind the staged ones; the caller has looked at `hasStagingRoom`.
  @inlinable @inline(__always)
  mutating func stage(_ descriptor: MessageDescriptor, sequence: UInt64) {
    let place = unsafe staged + stagedEnd
    unsafe place.pointee.descriptor = descriptor
    unsafe place.pointee.sequence = sequence
    stagedEnd &+= 1
  }

  /// Pushes as many staged messages as the queue takes, with one compare-and-swap, or one for each segment that it fills;
  /// returns how many.
  @inlinable
  mutating func push() -> Int {
    var pushed = 0
    while stagedCount > 0 {
      let wanted = allowance(for: stagedCount)
      let count = wanted > 0 ? producer.claim(upTo: wanted) : 0
      guard count > 0 else { break }
      let oldest = unsafe staged + stagedStart
      for index in 0..<count { unsafe producer.write(oldest[index].descriptor, at: index) }
      producer.publish()
      dropOldest(count)
      pushed &+= count
    }
    if pushed > 0 { counters.add(pushed, to: .published) }
    return pushed
  }

  /// Forgets the oldest `count` staged messages.
  @inlinable @inline(__always)
  mutating func dropOldest(_ count: Int) {
    stagedStart &+= count
    if stagedStart == stagedEnd {
      stagedStart = 0
      stagedEnd = 0
    }
  }

  /// Forgets the newest staged message.
  mutating func dropNewest() {
    stagedEnd -= 1
    dropOldest(0)
  }

  /// Moves the staged messages to the front of their memory.
  @usableFromInline
  mutating func compact() {
    for index in 0..<stagedCount { unsafe staged[index] = staged[stagedStart + index] }
    stagedEnd -= stagedStart
    stagedStart = 0
  }

  /// Doubles the staging room: only for messages that must move here because their queue was deleted.
  mutating func widen() {
    let wider = unsafe ThreadMemory.allocate(StagedMessage.self, capacity: 2 * stagedCapacity)
    unsafe wider.update(from: staged, count: stagedEnd)
    unsafe ThreadMemory.deallocate(staged)
    unsafe staged = wider
    stagedCapacity *= 2
  }
}

/// A message that waits for its batch, with the number its confirm will carry.
@frozen @usableFromInline
struct StagedMessage: BitwiseCopyable {
  @usableFromInline var descriptor: MessageDescriptor
  @usableFromInline var sequence: UInt64
}
