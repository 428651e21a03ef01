public import Platform
public import Synchronization

extension ManyToManyRing {
  /// One thread's end for pushing. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ManyToManyRing
    @usableFromInline let slots: RingSlots<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    /// Where the tail was when this end last saw it: never ahead of the real one.
    @usableFromInline var tail: UInt64
    /// Where the head was when this end last saw it: never ahead of the real one.
    @usableFromInline var knownHead: UInt64
    /// How far tail and head may be apart, in cursor steps.
    @usableFromInline let reach: UInt64
    /// Whether the slots alone do not say when the ring is full.
    @usableFromInline var isLimited: Bool
    @usableFromInline var claimBase: UInt64 = 0
    @usableFromInline var claimCount = 0
    /// What this end moves the tail behind when it is the only producer of a `GrowingRing`.
    @usableFromInline var gate: SoleProducerGate?

    /// A new end of `ring`.
    public init(of ring: ManyToManyRing) {
      self.ring = ring
      slots = unsafe RingSlots(slots: ring.slots, capacity: ring.capacity)
      unsafe sharedTail = ring.tail
      knownHead = unsafe ring.head.pointee.load(ordering: .acquiring)
      tail = unsafe ring.tail.pointee.load(ordering: .relaxed) & ~1
      reach = 2 &* UInt64(ring.lengthLimit)
      isLimited = ring.limitsLength
    }

    /// Appends one element. Returns false when the ring is full or closed. O(1), one compare-and-swap.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      var backoff = ContentionBackoff()
      while true {
        let distance = Int64(bitPattern: slots.sequence(of: tail) &- tail)
        if distance == 0 {
          // Signed: the head of a chain may be ahead of the tail of a segment that is closed since.
          if isLimited && Int64(bitPattern: tail &- knownHead) >= Int64(bitPattern: reach) {
            guard roomBelowLimit(for: 1) > 0 else { return false }
            continue  // The look at the limit may have moved our tail: its slot has not been looked at.
          }
          let (exchanged, found) = moveTail(to: tail &+ 2)
          if exchanged {
            slots.write(element, for: tail)
            slots.setSequence(tail &+ 1, for: tail)
            tail &+= 2
            return true
          }
          if found & 1 != 0 { return false }
          backoff.loseRace()
          tail = unsafe sharedTail.pointee.load(ordering: .relaxed) & ~1
        } else if distance < 0 {
          return false  // The element of the lap before is still there: full.
        } else {
          tail = unsafe sharedTail.pointee.load(ordering: .relaxed) & ~1  // Others have pushed since.
        }
      }
    }

    /// Same as `tryPush`: a slot of this ring is never reserved ahead of its element.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { tryPush(element) }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Reserves up to `limit` slots in a row with one compare-and-swap; returns how many, 0 when full or closed.
    ///
    /// Write all of them and `publish()` before doing anything that may wait: consumers stop at a slot that is not written.
    @inlinable
    public mutating func claim(upTo limit: Int) -> Int {
      assert(claimCount == 0, "the claim before was not published")
      var backoff = ContentionBackoff()
      while true {
        let wanted = isLimited ? min(limit, roomBelowLimit(for: limit)) : limit
        var count = 0
        var cursor = tail
        while count < wanted, slots.sequence(of: cursor) == cursor {
          count &+= 1
          cursor &+= 2
        }
        if count == 0 {
          let found = unsafe sharedTail.pointee.load(ordering: .relaxed)
          // Unmoved: full, or nothing wanted. Closed: no more. Moved: our view was old, look again.
          if found == tail || found & 1 != 0 || limit <= 0 { return 0 }
          tail = found
          continue
        }
        let (exchanged, found) = moveTail(to: cursor)
        if exchanged {
          claimBase = tail
          claimCount = count
          tail = cursor
          return count
        }
        if found & 1 != 0 { return 0 }
        backoff.loseRace()
        tail = unsafe sharedTail.pointee.load(ordering: .relaxed) & ~1
      }
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
    public var isClosed: Bool { unsafe sharedTail.pointee.load(ordering: .acquiring) & 1 != 0 }

    /// Wakes up to `count` parked consumers, if any. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    /// Moves the tail from where we saw it last; else says where it is. A closed tail is odd and never equals ours.
    @inlinable @inline(__always)
    mutating func moveTail(to cursor: UInt64) -> (exchanged: Bool, found: UInt64) {
      if let gate {
        if gate.enter() {
          let found = unsafe sharedTail.pointee.load(ordering: .relaxed)
          if found == tail { unsafe sharedTail.pointee.store(cursor, ordering: .relaxed) }
          gate.leave()
          return (found == tail, found)
        }
        if gate.isShutForGood { self.gate = nil }
      }
      // Relaxed: the slot is handed over by its sequence.
      let (exchanged, found) = unsafe sharedTail.pointee.compareExchange(
        expected: tail, desired: cursor, ordering: .relaxed)
      return (exchanged, found)
    }

    /// How many more elements the limit allows at our view of the tail; looks at the head again when that is too few.
    ///
    /// Exact: the compare-and-swap proves that the tail was ours, and the head can only have moved away from it since.
    @inlinable
    mutating func roomBelowLimit(for wanted: Int) -> Int {
      var room = Int64(bitPattern: reach &- (tail &- knownHead)) / 2
      if room < Int64(wanted) {
        // Refreshed, so that "no room" is not said about the past. The tail first (acquire keeps it first): the head can only have
        // been lower then, so the distance is one that the ring really had; the other way round it may never have been that full.
        tail = unsafe sharedTail.pointee.load(ordering: .acquiring) & ~1
        knownHead = unsafe ring.head.pointee.load(ordering: .acquiring)
        room = Int64(bitPattern: reach &- (tail &- knownHead)) / 2
      }
      return Int(max(0, room))
    }
  }
}
