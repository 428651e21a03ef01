public import Platform
public import Synchronization

extension ManyToOneRing {
  /// One thread's end for pushing. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ManyToOneRing
    @usableFromInline let slots: RingSlots<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    /// Where the tail was when this end last saw it: never ahead of the real one.
    @usableFromInline var tail: UInt64
    /// The tail at which the ring is full as far as we know: never ahead of the truth.
    @usableFromInline var limit: UInt64
    /// How far tail and head may be apart, in cursor steps.
    @usableFromInline let reach: UInt64
    @usableFromInline var claimBase: UInt64 = 0
    @usableFromInline var claimCount = 0

    /// A new end of `ring`.
    public init(of ring: ManyToOneRing) {
      self.ring = ring
      slots = unsafe RingSlots(slots: ring.slots, capacity: ring.capacity)
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      reach = 2 &* UInt64(ring.capacity)
      limit = unsafe ring.head.pointee.load(ordering: .acquiring) &+ reach
      tail = unsafe ring.tail.pointee.load(ordering: .relaxed) & ~1
    }

    /// Appends one element. Returns false when the ring is full or closed. O(1), one compare-and-swap.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      guard reserve(upTo: 1) == 1 else { return false }
      slots.write(element, for: claimBase)
      slots.setSequence(claimBase &+ 1, for: claimBase)
      return true
    }

    /// Same as `tryPush`: a slot of this ring is never reserved ahead of its element.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { tryPush(element) }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Reserves up to `limit` slots in a row with one compare-and-swap; returns how many, 0 when full or closed.
    ///
    /// Write all of them and `publish()` before doing anything that may wait: the consumer stops at a slot that is not written.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int {
      assert(claimCount == 0, "the claim before was not published")
      claimCount = reserve(upTo: limit)
      return claimCount
    }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "slot \(index) of a claim of \(claimCount)")
      slots.write(element, for: claimBase &+ 2 &* UInt64(truncatingIfNeeded: index))
    }

    /// Makes the whole claim visible; every slot of it must have been written. O(claim).
    @inlinable @inline(__always)
    public mutating func publish() {
      var cursor = claimBase
      for _ in 0..<claimCount {
        slots.setSequence(cursor &+ 1, for: cursor)
        cursor &+= 2
      }
      claimCount = 0
    }

    /// Whether the ring takes no more elements.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    /// Moves the tail over up to `wanted` free slots, which begin at `claimBase` then; returns how many.
    @inlinable @inline(__always)
    mutating func reserve(upTo wanted: Int) -> Int {
      var backoff = ContentionBackoff()
      var viewIsFresh = false
      while true {
        var room = Int(truncatingIfNeeded: limit &- tail) >> 1
        if room < wanted { room = roomAfterAnotherLook() }
        let count = min(wanted, room)
        guard count > 0 else { return 0 }
        let next = tail &+ 2 &* UInt64(truncatingIfNeeded: count)
        // Relaxed: the slots come from the head's acquire and go with their sequences. A closed tail is odd, never ours.
        // Exact: that it succeeds proves that the tail was ours, and the head can only have moved away from it since.
        let (exchanged, found) = unsafe sharedTail.pointee.compareExchange(
          expected: tail, desired: next, ordering: .relaxed)
        if exchanged {
          claimBase = tail
          tail = next
          return count
        }
        if found & 1 != 0 { return 0 }
        // The first time our view was old, and is good now; a second time somebody else is at work.
        if viewIsFresh {
          backoff.loseRace()
          tail = unsafe sharedTail.pointee.load(ordering: .relaxed) & ~1
        } else {
          viewIsFresh = true
          tail = found
        }
      }
    }

    /// How many slots are free, from fresh cursors.
    @inlinable @inline(never)
    mutating func roomAfterAnotherLook() -> Int {
      // The tail before the head, which acquire keeps: if the tail is a ring's length ahead even of the later head, the ring
      // was full when we read the tail. The other way round, pops and pushes in between would look like a full ring. A tail that
      // was passed meanwhile looks like more room than there is, and the compare-and-swap refuses it.
      tail = unsafe sharedTail.pointee.load(ordering: .acquiring) & ~1
      // Acquire pairs with the release in `publishHead`: the consumer has left the slots before we refill them.
      limit = unsafe sharedHead.pointee.load(ordering: .acquiring) &+ reach
      return Int(truncatingIfNeeded: limit &- tail) >> 1
    }
  }
}
