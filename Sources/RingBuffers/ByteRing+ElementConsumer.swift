public import Platform

/// The other side of `ByteRing.ElementProducer`.
extension ByteRing {
  /// A consuming end that reads elements; stops the program at a record of another size.
  @frozen
  public struct ElementConsumer<Element: BitwiseCopyable & Sendable>: ~Copyable, RingConsumer {
    @usableFromInline var end: Consumer
    @usableFromInline var takenCount = 0

    @inlinable @inline(__always)
    static var footprint: Int { ByteRingMemory.footprint(of: MemoryLayout<Element>.size) }

    /// The consuming end of `ring`; stops the program when the ring already has one.
    public init(of ring: ByteRing) { end = Consumer(of: ring) }

    /// Removes the oldest element, or returns nil when there is none. O(1).
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      guard let element = next() else { return nil }
      end.release()
      return element
    }

    /// Removes the oldest element; space is given back together: a quarter of the ring at a time, when the records known
    /// of are drained, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? {
      if end.head == end.knownTail || end.heldByteCount > end.ring.capacity >> 2 { end.release() }
      return next()
    }

    /// Gives back the space that `popLazily` held. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() { end.release() }

    /// Takes up to `limit` elements that lie in a row in memory (never across the wrap); returns how many.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      takenCount = 0
      guard limit > 0, let byteCount = end.findRecord() else { return 0 }
      check(byteCount)
      var ready = Int(truncatingIfNeeded: end.knownTail &- end.head)
      if ready < limit &* Self.footprint {
        _ = end.hasRecord()
        ready = Int(truncatingIfNeeded: end.knownTail &- end.head)
      }
      // Padding is smaller than an element, so it counts for none.
      takenCount = min(limit, min(ready, end.bytes.byteCountBeforeWrap(from: end.head)) / Self.footprint)
      return takenCount
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return element(of: cursor(of: index))
    }

    /// Gives the space of the taken elements back to the producer.
    @inlinable @inline(__always)
    public mutating func release() {
      end.head = cursor(of: takenCount)
      takenCount = 0
      end.release()
    }

    /// Whether the ring takes no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { end.isClosed }

    /// Whether the ring is closed and everything that was pushed before the close has been taken.
    @inlinable
    public var isFinished: Bool { end.isFinished }

    /// Wakes the producer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { end.wakeProducers(count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { end.itemDoorbell }

    @inlinable @inline(__always)
    mutating func next() -> Element? {
      guard let byteCount = end.findRecord() else { return nil }
      check(byteCount)
      let element = element(of: end.head)
      end.head &+= UInt64(truncatingIfNeeded: Self.footprint)
      return element
    }

    @inlinable @inline(__always)
    func check(_ byteCount: Int) {
      precondition(byteCount == MemoryLayout<Element>.size, "a record of another size than the elements")
    }

    @inlinable @inline(__always)
    func cursor(of index: Int) -> UInt64 { end.head &+ UInt64(truncatingIfNeeded: index &* Self.footprint) }

    @inlinable @inline(__always)
    func element(of cursor: UInt64) -> Element {
      unsafe (end.bytes.address(of: cursor) + ByteRingMemory.headerByteCount).loadUnaligned(as: Element.self)
    }
  }
}
