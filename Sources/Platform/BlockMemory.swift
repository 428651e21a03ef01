/// Memory for records of many sizes that one thread owns: blocks in chunks of pages, each chunk for one size, given back to the
/// system when its last block is freed.
///
/// Like Jeff Bonwick's slab allocator ("The Slab Allocator: An Object-Caching Kernel Memory Allocator", 1994): every chunk has a
/// list of its free blocks, so that an empty chunk is known at once; blocks are taken from chunks that are partly used first.
/// A handle is 18 bits of chunk above 14 bits of 16-byte units, so that records refer to one another with four bytes.
///
/// Cost: allocate and free are O(1) and allocate nothing, except for the system call that maps or gives back a chunk: up to an
/// eighth of the chunks in use stay mapped while empty, so that a load that swings does not call the system. A block wastes under 16 bytes
/// up to 256 bytes, at most a fifth up to 32 KiB; a larger one has pages of its own.
/// Limits: `byteLimit` of mapped memory; `exhaustedCount` counts what found none.
///
/// Invariants
/// - A chunk in `roomy[c]` has a block size of class c and at least one free block; every such chunk is there.
/// - `0 < usedCount` for every chunk that has a number: an empty one loses it.
@safe
public struct BlockMemory: ~Copyable, @unchecked Sendable {
  // Unchecked, because: it is not copyable, and the memory is reached through it alone.

  /// Names a block: 18 bits of chunk, then 14 bits of 16-byte units.
  public typealias Handle = UInt32

  /// By chunk number: where its memory begins; nil for a number that is not in use.
  @usableFromInline var bases: [UnsafeMutableRawPointer?] = unsafe []
  var chunks: [BlockChunk] = []
  /// By size class: the first chunk that has a free block.
  var roomy = [Int32](repeating: BlockChunk.none, count: BlockSizeClass.count)
  var freeNumbers: [Int32] = []
  /// Mapped chunks without a number.
  var spares: [UnsafeMutableRawPointer] = unsafe []

  /// The bytes of mapped memory that are never exceeded.
  public let byteLimit: Int
  /// Bytes of blocks in use, rounded to their sizes.
  public private(set) var byteCountInUse = 0
  /// Bytes mapped: in use, free, or not touched yet.
  public private(set) var byteCountMapped = 0
  /// How often no block was found because of the limit.
  public private(set) var exhaustedCount = 0

  /// No memory yet.
  /// - Parameter byteLimit: From one chunk, 256 KiB, to 64 GiB.
  public init(byteLimit: Int) {
    precondition(
      byteLimit >= BlockChunk.byteCount && byteLimit <= 1 << 36,
      "the byte limit is from 256 KiB to 64 GiB, got \(byteLimit)")
    self.byteLimit = byteLimit
  }

  deinit {
    for index in 0..<(unsafe spares.count) {
      unsafe AlignedMemory.unmap(spares[index], byteCount: BlockChunk.byteCount)
    }
    for number in chunks.indices {
      guard let base = unsafe bases[number] else { continue }
      unsafe AlignedMemory.unmap(base, byteCount: chunks[number].byteCount)
    }
  }

  /// The bytes of a block, on a boundary of 16.
  @inlinable @inline(__always)
  public func address(of handle: Handle) -> UnsafeMutableRawPointer {
    guard let base = unsafe bases[Int(handle >> 14)] else { preconditionFailure("the block was freed") }
    return unsafe base + Int(handle & 0x3FFF) << 4
  }

  /// The place of a block that may have been freed meanwhile: nil when its memory is gone. What lies there may be a later block.
  @inlinable
  public func addressIfMapped(of handle: Handle) -> UnsafeMutableRawPointer? {
    let number = Int(handle >> 14)
    guard unsafe number < bases.count, let base = unsafe bases[number] else { return nil }
    return unsafe base + Int(handle & 0x3FFF) << 4
  }

  /// A block of at least `byteCount` bytes with any content, or nil at the limit.
  public mutating func allocate(byteCount: Int) -> Handle? {
    precondition(byteCount >= 0, "asked for \(byteCount) bytes")
    let unitCount = BlockSizeClass.unitCount(ofBytes: byteCount)
    guard unitCount <= BlockSizeClass.unitCountMax else { return allocateAlone(byteCount: byteCount) }
    let sizeClass = BlockSizeClass.containing(unitCount: unitCount)
    if roomy[sizeClass] == BlockChunk.none {
      guard openChunk(BlockChunk(unitCount: BlockSizeClass.unitCount(of: sizeClass), sizeClass: sizeClass)) else {
        return refuse()
      }
    }
    let number = roomy[sizeClass]
    let unit = unsafe chunks[Int(number)].take(from: bases[Int(number)]!)
    byteCountInUse += chunks[Int(number)].blockByteCount
    if chunks[Int(number)].isFull { unlink(number) }
    return UInt32(number) << 14 | UInt32(unit)
  }

  /// Frees a block. Its content stays until the memory is used again, except for the first four bytes.
  public mutating func free(_ handle: Handle) {
    let number = Int32(handle >> 14)
    guard let base = unsafe bases[Int(number)] else { preconditionFailure("the block was freed before") }
    byteCountInUse -= chunks[Int(number)].blockByteCount
    guard chunks[Int(number)].sizeClass >= 0 else {
      unsafe unmap(base, byteCount: chunks[Int(number)].byteCount)
      return close(number)
    }
    let wasFull = chunks[Int(number)].isFull
    unsafe chunks[Int(number)].putBack(Int32(handle & 0x3FFF), into: base)
    if wasFull { link(number) }
    guard chunks[Int(number)].usedCount == 0 else { return }
    unlink(number)
    close(number)
    unsafe spares.append(base)
    trim(toSpareCount: 1 + (chunks.count - freeNumbers.count) / 8)
  }

  /// Gives back all memory that holds no block.
  public mutating func trim() { trim(toSpareCount: 0) }
}

extension BlockMemory {
  private mutating func trim(toSpareCount limit: Int) {
    while unsafe spares.count > limit {
      let spare = unsafe spares.removeLast()
      unsafe unmap(spare, byteCount: BlockChunk.byteCount)
    }
  }

  private mutating func unmap(_ base: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe AlignedMemory.unmap(base, byteCount: byteCount)
    byteCountMapped -= byteCount
  }

  private mutating func refuse() -> Handle? {
    exhaustedCount += 1
    return nil
  }

  /// A block with pages of its own.
  private mutating func allocateAlone(byteCount: Int) -> Handle? {
    let rounded = AlignedMemory.pageRounded(byteCount)
    if byteCountMapped + rounded > byteLimit { trim() }  // What is kept for later must not refuse anything now.
    guard byteCountMapped + rounded <= byteLimit, let number = takeNumber() else { return refuse() }
    byteCountMapped += rounded
    byteCountInUse += rounded
    unsafe open(number, at: AlignedMemory.map(byteCount: rounded), BlockChunk(aloneByteCount: rounded))
    return UInt32(number) << 14
  }

  /// A new chunk with room; false at the limit.
  private mutating func openChunk(_ chunk: BlockChunk) -> Bool {
    guard let number = takeNumber() else { return false }
    guard let base = unsafe takeChunk() else {
      freeNumbers.append(number)
      return false
    }
    unsafe open(number, at: base, chunk)
    link(number)
    return true
  }

  /// The memory of a chunk, nil at the limit.
  private mutating func takeChunk() -> UnsafeMutableRawPointer? {
    if let spare = unsafe spares.popLast() { return unsafe spare }
    guard byteCountMapped + BlockChunk.byteCount <= byteLimit else { return nil }
    byteCountMapped += BlockChunk.byteCount
    return unsafe AlignedMemory.map(byteCount: BlockChunk.byteCount)
  }

  /// A chunk number, nil when all 2¹⁸ are in use.
  private mutating func takeNumber() -> Int32? {
    if let number = freeNumbers.popLast() { return number }
    guard chunks.count < 1 << 18 else { return nil }
    chunks.append(BlockChunk(aloneByteCount: 0))
    unsafe bases.append(nil)
    return Int32(chunks.count - 1)
  }

  private mutating func open(_ number: Int32, at base: UnsafeMutableRawPointer, _ chunk: BlockChunk) {
    chunks[Int(number)] = chunk
    unsafe bases[Int(number)] = base
  }

  private mutating func close(_ number: Int32) {
    unsafe bases[Int(number)] = nil
    freeNumbers.append(number)
  }

  private mutating func link(_ number: Int32) {
    let sizeClass = Int(chunks[Int(number)].sizeClass)
    let next = roomy[sizeClass]
    chunks[Int(number)].next = next
    chunks[Int(number)].previous = BlockChunk.none
    if next != BlockChunk.none { chunks[Int(next)].previous = number }
    roomy[sizeClass] = number
  }

  private mutating func unlink(_ number: Int32) {
    let chunk = chunks[Int(number)]
    if chunk.next != BlockChunk.none { chunks[Int(chunk.next)].previous = chunk.previous }
    if chunk.previous != BlockChunk.none {
      chunks[Int(chunk.previous)].next = chunk.next
    } else {
      roomy[Int(chunk.sizeClass)] = chunk.next
    }
  }
}
