public import Platform
public import Synchronization

/// A bounded queue between any number of producer and consumer threads.
///
/// The algorithm is Dmitry Vyukov's bounded MPMC queue (1024cores.net, "Bounded MPMC queue"): each slot carries a sequence
/// number that says whose turn it is. Changed here: cursors count in steps of two, so that the low bit of the tail can mean
/// "closed" and the low bit of a sequence "holds an element"; each end remembers where it was last, so that it looks at the
/// slot before it looks at a shared cursor; batches look for ready slots first and then take them all with one
/// compare-and-swap; and an exact length limit below the capacity.
///
/// Roles: each thread makes its own `Producer` or `Consumer`. The sequence lies beside the element inside the slot: an
/// element of 56 bytes makes a slot of exactly 64.
/// Cost: one compare-and-swap per item, or per batch. Never locks, never allocates, never waits.
///
/// Invariants (c: an even cursor, all arithmetic modulo 2⁶⁴, capacity and length in slots)
/// - `0 <= tail - head <= 2 * lengthLimit`.
/// - A slot's sequence is `c` when it is free for cursor c, `c + 1` when it holds the element of cursor c, and is set to
///   `c + 2 * capacity` by the consumer of c when it has read the element.
/// - Nothing is reserved ahead: between the reservation of a slot and its sequence there is only the writing of elements.
/// - A push that returned true came before the close; the tail never moves again once its low bit is set.
@safe public final class ManyToManyRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: cursors and sequences are atomic, and a slot's element belongs to whoever its sequence says.
  let region: RawRingRegion
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let slots: UnsafeMutableRawPointer

  /// How many slots there are: a power of two.
  public let capacity: Int
  /// How many elements may be ready at a time, at most `capacity`; enforced exactly.
  public let lengthLimit: Int
  /// Whether the slots would let more in than the length limit does, so that pushes have to look at it.
  let limitsLength: Bool
  /// Where the cursors began.
  let start: UInt64
  /// Whether the memory is freed with the ring: not when another ring has taken it over.
  var ownsRegion = true

  /// A ring in its own memory.
  /// - Parameters:
  ///   - capacity: A power of two from 1 to 2³⁰.
  ///   - lengthLimit: The most elements that may be ready at a time; the capacity when nil.
  public convenience init(capacity: Int, lengthLimit: Int? = nil) {
    self.init(capacity: capacity, lengthLimit: lengthLimit, startCursor: 0)
  }

  /// A ring whose cursors start at an even number, to test them where they overflow.
  package init(capacity: Int, lengthLimit: Int? = nil, startCursor: UInt64) {
    precondition(startCursor & 1 == 0, "cursors are even, got \(startCursor)")
    let header = Self.header(capacity: capacity, lengthLimit: lengthLimit)
    region = RawRingRegion(creating: header, start: startCursor)
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
    self.lengthLimit = Int(header.lengthLimit)
    limitsLength = self.lengthLimit < capacity
    start = startCursor
    initializeSequences(from: startCursor)
  }

  /// One segment of a `GrowingRing`, which takes the elements from `start` on, until it is sealed.
  /// - Parameters:
  ///   - head: The consumers' cursor of the whole chain.
  ///   - lengthLimit: That of the whole chain, which may be more than the capacity.
  ///   - limitsLength: Whether the chain could get longer than that while this segment takes pushes.
  ///   - old: A segment of this capacity that nobody uses any more: its memory is taken over.
  init(
    segmentOf capacity: Int, start: UInt64, head: UnsafeMutablePointer<Atomic<UInt64>>, lengthLimit: Int,
    limitsLength: Bool, recycling old: ManyToManyRing?
  ) {
    if let old {
      precondition(old.capacity == capacity, "a segment of \(old.capacity) slots cannot become one of \(capacity)")
      region = RawRingRegion(recycling: old.region, start: start)
      old.ownsRegion = false
    } else {
      region = RawRingRegion(
        creating: Self.header(capacity: capacity, lengthLimit: nil), start: start, isShortLived: true)
    }
    (unsafe tail, _, unsafe slots) = unsafe Self.parts(of: region)
    unsafe self.head = unsafe head
    self.capacity = capacity
    self.lengthLimit = lengthLimit
    self.limitsLength = limitsLength
    self.start = start
    initializeSequences(from: start)
  }

  /// A ring made in memory of the caller's, to be shared with other processes; the caller keeps it mapped.
  /// - Parameter memory: `byteCount(capacity:)` bytes on a boundary of 128.
  public init(formatting memory: UnsafeMutableRawBufferPointer, capacity: Int, lengthLimit: Int? = nil)
    throws(RingAttachError)
  {
    let header = Self.header(capacity: capacity, lengthLimit: lengthLimit)
    region = unsafe try RawRingRegion(formatting: memory, as: header)
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
    self.lengthLimit = Int(header.lengthLimit)
    limitsLength = self.lengthLimit < capacity
    start = 0
    initializeSequences(from: 0)
  }

  /// The ring that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public init(attaching memory: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    region = unsafe try RawRingRegion(
      attaching: memory,
      expecting: (.manyToMany, stride: RingSlots<Element>.stride, element: MemoryLayout<Element>.size))
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    capacity = Int(region.header.capacity)
    lengthLimit = Int(region.header.lengthLimit)
    limitsLength = lengthLimit < capacity
    start = 0
  }

  deinit {
    if ownsRegion { region.free() }
  }

  /// How much memory a ring of this capacity takes.
  public static func byteCount(capacity: Int) -> Int {
    RawRingRegion.byteCount(capacity: capacity, slotStride: RingSlots<Element>.stride)
  }

  /// How many elements are ready or being written: exact when nobody is pushing or popping, else a moment's view.
  @inlinable
  public var count: Int {
    // The head first: the tail only grows, so the difference never comes out negative; it may come out too large.
    let head = unsafe self.head.pointee.load(ordering: .acquiring)
    let tail = unsafe self.tail.pointee.load(ordering: .relaxed) & ~1
    return min(Int(truncatingIfNeeded: (tail &- head) >> 1), lengthLimit)
  }

  /// Whether the ring takes no more elements; those left can still be popped.
  @inlinable
  public var isClosed: Bool { unsafe tail.pointee.load(ordering: .acquiring) & 1 != 0 }

  /// Whether the ring is closed and everything that was pushed has been taken.
  @inlinable
  public var isFinished: Bool {
    let tail = unsafe self.tail.pointee.load(ordering: .acquiring)
    return unsafe tail & 1 != 0 && head.pointee.load(ordering: .relaxed) == tail & ~1
  }

  /// Refuses further elements from now on and wakes everybody who is parked.
  public func close() {
    // Release and acquire order the close with every push, which changes the same word.
    unsafe tail.pointee.bitwiseOr(1, ordering: .acquiringAndReleasing)
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where consumers park.
  public var itemDoorbell: Doorbell { unsafe Doorbell(at: region.base + RingLayout.itemDoorbellOffset) }

  /// Where producers park.
  public var spaceDoorbell: Doorbell { unsafe Doorbell(at: region.base + RingLayout.spaceDoorbellOffset) }

  /// A new end for a producing thread.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// A new end for a consuming thread.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}

extension ManyToManyRing {
  private static func header(capacity: Int, lengthLimit: Int?) -> RingHeader {
    let limit = lengthLimit ?? capacity
    precondition(limit > 0 && limit <= capacity, "the length limit is from 1 to the capacity, got \(limit)")
    return RingHeader(
      kind: .manyToMany, capacity: capacity, lengthLimit: limit, elementByteCount: MemoryLayout<Element>.size,
      slotStride: RingSlots<Element>.stride)
  }

  private static func parts(of region: RawRingRegion) -> (
    UnsafeMutablePointer<Atomic<UInt64>>, UnsafeMutablePointer<Atomic<UInt64>>, UnsafeMutableRawPointer
  ) {
    unsafe (
      region.word(at: RingLayout.tailOffset), region.word(at: RingLayout.headOffset),
      region.base + RingLayout.slotsOffset
    )
  }

  private func initializeSequences(from start: UInt64) {
    let lap = unsafe RingSlots<Element>(slots: slots, capacity: capacity)
    for index in 0..<UInt64(capacity) {
      let cursor = start &+ 2 &* index
      // In memory that another ring used: acquire pairs with the release of the last reader of that slot.
      _ = lap.sequence(of: cursor)
      lap.setSequence(cursor, for: cursor)
    }
  }
}
