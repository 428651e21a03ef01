public import Platform
public import Synchronization

extension GrowingRing {
  /// One thread's end for popping. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the segment's end is its own.
    @usableFromInline let ring: GrowingRing
    @usableFromInline var segment: ManyToManyRing<Element>.Consumer
    @usableFromInline var sealWord: UnsafeMutablePointer<Atomic<UInt64>>

    /// A new end of `ring`.
    public init(of ring: GrowingRing) {
      self.ring = ring
      segment = ring.chain.withLock { $0.front().makeConsumer() }
      unsafe sealWord = segment.ring.sealWord
    }

    /// Removes the oldest element, or returns nil when there is none. O(1), one compare-and-swap.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      if let element = segment.tryPop() { return element }
      return isSealed ? tryPopElsewhere() : nil
    }

    /// Same as `tryPop`: a slot of this ring is given back at once.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? { tryPop() }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Takes up to `limit` ready elements in a row with one compare-and-swap; returns how many, 0 only when there is none.
    ///
    /// Fewer than wanted does not mean that the ring is empty: a batch ends with its segment (`hasMoreSegments`). They no
    /// longer count against the length limit, but hold their slots until `release()`.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      let count = segment.take(upTo: limit)
      return count > 0 || !isSealed ? count : takeElsewhere(upTo: limit)
    }

    /// How many elements in a row `take` would find, up to `limit`, taking none; 0 only when there is none. Like a batch, they
    /// end with their segment.
    @inlinable @inline(__always)
    public mutating func readyCount(upTo limit: Int) -> Int {
      let count = segment.readyCount(upTo: limit)
      return count > 0 || !isSealed ? count : readyCountElsewhere(upTo: limit)
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element { segment.element(at: index) }

    /// The place of the taken element `index` in the order of the ring: later pushes have higher positions.
    @inlinable @inline(__always)
    public func position(of index: Int) -> UInt64 { segment.position(of: index) }

    /// Gives the taken slots back to the producers. O(batch).
    @inlinable @inline(__always)
    public mutating func release() { segment.release() }

    /// Whether the segment of the last batch is not the last one: a batch that was short may have been so for that reason.
    @inlinable @inline(__always)
    public var hasMoreSegments: Bool { isSealed }

    /// Whether the ring takes no more elements; those left can still be popped.
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and everything that was pushed has been taken.
    public var isFinished: Bool { ring.isFinished }

    /// Wakes up to `count` parked producers, if any. Costs one fence: call it once per batch.
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }

    /// Acquire pairs with the release of `seal`: whoever sees it sees the segment's final tail.
    @inlinable @inline(__always)
    var isSealed: Bool { unsafe sealWord.pointee.load(ordering: .acquiring) != 0 }

    @inlinable @inline(never)
    mutating func tryPopElsewhere() -> Element? {
      repeat {
        // Looked at again, because the last elements may have come between the first look and the seal.
        if let element = segment.tryPop() { return element }
      } while moveOn()
      return nil
    }

    @inlinable @inline(never)
    mutating func takeElsewhere(upTo limit: Int) -> Int { countElsewhere(upTo: limit) { $0.take(upTo: limit) } }

    @inlinable @inline(never)
    mutating func readyCountElsewhere(upTo limit: Int) -> Int {
      countElsewhere(upTo: limit) { $0.readyCount(upTo: limit) }
    }

    /// What `look` finds in the first segment where it finds something.
    @inlinable @inline(__always)
    mutating func countElsewhere(
      upTo limit: Int, _ look: (inout ManyToManyRing<Element>.Consumer) -> Int
    ) -> Int {
      guard limit > 0 else { return 0 }
      repeat {
        let count = look(&segment)
        if count > 0 { return count }
      } while moveOn()
      return 0
    }

    /// Goes to the first segment that is not drained; false when there is no other.
    @usableFromInline
    mutating func moveOn() -> Bool {
      let (moved, dropped) = ring.chain.withLock { chain -> (Bool, [GrowingRing.Segment]) in
        let front = chain.front()
        guard front !== segment.ring else { return (false, []) }
        // Under the lock: whoever frees the old segment has then seen everything that we did in it.
        segment = front.makeConsumer()
        unsafe sealWord = segment.ring.sealWord
        return (true, chain.takeUnused())
      }
      _ = consume dropped
      return moved
    }
  }
}
