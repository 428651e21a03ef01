public import Platform
public import Synchronization

/// A bounded queue between any number of producer threads and exactly one consumer thread, in one order for all.
///
/// Producers reserve slots as in `ManyToManyRing`: one compare-and-swap per item or batch. Because one consumer reads the slots in
/// order, it need not hand them back one by one: it moves one head, once per batch, and producers count their room from
/// their copy of it. A fetch-add would win each race for the tail, but could take tickets that there is no room for, and
/// would then have to wait; the compare-and-swap proves that the room was there.
///
/// Take it when all must see one order, when producers come and go without limit, or when the queue is nearly always empty
/// and has many producers: one thread that pushes through two of 64 ends in turn and pops each element at once makes 82 M
/// items/s here and 26 in `SweptLanes` of 64 lanes, which all have to be looked at. With producers that keep it busy
/// `SweptLanes` was faster in every case measured: two producers on two cores, item by item or in batches of 16 or 64,
/// make 61, 561 and 766 M items/s here (8 bytes, capacity 65536) and 558, 1956 and 2157 there; with 64 lanes, two of them
/// busy, item by item, 212.
///
/// Roles: each producing thread makes its own `Producer`; one thread owns the `Consumer`.
/// Cost: one compare-and-swap per push or batch of them; a pop loads the slot and stores the head. Never locks, never
/// allocates; a producer that loses a race for the tail pauses for a moment, else nobody waits.
///
/// Invariants (c: an even cursor, all arithmetic modulo 2⁶⁴, capacity in slots)
/// - `0 <= tail - head <= 2 * capacity`.
/// - A slot's sequence is `c + 1` when it holds the element of cursor c; with any other it is free or being written.
/// - Nothing is reserved ahead: between the reservation of a slot and its sequence there is only the writing of elements.
/// - A push that returned true came before the close; the tail never moves again once its low bit is set.
@safe public final class ManyToOneRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: cursors and sequences are atomic, and a slot's element belongs to whoever its sequence says.
  let region: RawRingRegion
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let slots: UnsafeMutableRawPointer
  let hasConsumer = Atomic<Bool>(false)

  /// How many elements fit: a power of two.
  public let capacity: Int

  /// A ring in its own memory.
  /// - Parameter capacity: A power of two from 1 to 2³⁰.
  public convenience init(capacity: Int) { self.init(capacity: capacity, startCursor: 0) }

  /// A ring whose cursors start at an even number, to test them where they overflow.
  package init(capacity: Int, startCursor: UInt64) {
    precondition(startCursor & 1 == 0, "cursors are even, got \(startCursor)")
    region = RawRingRegion(creating: Self.header(capacity: capacity), start: startCursor)
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
  }

  /// A ring made in memory of the caller's, to be shared with other processes; the caller keeps it mapped.
  /// - Parameter memory: `byteCount(capacity:)` zeroed bytes on a boundary of 128.
  public init(formatting memory: UnsafeMutableRawBufferPointer, capacity: Int) throws(RingAttachError) {
    region = unsafe try RawRingRegion(formatting: memory, as: Self.header(capacity: capacity))
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    self.capacity = capacity
  }

  /// The ring that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public init(attaching memory: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    region = unsafe try RawRingRegion(
      attaching: memory,
      expecting: (.manyToOne, stride: RingSlots<Element>.stride, element: MemoryLayout<Element>.size))
    (unsafe tail, unsafe head, unsafe slots) = unsafe Self.parts(of: region)
    capacity = Int(region.header.capacity)
  }

  deinit { region.free() }

  /// How much memory a ring of this capacity takes.
  public static func byteCount(capacity: Int) -> Int {
    RawRingRegion.byteCount(capacity: capacity, slotStride: RingSlots<Element>.stride)
  }

  /// How many elements were pushed and not given back: exact when nobody is at work, else a moment's view.
  @inlinable
  public var count: Int {
    // The head first: the tail only grows, so the difference never comes out negative; it may come out too large.
    let head = unsafe self.head.pointee.load(ordering: .acquiring)
    let tail = unsafe self.tail.pointee.load(ordering: .relaxed) & ~1
    return min(Int(truncatingIfNeeded: (tail &- head) >> 1), capacity)
  }

  /// Whether the ring takes no more elements; those left can still be popped.
  @inlinable
  public var isClosed: Bool { unsafe tail.pointee.load(ordering: .acquiring) & 1 != 0 }

  /// Refuses further elements from now on and wakes everybody who is parked.
  public func close() {
    // Release and acquire order the close with every push, which changes the same word.
    unsafe tail.pointee.bitwiseOr(1, ordering: .acquiringAndReleasing)
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where the consumer parks.
  public var itemDoorbell: Doorbell { region.itemDoorbell }

  /// Where producers park.
  public var spaceDoorbell: Doorbell { region.spaceDoorbell }

  /// A new end for a producing thread.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// The end for the consuming thread. A ring has one at a time.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}

extension ManyToOneRing {
  private static func header(capacity: Int) -> RingHeader {
    RingHeader(
      kind: .manyToOne, capacity: capacity, lengthLimit: capacity, elementByteCount: MemoryLayout<Element>.size,
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
}
