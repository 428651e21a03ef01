public import Platform
public import Synchronization

/// A bounded queue between exactly one producer thread and one consumer thread.
///
/// The classic ring of Lamport with the cached cursors of FastForward and MCRingBuffer (Lee, Bu and Chandranmenon, "A lock-free,
/// cache-efficient shared ring buffer", 2009): each end keeps its own cursor and a copy of the other's, so that a call usually
/// touches no shared line but the slot and its own cursor. Batches are written and read in place; lazy operations move a
/// shared cursor once for many items.
///
/// Roles: one thread owns the `Producer`, one the `Consumer`; the ends may move between threads, but there is one of each.
/// Cost: at most one load and one store of a shared cursor per call; never locks, never allocates, never waits.
///
/// Invariants
/// - `0 <= tail - head <= capacity`, modulo 2⁶⁴. Both cursors only grow, so equal means empty and never "full or empty?".
/// - Slots at `head ..< tail` hold elements; all others are raw memory.
/// - `tail` has one writer, the producer; `head` has one writer, the consumer; the closed flag only rises.
@safe public final class SingleProducerRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: each cursor has one writer, and the orderings below hand a slot over before its cursor moves.
  let region: RawRingRegion
  /// Keeps memory that is not the region's own, when somebody here owns it.
  private let memoryOwner: AnyObject?
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let slots: UnsafeMutablePointer<Element>
  let hasProducer = Atomic<Bool>(false)
  let hasConsumer = Atomic<Bool>(false)

  /// How many elements fit: a power of two.
  public let capacity: Int

  /// A ring in its own memory.
  /// - Parameter capacity: A power of two from 1 to 2³⁰.
  public convenience init(capacity: Int) { self.init(capacity: capacity, startCursor: 0) }

  /// A ring whose cursors start at the given number, to test them where they overflow.
  package init(capacity: Int, startCursor: UInt64) {
    region = RawRingRegion(creating: Self.header(capacity: capacity), start: startCursor)
    memoryOwner = nil
    (unsafe tail, unsafe head, unsafe closed, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
  }

  /// A ring made in memory of the caller's, to be shared with another process; the caller keeps it mapped.
  /// - Parameter memory: `byteCount(capacity:)` bytes on a boundary of 128.
  public convenience init(formatting memory: UnsafeMutableRawBufferPointer, capacity: Int) throws(RingAttachError) {
    unsafe try self.init(formatting: memory, capacity: capacity, ownedBy: nil)
  }

  /// The ring that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public convenience init(attaching memory: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    unsafe try self.init(attaching: memory, ownedBy: nil)
  }

  /// A ring made in memory that `owner` frees.
  init(formatting memory: UnsafeMutableRawBufferPointer, capacity: Int, ownedBy owner: AnyObject?)
    throws(RingAttachError)
  {
    memoryOwner = owner
    region = unsafe try RawRingRegion(formatting: memory, as: Self.header(capacity: capacity))
    (unsafe tail, unsafe head, unsafe closed, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
  }

  /// A ring found in memory that `owner` frees.
  init(attaching memory: UnsafeMutableRawBufferPointer, ownedBy owner: AnyObject?) throws(RingAttachError) {
    memoryOwner = owner
    region = unsafe try RawRingRegion(
      attaching: memory,
      expecting: (.singleProducer, stride: MemoryLayout<Element>.stride, element: MemoryLayout<Element>.size))
    (unsafe tail, unsafe head, unsafe closed, unsafe slots) = unsafe Self.parts(of: region)
    capacity = Int(region.header.capacity)
  }

  deinit { region.free() }

  /// How much memory a ring of this capacity takes.
  public static func byteCount(capacity: Int) -> Int {
    RawRingRegion.byteCount(capacity: capacity, slotStride: MemoryLayout<Element>.stride)
  }

  /// How many published elements have not been released: exact when neither end is at work, else a moment's view.
  @inlinable
  public var count: Int {
    // The head first: the tail only grows, so the difference never comes out negative; it may come out too large.
    let head = unsafe self.head.pointee.load(ordering: .acquiring)
    return unsafe min(Int(truncatingIfNeeded: tail.pointee.load(ordering: .relaxed) &- head), capacity)
  }

  /// Whether the ring takes no more elements; those left can still be popped.
  @inlinable
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .acquiring) != 0 }

  /// Refuses further elements from now on and wakes everybody who is parked.
  ///
  /// A push at the same moment on another thread may still be accepted after the consumer has seen the end; its element
  /// then stays in the ring, where `tryPop` finds it. Close after the last push, and nothing stays.
  public func close() {
    unsafe closed.pointee.store(1, ordering: .releasing)  // Pairs with `isClosed`: who sees it sees the last element.
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where the consumer parks.
  public var itemDoorbell: Doorbell { region.itemDoorbell }

  /// Where the producer parks.
  public var spaceDoorbell: Doorbell { region.spaceDoorbell }

  /// The end for the producing thread. A ring has one at a time.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// Whether the producing end was free; it is taken now.
  func reserveProducer() -> Bool {
    hasProducer.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
  }

  /// The end for the consuming thread. A ring has one at a time.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}

extension SingleProducerRing {
  private static func header(capacity: Int) -> RingHeader {
    RingHeader(
      kind: .singleProducer, capacity: capacity, lengthLimit: capacity, elementByteCount: MemoryLayout<Element>.size,
      slotStride: MemoryLayout<Element>.stride)
  }

  private static func parts(of region: RawRingRegion) -> (
    UnsafeMutablePointer<Atomic<UInt64>>, UnsafeMutablePointer<Atomic<UInt64>>, UnsafeMutablePointer<Atomic<UInt64>>,
    UnsafeMutablePointer<Element>
  ) {
    unsafe (
      region.word(at: RingLayout.tailOffset), region.word(at: RingLayout.headOffset),
      region.word(at: RingLayout.closedOffset),
      (region.base + RingLayout.slotsOffset).bindMemory(to: Element.self, capacity: Int(region.header.capacity))
    )
  }
}
