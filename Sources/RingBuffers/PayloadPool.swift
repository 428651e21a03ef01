import Platform
public import Synchronization

/// Memory for message bodies: blocks that one thread allocates and writes, and that other threads read and release.
///
/// Each producing thread has an `Owner` with a stack of free blocks per size class (last in, first out: the warmest block is
/// used next) and cuts new ones from 64 KiB chunks when the stack is empty. Each consuming thread has a `Returner`, which
/// sends blocks back to the owner of their chunk through one single-producer ring per pair, published once per batch: no
/// shared free list, no compare-and-swap per block.
///
/// A handle is 27 bits of 64-byte units above 5 bits of size class. So 28 classes fit (four bits would hold only 16 and waste
/// up to half of a block), and the arena may have 8 GiB. The first chunk is never used: handle 0 means "no block".
///
/// Costs: allocate and release are a few loads and stores each; the chunk's word, read at release, is shared but rarely
/// changes. Reference counts lie in a side table that is touched only in chunks where a block was ever retained.
///
/// Limits: `byteLimit` of chunks, 65 534 owners, `returnerLimit` return rings per owner, 1 MiB per block. A body that finds no
/// block gets nil, and `exhaustedCount` counts it. Chunks stay with their owner and their class until `trim()` finds all their
/// blocks free; those of an owner that goes away are adopted, with all that is still to be returned to them, by the next owner
/// that is made.
@safe public final class PayloadPool: @unchecked Sendable {
  // Unchecked, because: the arena's words are atomic, a block belongs to who holds its handle, and all else is
  // behind `control` or owned by one thread.

  /// Names a block: 27 bits of offset in units of 64 bytes, then 5 bits of size class. 0 is no block.
  public typealias Handle = UInt32

  /// The largest body that a block can hold, in bytes.
  @inlinable public static var largestByteCount: Int { PayloadSizeClass.largestByteCount }
  /// The largest arena that a handle can address, in bytes.
  public static let largestByteLimit = 1 << 33

  @usableFromInline let arena: RawPayloadArena
  /// Cold state: who exists, who waits to be adopted.
  let control = Guarded(Control())
  let nextChunk = Atomic<Int>(1)
  let exhausted = Atomic<Int>(0)
  let spilled = Atomic<Int>(0)
  /// Chunks that `trim()` took back from their owners; and how many, for who looks without the lock.
  let freeChunks = Guarded(PayloadFreeChunks())
  let freeChunkCount = Atomic<Int>(0)
  let trimming = Guarded(TrimState())
  let returnRingCapacity: Int
  let returnerLimit: Int

  /// Makes a pool; memory is taken page by page as blocks are first written.
  /// - Parameters:
  ///   - byteLimit: Bytes of blocks, in use or free, that the pool may reach; from 128 KiB to 8 GiB.
  ///   - returnRingCapacity: Handles that may wait in one return ring, a power of two. More spill into a locked list.
  ///   - returnerLimit: Return rings per owner; further returners use the locked list.
  public init(byteLimit: Int = 1 << 30, returnRingCapacity: Int = 8192, returnerLimit: Int = 256) {
    precondition(
      byteLimit >= 2 << RawPayloadArena.chunkShift && byteLimit <= Self.largestByteLimit,
      "the byte limit is from 128 KiB to 8 GiB, got \(byteLimit)")
    precondition(
      returnRingCapacity > 0 && returnRingCapacity & (returnRingCapacity - 1) == 0,
      "the return ring's capacity is a power of two, got \(returnRingCapacity)")
    precondition(returnerLimit > 0, "the limit of returners is 1 or more, got \(returnerLimit)")
    let whole = byteLimit & ~(1 << RawPayloadArena.chunkShift - 1)
    guard let arena = RawPayloadArena(byteLimit: whole) else {
      preconditionFailure("no address space for \(whole) bytes of payloads")
    }
    self.arena = arena
    self.returnRingCapacity = returnRingCapacity
    self.returnerLimit = returnerLimit
  }

  deinit { arena.unmap() }

  /// A new end for a thread that allocates. Adopts what an owner that went away has left.
  public func makeOwner() -> Owner { Owner(of: self) }

  /// A new end for a thread that releases.
  public func makeReturner() -> Returner { Returner(of: self) }
}

extension PayloadPool {
  /// The block's bytes: `byteCapacity(of:)` of them, on a boundary of 64.
  @inlinable @inline(__always)
  public func bytes(of handle: Handle) -> UnsafeMutableRawPointer {
    unsafe arena.blocks + Int(handle >> 5) << PayloadSizeClass.unitShift
  }

  /// How many bytes the block can hold.
  @inlinable @inline(__always)
  public func byteCapacity(of handle: Handle) -> Int {
    PayloadSizeClass.unitCount(of: Int(handle & 31)) << PayloadSizeClass.unitShift
  }

  /// Adds `count` references to a block that the caller holds one of; each needs its own `release`.
  ///
  /// Call it before the handle is given to others. One atomic addition, and at most one more the first time in a chunk.
  @inlinable
  public func retain(_ handle: Handle, count: Int = 1) {
    guard count > 0 else { return }
    let chunk = unsafe chunkWord(of: handle)
    // Relaxed: whoever releases got the handle from us through something that orders it after this.
    if unsafe chunk.pointee.load(ordering: .relaxed) & RawPayloadArena.sharedBit == 0 {
      unsafe chunk.pointee.bitwiseOr(RawPayloadArena.sharedBit, ordering: .relaxed)
    }
    unsafe extraReferences(of: handle).pointee.wrappingAdd(UInt32(count), ordering: .relaxed)
  }

  /// Makes the only reference to a block, the caller's, into `count` of them; each needs its own `release`.
  ///
  /// For a block that nobody else knows yet, so that a plain store does what `retain` needs an atomic addition for: the counts of
  /// neighbouring blocks share a line that consumers write to, and a store does not wait for it.
  @inlinable
  public func share(_ handle: Handle, among count: Int) {
    guard count > 1 else { return }
    let chunk = unsafe chunkWord(of: handle)
    // Relaxed, as in `retain`.
    if unsafe chunk.pointee.load(ordering: .relaxed) & RawPayloadArena.sharedBit == 0 {
      unsafe chunk.pointee.bitwiseOr(RawPayloadArena.sharedBit, ordering: .relaxed)
    }
    unsafe extraReferences(of: handle).pointee.store(UInt32(count - 1), ordering: .relaxed)
  }

  /// How many bytes the blocks in use have. A moment's view while threads are at work; blocks whose release has not been
  /// flushed count as in use.
  public var byteCountInUse: Int { max(0, control.withLock { $0.byteCountInUse() }) }

  /// How many bytes of the arena have been cut into blocks, in use or free.
  public var byteCountReserved: Int {
    let cutCount = min(nextChunk.load(ordering: .relaxed), arena.chunkCount) - 1
    return (cutCount - freeChunkCount.load(ordering: .relaxed)) << RawPayloadArena.chunkShift
  }

  /// The limit that `byteCountReserved` stays below.
  public var byteLimit: Int { arena.byteLimit }

  /// How often a body found no block because the arena was used up.
  public var exhaustedCount: Int { exhausted.load(ordering: .relaxed) }

  /// How many blocks came back through the locked list because a return ring was full.
  public var spilledCount: Int { spilled.load(ordering: .relaxed) }

  @inlinable @inline(__always)
  func chunkWord(of handle: Handle) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe arena.chunks + Int(handle >> 5) >> (RawPayloadArena.chunkShift - PayloadSizeClass.unitShift)
  }

  @inlinable @inline(__always)
  func extraReferences(of handle: Handle) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe arena.counts + Int(handle >> 5)
  }

  /// Whether the caller's reference was the last one of a block that may have several.
  ///
  /// Alone: nobody else can add a reference. Else the last of n + 1 releases finds 0, takes it to -1 and sets it back.
  @usableFromInline
  func dropsLastReference(of handle: Handle) -> Bool {
    let extra = unsafe extraReferences(of: handle)
    // Acquire pairs with the release below: the others have finished reading before the block is reused.
    if unsafe extra.pointee.load(ordering: .acquiring) == 0 { return true }
    let found = unsafe extra.pointee.wrappingSubtract(1, ordering: .acquiringAndReleasing).oldValue
    if found != 0 { return false }
    unsafe extra.pointee.store(0, ordering: .relaxed)
    return true
  }
}
