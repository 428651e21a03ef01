public import Platform
public import Synchronization

/// Elements of a fixed size as the records of a `ByteRing`: one element of N bytes is one record of N bytes, so that the
/// loops written for any ring drive a byte ring too. All records of such a ring are elements of one type.
extension ByteRing {
  /// A producing end that writes elements. Cost as `Producer`; batches are claimed in a row in memory.
  @frozen
  public struct ElementProducer<Element: BitwiseCopyable & Sendable>: ~Copyable, RingProducer {
    @usableFromInline var end: Producer
    @usableFromInline var claimCount = 0

    @inlinable @inline(__always)
    static var footprint: Int { ByteRingMemory.footprint(of: MemoryLayout<Element>.size) }

    /// The producing end of `ring`; stops the program when the ring already has one, or is too small for the element.
    public init(of ring: ByteRing) {
      precondition(
        MemoryLayout<Element>.size <= ring.recordByteLimit,
        "elements of \(MemoryLayout<Element>.size) bytes in a ring for records up to \(ring.recordByteLimit)")
      end = Producer(of: ring)
    }

    /// Appends one element, visible at once. Returns false when the ring is full or closed. O(1).
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      end.publishTail()
      return true
    }

    /// Appends one element, published with others: every 1024 bytes or so, when the ring looks full, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      if end.tail &- end.published >= 1024 { end.publishTail() }
      return true
    }

    /// Publishes what was held back. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() { end.flush() }

    /// Reserves up to `limit` elements in a row in memory (never across the wrap); returns how many, 0 when full or closed.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int {
      claimCount = 0
      guard limit > 0, unsafe end.closed.pointee.load(ordering: .relaxed) == 0, end.makeRoom(for: Self.footprint)
      else { return 0 }
      let untilWrap = end.bytes.byteCountBeforeWrap(from: end.tail) / Self.footprint
      let wanted = min(limit, untilWrap)
      _ = end.hasRoom(for: wanted &* Self.footprint)
      claimCount = min(wanted, Int(truncatingIfNeeded: end.limit &- end.tail) / Self.footprint)
      return claimCount
    }

    /// Writes the claimed element `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "element \(index) of a claim of \(claimCount)")
      store(element, at: end.tail &+ UInt64(truncatingIfNeeded: index &* Self.footprint))
    }

    /// Makes the whole claim visible. Every claimed element must have been written.
    @inlinable @inline(__always)
    public mutating func publish() {
      end.advance(by: claimCount &* Self.footprint)
      claimCount = 0
      end.publishTail()
    }

    /// Whether the ring takes no more elements.
    @inlinable
    public var isClosed: Bool { end.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { end.wakeConsumers(count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { end.spaceDoorbell }

    @inlinable @inline(__always)
    mutating func stage(_ element: Element) -> Bool {
      guard unsafe end.closed.pointee.load(ordering: .relaxed) == 0, end.makeRoom(for: Self.footprint) else {
        return false
      }
      store(element, at: end.tail)
      end.advance(by: Self.footprint)
      return true
    }

    @inlinable @inline(__always)
    func store(_ element: Element, at cursor: UInt64) {
      end.bytes.setHeader(ByteRingMemory.record, byteCount: MemoryLayout<Element>.size, at: cursor)
      unsafe (end.bytes.address(of: cursor) + ByteRingMemory.headerByteCount).storeBytes(of: element, as: Element.self)
    }
  }
}
