public import Synchronization

/// The slots of a `BroadcastRing`, reached by position.
///
/// Where a reader may be overtaken, an element is written and read as atomic words: a torn read is then noticed by the
/// reader's validation, and is no data race. Elsewhere an element is plain memory.
///
/// Invariant: `base` points at `mask + 1` slots of `stride` bytes; a position is masked before it becomes an address.
@safe @frozen @usableFromInline
struct BroadcastSlots<Element: BitwiseCopyable & Sendable> {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let mask: UInt64

  /// Whole words, and a multiple of the element's alignment.
  @usableFromInline static var stride: Int {
    @inlinable @inline(__always) get {
      let unit = max(8, MemoryLayout<Element>.alignment)
      return (max(1, MemoryLayout<Element>.size) &+ unit &- 1) & ~(unit &- 1)
    }
  }

  init(base: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.base = unsafe base
    mask = UInt64(capacity - 1)
  }

  @inlinable @inline(__always)
  func address(of position: UInt64) -> UnsafeMutableRawPointer {
    unsafe base + Int(truncatingIfNeeded: position & mask) &* Self.stride
  }

  @inlinable @inline(__always)
  func write(_ element: Element, at address: UnsafeMutableRawPointer, inWords: Bool) {
    guard inWords else {
      unsafe address.assumingMemoryBound(to: Element.self).initialize(to: element)
      return
    }
    let size = MemoryLayout<Element>.size
    unsafe withUnsafeBytes(of: element) { source in
      var offset = 0
      while offset &+ 8 <= size {
        unsafe store(source.loadUnaligned(fromByteOffset: offset, as: UInt64.self), to: address + offset)
        offset &+= 8
      }
      if offset < size {
        var last: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &last) { rest in
          unsafe rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset...]))
        }
        unsafe store(last, to: address + offset)
      }
    }
  }

  /// Copies the words of a slot to `target`, which has `stride` bytes.
  @inlinable @inline(__always)
  func copyWords(of position: UInt64, to target: UnsafeMutableRawPointer) {
    let source = unsafe address(of: position)
    var offset = 0
    while offset < MemoryLayout<Element>.size {
      let word = unsafe (source + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
        .pointee.load(ordering: .relaxed)
      unsafe target.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
  }

  @inlinable @inline(__always)
  func store(_ word: UInt64, to address: UnsafeMutableRawPointer) {
    unsafe address.assumingMemoryBound(to: Atomic<UInt64>.self).pointee.store(word, ordering: .relaxed)
  }
}
