public import Platform
public import Synchronization

extension SingleProducerRing {
  /// The consuming thread's end.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: SingleProducerRing
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    /// The next slot to read; the shared head is behind it by what is not released.
    @usableFromInline var head: UInt64
    @usableFromInline var released: UInt64
    /// Up to where there are elements as far as we know: never ahead of the truth.
    @usableFromInline var knownTail: UInt64
    @usableFromInline var takenBase: UnsafeMutablePointer<Element>
    @usableFromInline var takenCount = 0

    /// The consuming end of `ring`; stops the program when the ring already has one.
    public init(of ring: SingleProducerRing) {
      let isFirst = ring.hasConsumer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a consumer")
      self.ring = ring
      unsafe slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      mask = UInt64(ring.capacity - 1)
      unsafe head = ring.head.pointee.load(ordering: .relaxed)
      released = head
      knownTail = head
      unsafe takenBase = ring.slots
    }

    deinit {
      // What was popped is given back, so that the next consumer does not see it again.
      unsafe sharedHead.pointee.store(head, ordering: .releasing)
      ring.hasConsumer.store(false, ordering: .releasing)
    }

    /// Removes the oldest element, or returns nil when there is none. O(1).
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      if head == knownTail {
        guard findItems() else { return nil }
      }
      let element = next()
      publishHead()
      return element
    }

    /// Removes the oldest element; slots are given back together: when those known of are drained, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? {
      if head == knownTail {
        flush()
        guard findItems() else { return nil }
        // A quarter of the ring at a time, so that a producer that waits for space is not kept for the whole of it.
        let quarter = mask >> 2 &+ 1
        if knownTail &- head > quarter { knownTail = head &+ quarter }
      }
      return next()
    }

    /// Gives back the slots that `popLazily` held. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      if released != head { publishHead() }
    }

    /// Takes up to `limit` elements that lie in a row in memory (never across the wrap); returns how many.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      var ready = Int(truncatingIfNeeded: knownTail &- head)
      if ready < limit {
        _ = findItems()
        ready = Int(truncatingIfNeeded: knownTail &- head)
      }
      let index = head & mask
      takenCount = max(0, min(limit, ready, Int(truncatingIfNeeded: mask &- index) &+ 1))
      unsafe takenBase = slots + Int(truncatingIfNeeded: index)
      return takenCount
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return unsafe (takenBase + index).pointee
    }

    /// The taken elements, until `release`.
    @inlinable @inline(__always)
    public var takenElements: UnsafeBufferPointer<Element> {
      unsafe UnsafeBufferPointer(start: takenBase, count: takenCount)
    }

    /// The place of the taken element `index` in the order of the ring.
    @inlinable @inline(__always)
    public func position(of index: Int) -> UInt64 { head &+ UInt64(truncatingIfNeeded: index) }

    /// Gives the taken slots back to the producer.
    @inlinable @inline(__always)
    public mutating func release() { release(takenCount) }

    /// Gives the first `count` taken slots back; the others will be taken again.
    @inlinable @inline(__always)
    public mutating func release(_ count: Int) {
      assert(count >= 0 && count <= takenCount, "released \(count) of a batch of \(takenCount)")
      head &+= UInt64(truncatingIfNeeded: count)
      takenCount = 0
      publishHead()
    }

    /// Moves elements into `destination` until it is full or the ring is empty; returns how many.
    @inlinable
    public mutating func pop(into destination: inout MutableSpan<Element>) -> Int {
      var done = 0
      while done < destination.count {
        let count = take(upTo: destination.count &- done)
        if count == 0 { break }
        unsafe destination.withUnsafeMutableBufferPointer { target in
          unsafe (target.baseAddress! + done).update(from: takenBase, count: count)
        }
        done &+= count
        release()
      }
      return done
    }

    /// Whether the ring takes no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and everything that was pushed before the close has been taken.
    @inlinable
    public var isFinished: Bool {
      // The flag first: its acquire makes the tail of the last push before the close visible.
      unsafe ring.isClosed && sharedTail.pointee.load(ordering: .acquiring) == head
    }

    /// Wakes the producer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }

    @inlinable @inline(__always)
    mutating func next() -> Element {
      let element = unsafe (slots + Int(truncatingIfNeeded: head & mask)).pointee
      head &+= 1
      return element
    }

    @inlinable @inline(__always)
    mutating func publishHead() {
      released = head
      // Release pairs with the acquire in `findSpace`: we have read the slots before the producer refills them.
      unsafe sharedHead.pointee.store(head, ordering: .releasing)
    }

    /// Looks at the shared tail again; returns whether there are elements now.
    @inlinable @inline(__always)
    mutating func findItems() -> Bool {
      knownTail = unsafe sharedTail.pointee.load(ordering: .acquiring)  // Pairs with `publishTail`.
      return knownTail != head
    }
  }
}
