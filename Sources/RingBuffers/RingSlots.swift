public import Synchronization

/// The slots of a ring with many producers: a sequence and an element each, reached by cursor.
///
/// Invariant: `slots` points at `capacity` slots of `stride` bytes; a cursor is masked before it becomes
/// an address, so no cursor reaches outside.
@safe @frozen @usableFromInline
struct RingSlots<Element: BitwiseCopyable & Sendable> {
  @usableFromInline let slots: UnsafeMutableRawPointer
  /// Selects the slot's bits of a cursor, which counts in steps of two.
  @usableFromInline let mask: UInt64

  @inlinable @inline(__always)
  static var elementOffset: Int { max(MemoryLayout<UInt64>.size, MemoryLayout<Element>.alignment) }

  /// Bytes from slot to slot; even multiples of 8, so that half a stride per cursor step is exact.
  @inlinable @inline(__always)
  static var stride: Int {
    let alignment = max(MemoryLayout<UInt64>.alignment, MemoryLayout<Element>.alignment)
    return (elementOffset + MemoryLayout<Element>.size + alignment - 1) & ~(alignment - 1)
  }

  @inlinable
  init(slots: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.slots = unsafe slots
    mask = 2 &* UInt64(truncatingIfNeeded: capacity) &- 2
  }

  @inlinable @inline(__always)
  func address(of cursor: UInt64) -> UnsafeMutableRawPointer {
    unsafe slots + Int(truncatingIfNeeded: cursor & mask) &* (Self.stride / 2)
  }

  /// The sequence; acquire pairs with `setSequence`: who sees the number sees what was done to the element before it.
  @inlinable @inline(__always)
  func sequence(of cursor: UInt64) -> UInt64 {
    unsafe address(of: cursor).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.load(ordering: .acquiring)
  }

  /// Hands the slot over; release pairs with `sequence(of:)`.
  @inlinable @inline(__always)
  func setSequence(_ sequence: UInt64, for cursor: UInt64) {
    unsafe address(of: cursor).assumingMemoryBound(to: Atomic<UInt64>.self).pointee
      .store(sequence, ordering: .releasing)
  }

  @inlinable @inline(__always)
  func write(_ element: Element, for cursor: UInt64) {
    unsafe (address(of: cursor) + Self.elementOffset)
      .assumingMemoryBound(to: Element.self).initialize(to: element)
  }

  @inlinable @inline(__always)
  func element(of cursor: UInt64) -> Element {
    unsafe (address(of: cursor) + Self.elementOffset).assumingMemoryBound(to: Element.self).pointee
  }
}
