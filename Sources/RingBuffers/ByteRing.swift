public import Platform
public import Synchronization

/// A bounded queue of records of any size between exactly one producer thread and one consumer thread.
///
/// A record is claimed as contiguous bytes, written in place, and read in place by the other side. What does not fit before
/// the end of the ring begins at its start again, behind a padding record, as in Agrona's one-to-one ring buffer (Thompson,
/// OneToOneRingBuffer.java); unlike there the cursors alone publish, once per record or once per batch, as the caller likes.
///
/// ```
/// 0       4       8                8 + byteCount    next multiple of 8
/// │ size  │ kind  │ bytes of the record │ unused │
/// ```
/// Roles: one thread owns the `Producer`, one the `Consumer`; the ends may move between threads, but there is one of each.
/// Cost: 8 bytes per record and up to 7 of alignment; at most one load and one store of a shared cursor per call. Never
/// locks, never allocates, never waits.
///
/// Invariants
/// - `0 <= tail - head <= capacity`, modulo 2⁶⁴; both count bytes and are multiples of 8.
/// - From `head` to `tail` there are whole records, none of which crosses the end of the memory.
/// - `tail` has one writer, the producer; `head` has one writer, the consumer; the closed flag only rises.
@safe public final class ByteRing: @unchecked Sendable {
  // Unchecked, because: each cursor has one writer, and the orderings below hand bytes over before their cursor moves.
  let region: RawRingRegion
  @usableFromInline let bytes: ByteRingMemory
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
  let hasProducer = Atomic<Bool>(false)
  let hasConsumer = Atomic<Bool>(false)
  /// Only held: whoever keeps the memory.
  private let owner: (any AnyObject & Sendable)?

  /// How many bytes the ring has for records and their headers: a power of two.
  public let capacity: Int

  /// The largest record that a ring of `capacity` bytes takes: half the ring, so that it fits wherever the ring is empty.
  @inlinable
  public static func recordByteLimit(capacity: Int) -> Int { capacity / 2 - ByteRingMemory.headerByteCount }

  /// The largest record that this ring takes.
  @inlinable
  public var recordByteLimit: Int { Self.recordByteLimit(capacity: capacity) }

  /// A ring in its own memory.
  /// - Parameter capacity: A power of two from 32 to 2³⁰, in bytes.
  public convenience init(capacity: Int) { self.init(capacity: capacity, startCursor: 0) }

  /// A ring whose cursors start at the given multiple of 8, to test them where they overflow.
  package convenience init(capacity: Int, startCursor: UInt64) {
    precondition(startCursor % 8 == 0, "a byte ring's cursors are multiples of 8, got \(startCursor)")
    self.init(RawRingRegion(creating: Self.header(capacity: capacity), start: startCursor))
  }

  /// A ring made in memory of the caller's, to be shared with another process.
  /// - Parameters:
  ///   - memory: `byteCount(capacity:)` bytes on a boundary of 128.
  ///   - owner: Whom the ring and its ends hold as long as they are there; without one the caller keeps the memory mapped.
  public convenience init(
    formatting memory: UnsafeMutableRawBufferPointer, capacity: Int, owner: (any AnyObject & Sendable)? = nil
  ) throws(RingAttachError) {
    self.init(unsafe try RawRingRegion(formatting: memory, as: Self.header(capacity: capacity)), owner: owner)
  }

  /// The ring that somebody else, perhaps another process, made in this memory.
  /// - Parameter owner: As above.
  public convenience init(
    attaching memory: UnsafeMutableRawBufferPointer, owner: (any AnyObject & Sendable)? = nil
  ) throws(RingAttachError) {
    let region = unsafe try RawRingRegion(attaching: memory, expecting: (.bytes, stride: 1, element: 1))
    guard Self.capacities.contains(Int(region.header.capacity)) else { throw .damagedHeader }
    self.init(region, owner: owner)
  }

  private init(_ region: RawRingRegion, owner: (any AnyObject & Sendable)? = nil) {
    self.region = region
    self.owner = owner
    capacity = Int(region.header.capacity)
    bytes = unsafe ByteRingMemory(base: region.base + RingLayout.slotsOffset, capacity: capacity)
    unsafe tail = region.word(at: RingLayout.tailOffset)
    unsafe head = region.word(at: RingLayout.headOffset)
    unsafe closed = region.word(at: RingLayout.closedOffset)
  }

  deinit { region.free() }

  /// How much memory a ring of this capacity takes.
  public static func byteCount(capacity: Int) -> Int { header(capacity: capacity).regionByteCount }

  /// How many bytes are taken by records that were published and not released: exact when neither end is at work.
  @inlinable
  public var usedByteCount: Int {
    // The head first: the tail only grows, so the difference never comes out negative; it may come out too large.
    let head = unsafe self.head.pointee.load(ordering: .acquiring)
    return unsafe min(Int(truncatingIfNeeded: tail.pointee.load(ordering: .relaxed) &- head), capacity)
  }

  /// Whether the ring takes no more records; those left can still be read.
  @inlinable
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .acquiring) != 0 }

  /// Refuses further records from now on and wakes everybody who is parked. Close after the last publish.
  public func close() {
    unsafe closed.pointee.store(1, ordering: .releasing)  // Pairs with `isClosed`: who sees it sees the last record.
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where the consumer parks.
  public var itemDoorbell: Doorbell { region.itemDoorbell }

  /// Where the producer parks.
  public var spaceDoorbell: Doorbell { region.spaceDoorbell }

  /// The end for the producing thread. A ring has one at a time.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// The end for the consuming thread. A ring has one at a time.
  public func makeConsumer() -> Consumer { Consumer(of: self) }

  private static let capacities = 32...1 << 30

  /// The smallest capacity that always has room for `count` records of `byteCount` bytes, whatever is lost at the wrap; nil when
  /// that is more than 2³⁰ bytes.
  public static func capacity(forRecords count: Int, byteCount: Int) -> Int? {
    // As a division: the product may be too large for any number.
    guard byteCount <= capacities.upperBound,
      count < capacities.upperBound / ByteRingMemory.footprint(of: byteCount)
    else { return nil }
    var capacity = capacities.lowerBound
    while capacity < (count + 1) * ByteRingMemory.footprint(of: byteCount) { capacity *= 2 }
    return capacity
  }

  private static func header(capacity: Int) -> RingHeader {
    precondition(
      capacities.contains(capacity) && capacity & (capacity - 1) == 0,
      "capacity is a power of two from 32 to 2^30 bytes, got \(capacity)")
    return RingHeader(kind: .bytes, capacity: capacity, lengthLimit: capacity, elementByteCount: 1, slotStride: 1)
  }
}
