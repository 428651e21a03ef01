public import Platform
public import Synchronization

extension SingleProducerRing {
  /// The consuming thread's end.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: SingleProducerRing
    @usableFromInline var cursor: ConsumerCursor
    @usableFromInline var takenBase: UnsafeMutablePointer<Element>
    @usableFromInline var takenCount = 0

    /// The consuming end of `ring`; stops the program when the ring already has one.
    public init(of ring: SingleProducerRing) {
      let isFirst = ring.hasConsumer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a consumer")
      self.ring = ring
      cursor = ConsumerCursor(of: ring)
      unsafe takenBase = ring.slots
    }

    deinit {
      // What was popped is given back, so that the next consumer does not see it again.
      unsafe cursor.sharedHead.pointee.store(cursor.head, ordering: .releasing)
      ring.hasConsumer.store(false, ordering: .releasing)
    }

    /// Removes the oldest element, or returns nil when there is none. O(1).
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? { cursor.tryPop() }

    /// Removes the oldest element; slots are given back together: when those known of are drained, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? { cursor.popLazily() }

    /// Removes elements and shows each to `body`, until there are `limit` of them, the ring is empty or `body` returns false
    /// (its element is removed too); returns how many. Each slot is given back at once.
    @inlinable @inline(__always)
    public mutating func popEach(upTo limit: Int, while body: (Element) -> Bool) -> Int {
      var local = cursor
      defer { cursor = local }
      var popped = 0
      while popped < limit, let element = local.tryPop() {
        popped &+= 1
        if !body(element) { break }
      }
      return popped
    }

    /// Like `popEach`, with the slots given back as `popLazily` does.
    @inlinable @inline(__always)
    public mutating func popLazily(upTo limit: Int, while body: (Element) -> Bool) -> Int {
      var local = cursor
      defer { cursor = local }
      var popped = 0
      while popped < limit, let element = local.popLazily() {
        popped &+= 1
        if !body(element) { break }
      }
      return popped
    }

    /// Gives back the slots that `popLazily` held. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() { cursor.flush() }

    /// Takes up to `limit` elements that lie in a row in memory (never across the wrap); returns how many.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      var ready = Int(truncatingIfNeeded: cursor.knownTail &- cursor.head)
      if ready < limit {
        _ = cursor.findItems()
        ready = Int(truncatingIfNeeded: cursor.knownTail &- cursor.head)
      }
      let index = cursor.head & cursor.mask
      takenCount = max(0, min(limit, ready, Int(truncatingIfNeeded: cursor.mask &- index) &+ 1))
      unsafe takenBase = cursor.slots + Int(truncatingIfNeeded: index)
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
    public func position(of index: Int) -> UInt64 { cursor.head &+ UInt64(truncatingIfNeeded: index) }

    /// Gives the taken slots back to the producer.
    @inlinable @inline(__always)
    public mutating func release() { release(takenCount) }

    /// Gives the first `count` taken slots back; the others will be taken again.
    @inlinable @inline(__always)
    public mutating func release(_ count: Int) {
      assert(count >= 0 && count <= takenCount, "released \(count) of a batch of \(takenCount)")
      cursor.head &+= UInt64(truncatingIfNeeded: count)
      takenCount = 0
      cursor.publishHead()
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
      unsafe ring.isClosed && cursor.sharedTail.pointee.load(ordering: .acquiring) == cursor.head
    }

    /// Wakes the producer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }
  }
}
