public import Platform
public import Synchronization

extension ManyToOneRing {
  /// The consuming thread's end.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ManyToOneRing
    @usableFromInline let slots: RingSlots<Element>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    /// The next slot to read; the shared head is behind it by what is not released.
    @usableFromInline var head: UInt64
    @usableFromInline var released: UInt64
    /// How far the shared head may fall behind: a quarter of the ring, in cursor steps.
    @usableFromInline let slack: UInt64
    @usableFromInline var takenCount = 0

    /// The consuming end of `ring`; stops the program when the ring already has one.
    public init(of ring: ManyToOneRing) {
      let isFirst = ring.hasConsumer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a consumer")
      self.ring = ring
      slots = unsafe RingSlots(slots: ring.slots, capacity: ring.capacity)
      unsafe sharedHead = ring.head
      unsafe head = ring.head.pointee.load(ordering: .relaxed)
      released = head
      slack = max(2, UInt64(ring.capacity) / 2)
    }

    deinit {
      // What was popped is given back, so that the next consumer does not see it again.
      unsafe sharedHead.pointee.store(head, ordering: .releasing)
      ring.hasConsumer.store(false, ordering: .releasing)
    }

    /// Removes the oldest element, or returns nil when there is none. O(1).
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      // Not written: empty, or the next producer is in the middle of writing.
      guard slots.sequence(of: head) == head &+ 1 else { return nil }
      let element = slots.element(of: head)
      head &+= 2
      publishHead()
      return element
    }

    /// Removes the oldest element; slots are given back together: a quarter of the ring at a time, when none is ready, or by
    /// `flush()`.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? {
      guard slots.sequence(of: head) == head &+ 1 else {
        flush()
        return nil
      }
      let element = slots.element(of: head)
      head &+= 2
      if head &- released >= slack { publishHead() }
      return element
    }

    /// Gives back the slots that `popLazily` held. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      if released != head { publishHead() }
    }

    /// Takes up to `limit` ready elements in a row; returns how many. O(batch).
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      var count = 0
      var cursor = head
      while count < limit, slots.sequence(of: cursor) == cursor &+ 1 {
        count &+= 1
        cursor &+= 2
      }
      if count == 0 { flush() }
      takenCount = count
      return count
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return slots.element(of: head &+ 2 &* UInt64(truncatingIfNeeded: index))
    }

    /// The place of the taken element `index` in the order of the ring: later pushes have higher positions.
    @inlinable @inline(__always)
    public func position(of index: Int) -> UInt64 { head >> 1 &+ UInt64(truncatingIfNeeded: index) }

    /// Gives the taken slots back to the producers with one store.
    @inlinable @inline(__always)
    public mutating func release() {
      head &+= 2 &* UInt64(truncatingIfNeeded: takenCount)
      takenCount = 0
      publishHead()
    }

    /// Whether the ring takes no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and everything that was pushed has been taken.
    @inlinable
    public var isFinished: Bool { unsafe ring.tail.pointee.load(ordering: .acquiring) == head | 1 }

    /// Wakes up to `count` parked producers, if any. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }

    @inlinable @inline(__always)
    mutating func publishHead() {
      released = head
      // Release pairs with the acquire in `roomAfterAnotherLook`: we have read the slots before they are refilled.
      unsafe sharedHead.pointee.store(head, ordering: .releasing)
    }
  }
}
