public import Platform
public import Synchronization

extension SingleProducerRing {
  /// The producing thread's end.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: SingleProducerRing
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    /// The next slot to write; the shared tail is behind it by what is not published.
    @usableFromInline var tail: UInt64
    @usableFromInline var published: UInt64
    /// The tail at which the ring is full as far as we know: never ahead of the truth, so a stale value only makes us look.
    @usableFromInline var limit: UInt64
    @usableFromInline var claimBase: UnsafeMutablePointer<Element>
    @usableFromInline var claimCount = 0

    /// The producing end of `ring`; stops the program when the ring already has one.
    public init(of ring: SingleProducerRing) {
      let isFirst = ring.hasProducer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a producer")
      self.ring = ring
      unsafe slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      unsafe closed = ring.closed
      mask = UInt64(ring.capacity - 1)
      unsafe tail = ring.tail.pointee.load(ordering: .relaxed)
      published = tail
      limit = unsafe ring.head.pointee.load(ordering: .acquiring) &+ UInt64(ring.capacity)
      unsafe claimBase = ring.slots
    }

    deinit {
      // What was held back is published, so that an end that goes away loses nothing.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
      ring.hasProducer.store(false, ordering: .releasing)
    }

    /// Appends one element, visible at once. Returns false when the ring is full or closed. O(1).
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0, tail != limit || findSpace(for: 1) else {
        return false
      }
      append(element)
      publishTail()
      return true
    }

    /// Appends one element, published with others: every eighth time, when the ring looks full, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      // Eight items of 8 bytes are a cache line: it then travels to the consumer once.
      if tail & 7 == 0 { publishTail() }
      return true
    }

    /// Appends one element that stays invisible until `flush()` or until the ring looks full.
    @inlinable @inline(__always)
    public mutating func stage(_ element: Element) -> Bool {
      if tail == limit {
        flush()
        guard findSpace(for: 1) else { return false }
      }
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0 else { return false }
      append(element)
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
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0 else { return 0 }
      var room = Int(truncatingIfNeeded: self.limit &- tail)
      if room < limit {
        _ = findSpace(for: limit)
        room = Int(truncatingIfNeeded: self.limit &- tail)
      }
      let index = tail & mask
      claimCount = max(0, min(limit, room, Int(truncatingIfNeeded: mask &- index) &+ 1))
      unsafe claimBase = slots + Int(truncatingIfNeeded: index)
      return claimCount
    }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "slot \(index) of a claim of \(claimCount)")
      unsafe (claimBase + index).initialize(to: element)
    }

    /// The claimed slots, uninitialised, until `publish`.
    @inlinable @inline(__always)
    public var claimedSlots: UnsafeMutableBufferPointer<Element> {
      unsafe UnsafeMutableBufferPointer(start: claimBase, count: claimCount)
    }

    /// Makes the claim visible, and what was held back before it. Every claimed slot must have been written.
    @inlinable @inline(__always)
    public mutating func publish() { publish(claimCount) }

    /// Makes the first `count` slots of the claim visible and gives up the others.
    @inlinable @inline(__always)
    public mutating func publish(_ count: Int) {
      assert(count >= 0 && count <= claimCount, "published \(count) of a claim of \(claimCount)")
      tail &+= UInt64(truncatingIfNeeded: count)
      claimCount = 0
      publishTail()
    }

    /// Appends as many of `elements` as there is room for, published together; returns how many.
    @inlinable
    public mutating func push(contentsOf elements: Span<Element>) -> Int {
      var done = 0
      while done < elements.count {
        let count = claim(upTo: elements.count &- done)
        if count == 0 { break }
        unsafe elements.withUnsafeBufferPointer { source in
          unsafe claimBase.update(from: source.baseAddress! + done, count: count)
        }
        done &+= count
        publish()
      }
      return done
    }

    /// Whether the ring takes no more elements.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    @inlinable @inline(__always)
    mutating func append(_ element: Element) {
      unsafe (slots + Int(truncatingIfNeeded: tail & mask)).initialize(to: element)
      tail &+= 1
    }

    @inlinable @inline(__always)
    mutating func publishTail() {
      published = tail
      // Release pairs with the acquire in `findItems`: whoever sees this tail sees the elements.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
    }

    /// Looks at the shared head again; returns whether there is room for `count` now.
    @inlinable @inline(__always)
    mutating func findSpace(for count: Int) -> Bool {
      // Acquire pairs with the release in `publishHead`: the consumer has left the slots before we refill them.
      limit = unsafe sharedHead.pointee.load(ordering: .acquiring) &+ mask &+ 1
      return limit &- tail >= UInt64(truncatingIfNeeded: count)
    }
  }
}
