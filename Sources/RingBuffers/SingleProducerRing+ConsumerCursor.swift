internal import Platform
public import Synchronization

extension SingleProducerRing {
  /// What a consuming end knows of the ring: plain values, so that a loop over many elements can hold them in registers.
  ///
  /// Invariant: as for `ProducerCursor`.
  @safe @frozen @usableFromInline
  struct ConsumerCursor {
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    /// The next slot to read; the shared head is behind it by what is not released.
    @usableFromInline var head: UInt64
    @usableFromInline var released: UInt64
    /// Up to where there are elements as far as we know: never ahead of the truth.
    @usableFromInline var knownTail: UInt64

    init(of ring: SingleProducerRing) {
      unsafe slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      mask = UInt64(ring.capacity - 1)
      unsafe head = ring.head.pointee.load(ordering: .relaxed)
      released = head
      knownTail = head
    }

    @inlinable @inline(__always)
    mutating func tryPop() -> Element? {
      if head == knownTail {
        guard findItems() else { return nil }
      }
      let element = next()
      publishHead()
      return element
    }

    @inlinable @inline(__always)
    mutating func popLazily() -> Element? {
      if head == knownTail {
        flush()
        guard findItems() else { return nil }
        // A quarter of the ring at a time, so that a producer that waits for space is not kept for the whole of it.
        let quarter = mask >> 2 &+ 1
        if knownTail &- head > quarter { knownTail = head &+ quarter }
      }
      return next()
    }

    @inlinable @inline(__always)
    mutating func flush() {
      if released != head { publishHead() }
    }

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
