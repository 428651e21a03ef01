public import Platform
public import Synchronization

extension ManyToManyRing {
  /// One thread's end for popping. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ManyToManyRing
    @usableFromInline let slots: RingSlots<Element>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    /// Where the head was when this end last saw it: never ahead of the real one.
    @usableFromInline var head: UInt64
    /// What the sequence of a slot moves on by when its element has been read: one lap.
    @usableFromInline let lap: UInt64
    @usableFromInline var takenBase: UInt64 = 0
    @usableFromInline var takenCount = 0

    /// A new end of `ring`.
    public init(of ring: ManyToManyRing) {
      self.ring = ring
      slots = unsafe RingSlots(slots: ring.slots, capacity: ring.capacity)
      unsafe sharedHead = ring.head
      head = unsafe ring.head.pointee.load(ordering: .acquiring)
      lap = 2 &* UInt64(ring.capacity)
    }

    /// Removes the oldest element, or returns nil when there is none. O(1), one compare-and-swap.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      var backoff = ContentionBackoff()
      while true {
        let distance = Int64(bitPattern: slots.sequence(of: head) &- (head &+ 1))
        if distance == 0 {
          // Release pairs with the acquire of a producer that looks at the length limit; the slot itself is handed
          // over by its sequence.
          let exchanged = unsafe sharedHead.pointee.compareExchange(
            expected: head, desired: head &+ 2, successOrdering: .releasing, failureOrdering: .relaxed
          ).exchanged
          if exchanged {
            let element = slots.element(of: head)
            slots.setSequence(head &+ lap, for: head)
            head &+= 2
            return element
          }
          backoff.loseRace()
          head = unsafe sharedHead.pointee.load(ordering: .relaxed)
        } else if distance < 0 {
          return nil  // Not written yet: empty, or the next producer is in the middle of writing.
        } else {
          head = unsafe sharedHead.pointee.load(ordering: .relaxed)
        }
      }
    }

    /// Same as `tryPop`: a slot of this ring is given back at once.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? { tryPop() }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Takes up to `limit` ready elements in a row with one compare-and-swap; returns how many.
    ///
    /// They no longer count against the length limit, but hold their slots until `release()`.
    @inlinable
    public mutating func take(upTo limit: Int) -> Int {
      assert(takenCount == 0, "the batch before was not released")
      var backoff = ContentionBackoff()
      while true {
        var count = 0
        var cursor = head
        while count < limit, slots.sequence(of: cursor) == cursor &+ 1 {
          count &+= 1
          cursor &+= 2
        }
        if count == 0 {
          let found = unsafe sharedHead.pointee.load(ordering: .relaxed)
          if found == head || limit <= 0 { return 0 }
          head = found
          continue
        }
        // Release as in `tryPop`.
        let exchanged = unsafe sharedHead.pointee.compareExchange(
          expected: head, desired: cursor, successOrdering: .releasing, failureOrdering: .relaxed
        ).exchanged
        if exchanged {
          takenBase = head
          takenCount = count
          head = cursor
          return count
        }
        backoff.loseRace()
        head = unsafe sharedHead.pointee.load(ordering: .relaxed)
      }
    }

    /// How many elements in a row are ready, up to `limit`: looks at the slots that `take` would look at, and takes none.
    @inlinable
    public mutating func readyCount(upTo limit: Int) -> Int {
      // Another consumer may have been there: what its slots say is of another lap.
      if slots.sequence(of: head) != head &+ 1 { head = unsafe sharedHead.pointee.load(ordering: .relaxed) }
      var count = 0
      var cursor = head
      while count < limit, slots.sequence(of: cursor) == cursor &+ 1 {
        count &+= 1
        cursor &+= 2
      }
      return count
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return slots.element(of: takenBase &+ 2 &* UInt64(truncatingIfNeeded: index))
    }

    /// The place of the taken element `index` in the order of the ring: later pushes have higher positions.
    @inlinable @inline(__always)
    public func position(of index: Int) -> UInt64 { takenBase >> 1 &+ UInt64(truncatingIfNeeded: index) }

    /// Gives the taken slots back to the producers. O(batch).
    @inlinable @inline(__always)
    public mutating func release() {
      var cursor = takenBase
      for _ in 0..<takenCount {
        slots.setSequence(cursor &+ lap, for: cursor)
        cursor &+= 2
      }
      takenCount = 0
    }

    /// Whether the ring takes no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and everything that was pushed has been taken.
    @inlinable
    public var isFinished: Bool { ring.isFinished }

    /// Wakes up to `count` parked producers, if any. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }
  }
}
