public import Synchronization

/// A bounded ring with one producer thread of which every reader sees every element.
///
/// Two modes, chosen when the ring is made:
/// - `block`: the slowest reader holds the producer back; nobody misses anything. Without readers the producer runs freely.
/// - `lap`: the producer never waits. A reader that it overtook learns how many elements it missed and goes on half a ring
///   behind the producer.
///
/// Overtaking is noticed as in Aeron's broadcast buffer (Thompson and Montgomery, BroadcastTransmitter.java): the producer
/// announces up to where it is about to write before it writes; a reader copies a batch, then looks whether the
/// announcement has come within a ring's length of what it copied. That is a sequence lock over the whole ring, so a batch
/// costs one check instead of two per element, and the slots carry no sequence.
///
/// Roles: one thread owns the `Producer`, each reading thread a `Reader`; readers join and leave while the ring is used, and
/// begin with what is pushed after they joined. At most `readerLimit` at a time.
/// Cost: as `SingleProducerRing`, plus a look at all readers when the producer runs out of known space. Never locks; a reader
/// of a ring that laps allocates its buffer when it joins.
///
/// Invariants
/// - block: for each reader `0 <= tail - cursor <= capacity`, modulo 2⁶⁴.
/// - `tail <= announced <= tail + capacity`; both have one writer, the producer; each cursor has one writer, its reader.
@safe public final class BroadcastRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: each word has one writer, and the orderings named at each access hand the slots over.
  let region: RawRingRegion
  @usableFromInline let slots: BroadcastSlots<Element>
  @usableFromInline let readers: BroadcastReaderTable
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
  /// On the tail's line: whoever looks at one looks at the other.
  @usableFromInline let announced: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
  let hasProducer = Atomic<Bool>(false)

  /// How many elements fit: a power of two.
  public let capacity: Int
  /// What happens when a reader is slow.
  public let mode: BroadcastMode

  /// How many readers there can be when the maker of the ring does not say otherwise.
  public static var defaultReaderLimit: Int { 16 }

  /// A ring in its own memory.
  /// - Parameters:
  ///   - capacity: A power of two from 1 to 2³⁰.
  ///   - readerLimit: How many readers there can be at a time, 1 to 64.
  public convenience init(capacity: Int, mode: BroadcastMode, readerLimit: Int = defaultReaderLimit) {
    self.init(capacity: capacity, mode: mode, readerLimit: readerLimit, startCursor: 0)
  }

  /// A ring whose positions start at the given number, to test them where they overflow.
  package convenience init(capacity: Int, mode: BroadcastMode, readerLimit: Int = 16, startCursor: UInt64) {
    let header = Self.header(capacity: capacity, readerLimit: readerLimit)
    self.init(RawRingRegion(creating: header, start: startCursor), formattedAs: mode)
  }

  /// A ring made in memory of the caller's, to be shared with another process; the caller keeps it mapped.
  /// - Parameter memory: `byteCount(capacity:readerLimit:)` zeroed bytes on a boundary of 128.
  public convenience init(
    formatting memory: UnsafeMutableRawBufferPointer, capacity: Int, mode: BroadcastMode,
    readerLimit: Int = defaultReaderLimit
  ) throws(RingAttachError) {
    let header = Self.header(capacity: capacity, readerLimit: readerLimit)
    self.init(unsafe try RawRingRegion(formatting: memory, as: header), formattedAs: mode)
  }

  /// The ring that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public convenience init(attaching memory: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    let region = unsafe try RawRingRegion(
      attaching: memory,
      expecting: (.broadcast, stride: BroadcastSlots<Element>.stride, element: MemoryLayout<Element>.size),
      tableByteLimit: 64 * BroadcastReaderTable.entryByteCount)
    let setting = unsafe region.word(at: RingLayout.settingOffset).pointee.load(ordering: .relaxed)
    guard let mode = BroadcastMode(setting: setting), region.header.slotsOffset > RingLayout.slotsOffset
    else { throw .damagedHeader }
    self.init(region, mode: mode)
  }

  private convenience init(_ region: RawRingRegion, formattedAs mode: BroadcastMode) {
    let start = unsafe region.word(at: RingLayout.tailOffset).pointee.load(ordering: .relaxed)
    let table = RingLayout.slotsOffset..<Int(region.header.slotsOffset)
    for offset in [RingLayout.settingOffset] + Array(stride(from: table.lowerBound, to: table.upperBound, by: 8)) {
      unsafe region.word(at: offset).initialize(to: Atomic(0))
    }
    unsafe region.word(at: RingLayout.tailOffset + 8).initialize(to: Atomic(start))
    unsafe region.word(at: RingLayout.settingOffset).pointee.store(mode.setting, ordering: .relaxed)
    self.init(region, mode: mode)
  }

  private init(_ region: RawRingRegion, mode: BroadcastMode) {
    self.region = region
    self.mode = mode
    capacity = Int(region.header.capacity)
    let slotsOffset = Int(region.header.slotsOffset)
    slots = unsafe BroadcastSlots(base: region.base + slotsOffset, capacity: capacity)
    readers = unsafe BroadcastReaderTable(
      entries: region.base + RingLayout.slotsOffset,
      limit: (slotsOffset - RingLayout.slotsOffset) / BroadcastReaderTable.entryByteCount)
    unsafe tail = region.word(at: RingLayout.tailOffset)
    unsafe announced = region.word(at: RingLayout.tailOffset + 8)
    unsafe closed = region.word(at: RingLayout.closedOffset)
  }

  deinit { region.free() }

  /// How much memory a ring of this capacity takes.
  public static func byteCount(capacity: Int, readerLimit: Int = defaultReaderLimit) -> Int {
    header(capacity: capacity, readerLimit: readerLimit).regionByteCount
  }

  private static func header(capacity: Int, readerLimit: Int) -> RingHeader {
    precondition((1...64).contains(readerLimit), "a broadcast ring has 1 to 64 readers, got \(readerLimit)")
    return RingHeader(
      kind: .broadcast, capacity: capacity, lengthLimit: capacity, elementByteCount: MemoryLayout<Element>.size,
      slotStride: BroadcastSlots<Element>.stride, tableByteCount: readerLimit * BroadcastReaderTable.entryByteCount)
  }
}
