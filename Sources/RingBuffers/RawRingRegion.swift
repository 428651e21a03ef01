import Platform
import Synchronization

/// Where the parts of a ring lie in its memory. Everything is an offset, so that the memory may be mapped at different
/// addresses by different processes.
///
/// ```
///    0  RingHeader (written once)          384  head, the consumers' cursor
///  128  closed flag (written once)         512  item doorbell, where consumers park
///  256  tail, the producers' cursor        640  space doorbell, where producers park
///  768  what a kind of ring has to remember (written once)
/// 1024  a table, if the kind of ring has one, then the slots
/// ```
/// Each of these has 128 bytes to itself: the line and the neighbour that the prefetcher brings along.
@usableFromInline
enum RingLayout {
  static let magic: UInt64 = 0x676E_6972_6564_6973  // "sidering" in memory order, little end first.
  static let version: UInt32 = 1
  @usableFromInline static var closedOffset: Int { @inlinable get { 128 } }
  @usableFromInline static var tailOffset: Int { @inlinable get { 256 } }
  @usableFromInline static var headOffset: Int { @inlinable get { 384 } }
  @usableFromInline static var itemDoorbellOffset: Int { @inlinable get { 512 } }
  @usableFromInline static var spaceDoorbellOffset: Int { @inlinable get { 640 } }
  static let settingOffset = 768
  @usableFromInline static var slotsOffset: Int { @inlinable get { 1024 } }
}

/// Which ring lives in a region.
enum RingKind: UInt32 {
  case singleProducer = 1
  case manyToMany = 2
  case manyToOne = 3
  case stack = 4
  case broadcast = 5
  case bytes = 6
  case sweptLanes = 7
}

/// The first bytes of a region; never changes once the ring exists.
struct RingHeader: Equatable {
  var magic: UInt64
  var version: UInt32
  var kind: UInt32
  var capacity: UInt64
  var lengthLimit: UInt64
  var elementByteCount: UInt32
  var slotStride: UInt32
  var slotsOffset: UInt64

  /// The most elements of a ring, or bytes of a byte ring.
  static var capacityLimit: UInt64 { 1 << 30 }

  /// - Parameter capacity: A power of two up to 2³⁰; the program stops at any other.
  init(
    kind: RingKind, capacity: Int, lengthLimit: Int, elementByteCount: Int, slotStride: Int, tableByteCount: Int = 0
  ) {
    precondition(
      capacity > 0 && capacity <= Self.capacityLimit && capacity & (capacity - 1) == 0,
      "capacity is a power of two up to 2^30, got \(capacity)")
    magic = RingLayout.magic
    version = RingLayout.version
    self.kind = kind.rawValue
    self.capacity = UInt64(capacity)
    self.lengthLimit = UInt64(lengthLimit)
    self.elementByteCount = UInt32(elementByteCount)
    self.slotStride = UInt32(slotStride)
    slotsOffset = UInt64(RingLayout.slotsOffset + tableByteCount)
  }

  /// How much memory the ring takes; for a header that was checked.
  var regionByteCount: Int { Int(slotsOffset) + Int(capacity) * Int(slotStride) }
}

/// The memory of one ring: the only place that turns offsets into pointers.
@safe @frozen @usableFromInline
struct RawRingRegion {
  /// Whom the memory is to be given back to.
  @frozen @usableFromInline
  enum Source { case caller, heap, pages }

  @usableFromInline let base: UnsafeMutableRawPointer
  let source: Source

  /// From this size on a region that may be short-lived has pages of its own, which go back to the system at once.
  static let pagedByteCount = 1 << 20

  static func byteCount(capacity: Int, slotStride: Int) -> Int { RingLayout.slotsOffset + capacity * slotStride }

  /// Fresh memory with a header in it, cursors at `start`, slots zeroed.
  /// - Parameter isShortLived: Whether the ring comes and goes: then large memory is mapped, and not touched beforehand.
  init(creating header: RingHeader, start: UInt64, isShortLived: Bool = false) {
    if isShortLived && header.regionByteCount >= Self.pagedByteCount {
      unsafe base = AlignedMemory.map(byteCount: header.regionByteCount)
      source = .pages
    } else {
      unsafe base = AlignedMemory.allocate(byteCount: header.regionByteCount)
      source = .heap
    }
    format(header, start: start)
  }

  /// The memory of a ring that is gone, with a new header of the same shape and new cursors. The slots are as they were.
  init(recycling old: RawRingRegion, start: UInt64) {
    unsafe base = old.base
    source = old.source
    format(old.header, start: start)
  }

  /// Existing memory that a ring of the same shape was formatted in, with a table of at most `tableByteLimit` bytes.
  init(
    attaching memory: UnsafeMutableRawBufferPointer, expecting shape: (RingKind, stride: Int, element: Int),
    tableByteLimit: Int = 0
  ) throws(RingAttachError) {
    guard let address = memory.baseAddress, memory.count >= RingLayout.slotsOffset else {
      throw .regionTooSmall(byteCount: memory.count, neededByteCount: RingLayout.slotsOffset)
    }
    guard UInt(bitPattern: address) % UInt(AlignedMemory.lineByteCount) == 0 else { throw .misaligned }
    let found = unsafe address.load(as: RingHeader.self)
    guard found.magic == RingLayout.magic else { throw .notARing }
    guard found.version == RingLayout.version else { throw .unsupportedVersion(found.version) }
    guard found.kind == shape.0.rawValue else { throw .otherKindOfRing }
    guard found.elementByteCount == shape.element, found.slotStride == shape.stride else {
      throw .otherElement(byteCount: Int(found.elementByteCount), expectedByteCount: shape.element)
    }
    let firstSlot = RingLayout.slotsOffset
    guard found.capacity > 0, found.capacity <= RingHeader.capacityLimit,
      found.capacity & (found.capacity - 1) == 0, found.lengthLimit > 0,
      found.lengthLimit <= found.capacity, found.slotsOffset >= UInt64(firstSlot),
      found.slotsOffset <= UInt64(firstSlot + tableByteLimit),
      found.slotsOffset % UInt64(AlignedMemory.lineByteCount) == 0
    else { throw .damagedHeader }
    let slotByteCount = max(0, memory.count - Int(found.slotsOffset))
    guard found.capacity <= UInt64(slotByteCount / shape.stride) else {
      throw .regionTooSmall(
        byteCount: memory.count,
        neededByteCount: Int(found.slotsOffset) + Int(found.capacity) * shape.stride)
    }
    unsafe base = address
    source = .caller
  }

  /// Memory of the caller's that a ring is to be made in; it must be zeroed, aligned and large enough.
  init(formatting memory: UnsafeMutableRawBufferPointer, as header: RingHeader) throws(RingAttachError) {
    let needed = header.regionByteCount
    guard let address = memory.baseAddress, memory.count >= needed else {
      throw .regionTooSmall(byteCount: memory.count, neededByteCount: needed)
    }
    guard UInt(bitPattern: address) % UInt(AlignedMemory.lineByteCount) == 0 else { throw .misaligned }
    unsafe base = address
    source = .caller
    format(header, start: 0)
  }

  private func format(_ header: RingHeader, start: UInt64) {
    unsafe base.storeBytes(of: header, as: RingHeader.self)
    for (offset, value) in [
      (RingLayout.closedOffset, 0), (RingLayout.tailOffset, start), (RingLayout.headOffset, start),
    ] as [(Int, UInt64)] {
      unsafe (base + offset).bindMemory(to: Atomic<UInt64>.self, capacity: 1).initialize(to: Atomic(value))
    }
    unsafe (base + RingLayout.itemDoorbellOffset).storeBytes(of: 0, as: UInt64.self)
    unsafe (base + RingLayout.spaceDoorbellOffset).storeBytes(of: 0, as: UInt64.self)
  }

  var header: RingHeader { unsafe base.load(as: RingHeader.self) }

  /// Where consumers park.
  var itemDoorbell: Doorbell { unsafe Doorbell(at: base + RingLayout.itemDoorbellOffset) }

  /// Where producers park.
  var spaceDoorbell: Doorbell { unsafe Doorbell(at: base + RingLayout.spaceDoorbellOffset) }

  func word(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  func free() {
    switch source {
    case .caller: break
    case .heap: unsafe AlignedMemory.deallocate(base)
    case .pages: unsafe AlignedMemory.unmap(base, byteCount: header.regionByteCount)
    }
  }
}
