public import Platform
import Synchronization

extension GrowingRing {
  /// One thread's end for pushing. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the segment's end is its own.
    @usableFromInline let ring: GrowingRing
    @usableFromInline var segment: ManyToManyRing<Element>.Producer

    /// A new end of `ring`.
    public init(of ring: GrowingRing) {
      self.ring = ring
      segment = ring.chain.withLock { $0.attachProducer() }
    }

    /// Appends one element. Returns false when the ring is full or closed. O(1), one compare-and-swap.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      if segment.tryPush(element) { return true }
      return tryPushElsewhere(element)
    }

    /// Same as `tryPush`: a slot of this ring is never reserved ahead of its element.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { tryPush(element) }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Reserves up to `limit` slots in a row with one compare-and-swap; returns how many, 0 when full or closed.
    ///
    /// Fewer than wanted says nothing about the limit: a claim ends with its segment. Write all of them and `publish()` before
    /// doing anything that may wait: consumers stop at a slot that is not written.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int {
      let count = segment.claim(upTo: limit)
      return count > 0 || limit <= 0 ? count : claimElsewhere(upTo: limit)
    }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) { segment.write(element, at: index) }

    /// Makes the whole claim visible; every slot of it must have been written. O(claim).
    @inlinable @inline(__always)
    public mutating func publish() { segment.publish() }

    /// Whether the ring takes no more elements.
    public var isClosed: Bool { ring.isClosed }

    /// How many elements are ready or being written: exact when nobody else is pushing, else never more than at some moment during
    /// the call. Locks only when the segments changed.
    public mutating func currentCount() -> Int {
      while true {
        // The tail first, as in `mayFit`. The head may have gone past it since.
        let (tail, isClosed) = segment.ring.tailCursor
        let head = unsafe ring.memory.head.pointee.load(ordering: .acquiring)
        if !isClosed || !moveOn() { return max(0, Int(Int64(bitPattern: tail &- head) / 2)) }
      }
    }

    /// Wakes up to `count` parked consumers, if any. Costs one fence: call it once per batch.
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    @inlinable @inline(never)
    mutating func tryPushElsewhere(_ element: Element) -> Bool {
      while mayFit() {
        if segment.tryPush(element) { return true }
      }
      return false
    }

    @inlinable @inline(never)
    mutating func claimElsewhere(upTo limit: Int) -> Int {
      while mayFit() {
        let count = segment.claim(upTo: limit)
        if count > 0 { return count }
      }
      return 0
    }

    /// After a push that failed: whether another try may do better. False only when the ring is closed, or when its length
    /// was at the limit at a moment of this call.
    @usableFromInline
    mutating func mayFit() -> Bool {
      // The tail first: the head can only have been lower then, so the difference is one that the length really had.
      let (tail, isClosed) = segment.ring.tailCursor
      if isClosed { return moveOn() }
      // A full queue is asked again and again: a look at the head takes its line from the consumers, one at our slot does not.
      for _ in 0..<Self.pausesBeforeFull {
        if segment.ring.slotDistance(at: tail) >= 0 { break }
        spinHint()
      }
      let head = unsafe ring.memory.head.pointee.load(ordering: .acquiring)
      // With all older segments drained the slots of this one may be limit enough: then no push looks at the head.
      if segment.isLimited, segment.ring.capacity <= ring.lengthLimit,
        Int64(bitPattern: head &- segment.ring.start) >= 0
      {
        segment.isLimited = false
      }
      if Int64(bitPattern: tail &- head) >= 2 * Int64(ring.lengthLimit) { return false }
      if segment.ring.slotDistance(at: tail) < 0, !isFreedSoon(slotOf: tail, head: head) {
        _ = moveOn(growing: true)
      }
      return true
    }

    private static var pausesBeforeFull: Int { 8 }

    /// Waits a little for a slot whose element is taken and being read, which is no reason to grow; false when the element is
    /// not taken, or its reader is not at work.
    private func isFreedSoon(slotOf tail: UInt64, head: UInt64) -> Bool {
      let before = tail &- 2 &* UInt64(segment.ring.capacity)
      guard Int64(bitPattern: head &- before) > 0 else { return false }
      // A reader needs less than a microsecond for a batch; 20 of them mean that it was interrupted.
      for _ in 0..<1_000 {
        spinHint()
        if segment.ring.slotDistance(at: tail) >= 0 { return true }
      }
      return false
    }

    /// Goes to the segment that takes pushes; false when there is no other.
    /// - Parameter growing: Whether to make one if the slots of ours are used up.
    private mutating func moveOn(growing: Bool = false) -> Bool {
      let (moved, dropped) = ring.chain.withLock { chain -> (Bool, [GrowingRing.Segment]) in
        if growing { chain.growIfNeeded() }
        let current = chain.current
        guard current !== segment.ring else { return (false, []) }
        // Under the lock: whoever frees the old segment has then seen everything that we did in it.
        let gate = segment.gate
        segment = current.makeProducer()
        segment.gate = gate
        return (true, chain.takeUnused())
      }
      _ = consume dropped
      return moved
    }
  }
}
