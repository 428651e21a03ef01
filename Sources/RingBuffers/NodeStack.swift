public import Synchronization

/// One of the two stacks of nodes of a `BoundedStack`: a word with the index of the top node, and the nodes' links.
///
/// The word, from the low end: closed flag, 1 bit; index or `none`, one bit more than the capacity's; count of changes.
/// Invariant: `nodes` points at `capacity` nodes of `stride` bytes; an index is masked before it becomes an address, so no index
/// reaches outside.
@safe @frozen @usableFromInline
struct NodeStack<Element: BitwiseCopyable & Sendable> {
  @usableFromInline let top: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let nodes: UnsafeMutableRawPointer
  /// The index that means "no node": the capacity.
  @usableFromInline let none: UInt32
  /// Selects the index and the closed flag of a word.
  @usableFromInline let indexMask: UInt64
  /// What one more change adds to a word.
  @usableFromInline let change: UInt64

  init(top: UnsafeMutablePointer<Atomic<UInt64>>, nodes: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.top = unsafe top
    unsafe self.nodes = unsafe nodes
    none = UInt32(capacity)
    change = 4 &* UInt64(capacity)
    indexMask = change &- 1
  }

  /// A node: its link, its depth in the free stack, its element.
  @inlinable @inline(__always)
  static var elementOffset: Int { max(8, MemoryLayout<Element>.alignment) }

  @inlinable @inline(__always)
  static var stride: Int {
    let alignment = max(8, MemoryLayout<Element>.alignment)
    return (elementOffset + MemoryLayout<Element>.size + alignment - 1) & ~(alignment - 1)
  }

  @inlinable @inline(__always)
  func node(_ index: UInt32) -> UnsafeMutableRawPointer { unsafe nodes + Int(index & (none &- 1)) &* Self.stride }

  /// Links are relaxed: the word's release and acquire order them, and its count tells when they were stale.
  @inlinable @inline(__always)
  func next(of index: UInt32) -> UInt32 {
    unsafe node(index).assumingMemoryBound(to: Atomic<UInt32>.self).pointee.load(ordering: .relaxed)
  }

  @inlinable @inline(__always)
  func setNext(_ next: UInt32, of index: UInt32) {
    unsafe node(index).assumingMemoryBound(to: Atomic<UInt32>.self).pointee.store(next, ordering: .relaxed)
  }

  /// Acquire pairs with the release in `setDepth`: who sees a new depth sees the word that changed before it.
  @inlinable @inline(__always)
  func depth(of index: UInt32) -> UInt32 {
    unsafe (node(index) + 4).assumingMemoryBound(to: Atomic<UInt32>.self).pointee.load(ordering: .acquiring)
  }

  @inlinable @inline(__always)
  func setDepth(_ depth: UInt32, of index: UInt32) {
    unsafe (node(index) + 4).assumingMemoryBound(to: Atomic<UInt32>.self).pointee.store(depth, ordering: .releasing)
  }

  @inlinable @inline(__always)
  func write(_ element: Element, to index: UInt32) {
    unsafe (node(index) + Self.elementOffset).assumingMemoryBound(to: Element.self).initialize(to: element)
  }

  @inlinable @inline(__always)
  func element(of index: UInt32) -> Element {
    unsafe (node(index) + Self.elementOffset).assumingMemoryBound(to: Element.self).pointee
  }

  func reset(top index: UInt32) { unsafe top.pointee.store(UInt64(index) << 1, ordering: .releasing) }

  @inlinable @inline(__always)
  func index(in word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (word & indexMask) >> 1) }

  /// The word after `word` with another top; keeps the closed flag.
  @inlinable @inline(__always)
  func word(after word: UInt64, top index: UInt32) -> UInt64 {
    (word & ~indexMask &+ change) | UInt64(index) << 1 | word & 1
  }

  @inlinable
  var isClosed: Bool { unsafe top.pointee.load(ordering: .acquiring) & 1 != 0 }

  /// Release and acquire order the close with every claim, which changes the same word.
  func close() { unsafe top.pointee.bitwiseOr(1, ordering: .acquiringAndReleasing) }

  /// How many nodes there are; of the free stack only.
  @inlinable
  func depthOfTop() -> Int {
    while true {
      let word = unsafe top.pointee.load(ordering: .acquiring)
      let index = index(in: word)
      let depth = index == none ? 0 : Int(depth(of: index))
      // Unchanged: the depth was this top's.
      if unsafe top.pointee.load(ordering: .relaxed) == word { return depth }
    }
  }
}
