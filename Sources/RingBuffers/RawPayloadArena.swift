import Glibc
import Platform
public import Synchronization

/// The memory behind a `PayloadPool`: address space reserved at once, pages taken by the kernel's first-touch rule.
///
/// ```
/// blocks   byteLimit bytes, cut into chunks of 64 KiB; a chunk belongs to one owner and one size class
/// chunks   one word per chunk: its owner's number, its place in the run that was cut as one, and whether blocks of it may be shared
/// counts   one word per unit of 64 bytes: how many references beyond the first its block has
/// ```
/// Invariant: an index into a table is computed from a handle that this pool gave out, so it is within the table.
@safe @frozen @usableFromInline
struct RawPayloadArena {
  @usableFromInline let blocks: UnsafeMutableRawPointer
  @usableFromInline let chunks: UnsafeMutablePointer<Atomic<UInt32>>
  @usableFromInline let counts: UnsafeMutablePointer<Atomic<UInt32>>
  let byteLimit: Int

  /// log₂ of the bytes of a chunk.
  @usableFromInline static var chunkShift: Int { @inlinable get { 16 } }
  /// The bit of a chunk's word that says that one of its blocks has, or had, several references.
  @usableFromInline static var sharedBit: UInt32 { @inlinable get { 1 << 31 } }

  /// Where the place in its run begins in a chunk's word, above the owner's number.
  private static var placeShift: UInt32 { 16 }

  var chunkCount: Int { byteLimit >> Self.chunkShift }

  /// How many units a chunk has.
  static var unitsPerChunk: Int { 1 << (chunkShift - PayloadSizeClass.unitShift) }

  /// How many chunks in a row are cut into blocks of `unitCount` units: at most 16.
  static func runLength(unitCount: Int) -> Int {
    // Three chunks where that divides evenly: one would waste a quarter on blocks of 24 or 48 KiB.
    max((unitCount + unitsPerChunk - 1) / unitsPerChunk, unitCount % 3 == 0 && unitCount >= 192 ? 3 : 1)
  }

  /// Writes down whose a run of chunks is from now on.
  func give(_ run: Range<Int>, to owner: UInt32) {
    for (place, chunk) in run.enumerated() {
      unsafe chunks[chunk].store(owner | UInt32(place) << Self.placeShift, ordering: .relaxed)
    }
  }

  /// The chunks that were cut together with the one of this block.
  func run(of handle: UInt32) -> Range<Int> {
    let chunk = Int(handle >> 5) / Self.unitsPerChunk
    let place = unsafe Int(chunks[chunk].load(ordering: .relaxed) >> Self.placeShift & 15)
    let length = Self.runLength(unitCount: PayloadSizeClass.unitCount(of: Int(handle & 31)))
    return chunk - place..<chunk - place + length
  }

  /// Reserves address space for `byteLimit` bytes, a multiple of the chunk size; nil when the kernel refuses.
  init?(byteLimit: Int) {
    let counts = (byteLimit >> PayloadSizeClass.unitShift) * MemoryLayout<UInt32>.size
    let chunks = (byteLimit >> Self.chunkShift) * MemoryLayout<UInt32>.size
    // Not reserved in swap: the limits above are limits, not needs. Anonymous memory is zero at first, which both
    // tables rely on and which is why they are never initialised: that would touch them.
    guard
      let memory = unsafe mmap(
        nil, byteLimit + counts + chunks, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
      unsafe memory != MAP_FAILED
    else { return nil }
    unsafe blocks = memory
    unsafe self.counts = unsafe (memory + byteLimit).assumingMemoryBound(to: Atomic<UInt32>.self)
    unsafe self.chunks = unsafe (memory + byteLimit + counts).assumingMemoryBound(to: Atomic<UInt32>.self)
    self.byteLimit = byteLimit
  }

  /// Gives the pages that lie wholly in free blocks back to the system; they are zero when they are touched again.
  func discard(units: Range<Int>) {
    unsafe discard(
      blocks, units.lowerBound << PayloadSizeClass.unitShift..<units.upperBound << PayloadSizeClass.unitShift)
  }

  /// Gives back what a chunk of free blocks occupies: its blocks, and its part of the table of references, which is all zeros.
  func discard(chunks: Range<Int>) {
    let shift = Self.chunkShift - PayloadSizeClass.unitShift
    discard(units: chunks.lowerBound << shift..<chunks.upperBound << shift)
    let byteCount = MemoryLayout<UInt32>.size << shift
    unsafe discard(UnsafeMutableRawPointer(counts), chunks.lowerBound * byteCount..<chunks.upperBound * byteCount)
  }

  private func discard(_ memory: UnsafeMutableRawPointer, _ bytes: Range<Int>) {
    let start = Int(bitPattern: memory)
    let pages = Self.wholePages(
      in: start + bytes.lowerBound..<start + bytes.upperBound, pageByteCount: AlignedMemory.pageByteCount)
    guard !pages.isEmpty else { return }
    _ = unsafe madvise(memory + (pages.lowerBound - start), pages.count, MADV_DONTNEED)
  }

  /// The addresses of the pages that lie wholly between two addresses. A page may be larger than a block, or than a chunk's part of
  /// a table: it is 4 KiB here and 64 KiB elsewhere, and the kernel would round up into what is in use.
  static func wholePages(in addresses: Range<Int>, pageByteCount: Int) -> Range<Int> {
    let start = (addresses.lowerBound + pageByteCount - 1) & ~(pageByteCount - 1)
    return start..<max(start, addresses.upperBound & ~(pageByteCount - 1))
  }

  func unmap() {
    let tables = (byteLimit >> PayloadSizeClass.unitShift + chunkCount) * MemoryLayout<UInt32>.size
    _ = unsafe munmap(blocks, byteLimit + tables)
  }
}
