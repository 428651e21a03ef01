public import Platform
public import Synchronization

extension BroadcastRing {
  /// The producing thread's end.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: BroadcastRing
    @usableFromInline let slots: BroadcastSlots<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedAnnounced: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let laps: Bool
    /// The next position to write; the shared tail is behind it by what is not published.
    @usableFromInline var tail: UInt64
    @usableFromInline var published: UInt64
    /// The tail at which the ring is full as far as we know. Behind the tail while a reader is about to join.
    @usableFromInline var limit: UInt64
    /// Up to where readers know that we may write.
    @usableFromInline var announced: UInt64
    @usableFromInline var claimCount = 0

    /// The producing end of `ring`; stops the program when the ring already has one.
    public init(of ring: BroadcastRing) {
      let isFirst = ring.hasProducer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a producer")
      self.ring = ring
      slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedAnnounced = ring.announced
      unsafe closed = ring.closed
      laps = ring.mode == .lap
      unsafe tail = ring.tail.pointee.load(ordering: .relaxed)
      published = tail
      limit = tail
      // Ahead of the tail when the end before us dropped a claim: those slots are overwritten, and must stay announced.
      announced = unsafe ring.announced.pointee.load(ordering: .relaxed)
      // Pairs with the fence in `overtakenCount`, for our elements under the announcement of the end before us.
      atomicMemoryFence(ordering: .releasing)
    }

    deinit {
      // What was held back is published, so that an end that goes away loses nothing.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
      ring.hasProducer.store(false, ordering: .releasing)
    }

    /// Appends one element, visible at once. Returns false when closed, or when a reader has no room for it yet.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      publishTail()
      return true
    }

    /// Appends one element, published with others: every eighth time, when the ring looks full, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      if tail & 7 == 0 { publishTail() }
      return true
    }

    /// Appends one element that stays invisible until `flush()` or until the ring looks full.
    @inlinable @inline(__always)
    public mutating func stage(_ element: Element) -> Bool {
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0, room > 0 || findSpace() else { return false }
      announce(1)
      unsafe slots.write(element, at: slots.address(of: tail), inWords: laps)
      tail &+= 1
      return true
    }

    /// Publishes what was held back. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      if published != tail { publishTail() }
    }

    /// Reserves up to `limit` slots in a row in memory (never across the wrap); returns how many, 0 when full or closed.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int {
      claimCount = 0
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0 else { return 0 }
      if room < limit { _ = findSpace() }
      let untilWrap = Int(truncatingIfNeeded: slots.mask &- (tail & slots.mask)) &+ 1
      claimCount = max(0, min(limit, room, untilWrap))
      announce(claimCount)
      return claimCount
    }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "slot \(index) of a claim of \(claimCount)")
      unsafe slots.write(element, at: slots.address(of: tail) + index &* BroadcastSlots<Element>.stride, inWords: laps)
    }

    /// Makes the claim visible, and what was held back before it. Every claimed slot must have been written.
    @inlinable @inline(__always)
    public mutating func publish() {
      tail &+= UInt64(truncatingIfNeeded: claimCount)
      claimCount = 0
      publishTail()
    }

    /// Whether the ring takes no more elements.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Wakes all parked readers, whatever `count` says, because each one sees each element. One fence: once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = .max) { ring.itemDoorbell.ring(waking: .max) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    /// How many slots we may write without another look. Signed, because a joining reader can put the limit back.
    @inlinable @inline(__always)
    var room: Int { Int(truncatingIfNeeded: Int64(bitPattern: limit &- tail)) }

    @inlinable @inline(__always)
    mutating func publishTail() {
      published = tail
      // Release pairs with the acquire in `findItems`: whoever sees this tail sees the elements.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
    }

    /// Tells the readers of a ring that laps what is about to be overwritten.
    @inlinable @inline(__always)
    mutating func announce(_ count: Int) {
      guard laps else { return }
      let end = tail &+ UInt64(truncatingIfNeeded: count)
      guard Int64(bitPattern: end &- announced) > 0 else { return }
      announced = end
      // Release: who sees this sees the tail as it was, so that no place to go on at lies ahead of the tail.
      unsafe sharedAnnounced.pointee.store(end, ordering: .releasing)
      // Pairs with the fence in `overtakenCount`: whoever sees one word of the new elements sees the announcement.
      atomicMemoryFence(ordering: .releasing)
    }

    /// Looks at the readers again; returns whether there is room now.
    @inlinable @inline(__always)
    mutating func findSpace() -> Bool {
      flush()
      limit = (laps ? tail : ring.readers.slowest(from: tail)) &+ slots.mask &+ 1
      return room > 0
    }
  }
}
