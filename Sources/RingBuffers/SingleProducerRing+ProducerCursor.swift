internal import Platform
public import Synchronization

extension SingleProducerRing {
  /// What a producing end knows of the ring: plain values, so that a loop over many elements can hold them in registers.
  ///
  /// Invariant: the pointers lead into the ring's region, which the end that owns this cursor keeps alive; a position is masked
  /// before it becomes an address. Of two copies only one may go on: the end copies, loops, and stores the copy back.
  @safe @frozen @usableFromInline
  struct ProducerCursor {
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    /// The next slot to write; the shared tail is behind it by what is not published.
    @usableFromInline var tail: UInt64
    @usableFromInline var published: UInt64
    /// The tail at which the ring is full as far as we know: never ahead of the truth, so a stale value only makes us look.
    @usableFromInline var limit: UInt64

    init(of ring: SingleProducerRing) {
      unsafe slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      unsafe closed = ring.closed
      mask = UInt64(ring.capacity - 1)
      unsafe tail = ring.tail.pointee.load(ordering: .relaxed)
      published = tail
      limit = unsafe ring.head.pointee.load(ordering: .acquiring) &+ UInt64(ring.capacity)
    }

    /// Every how many lazily pushed elements the tail is published: 64 of 8 bytes are eight cache lines, which the hardware
    /// fetches ahead, and the tail's line travels once for all of them.
    @inlinable @inline(__always)
    static var lazyRunLength: UInt64 { 64 }

    @inlinable @inline(__always)
    mutating func tryPush(_ element: Element) -> Bool {
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0, tail != limit || findSpace(for: 1) else {
        return false
      }
      append(element)
      publishTail()
      return true
    }

    @inlinable @inline(__always)
    mutating func pushLazily(_ element: Element) -> Bool {
      guard stage(element) else { return false }
      if tail & (Self.lazyRunLength &- 1) == 0 { publishTail() }
      return true
    }

    @inlinable @inline(__always)
    mutating func stage(_ element: Element) -> Bool {
      guard tail != limit || findSpace(for: 1), unsafe closed.pointee.load(ordering: .relaxed) == 0 else {
        return false
      }
      append(element)
      return true
    }

    @inlinable @inline(__always)
    mutating func flush() {
      if published != tail { publishTail() }
    }

    @inlinable @inline(__always)
    mutating func append(_ element: Element) {
      unsafe (slots + Int(truncatingIfNeeded: tail & mask)).initialize(to: element)
      tail &+= 1
    }

    @inlinable @inline(__always)
    mutating func publishTail() {
      published = tail
      // Release pairs with the acquire in `findItems`: whoever sees this tail sees the elements.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
    }

    /// Looks at the shared head again; returns whether there is room for `count` now.
    ///
    /// Publishes what was held back: the consumer makes no room for what it does not see.
    @inlinable @inline(__always)
    mutating func findSpace(for count: Int) -> Bool {
      flush()
      // Acquire pairs with the release in `publishHead`: the consumer has left the slots before we refill them.
      limit = unsafe sharedHead.pointee.load(ordering: .acquiring) &+ mask &+ 1
      return limit &- tail >= UInt64(truncatingIfNeeded: count)
    }
  }
}
