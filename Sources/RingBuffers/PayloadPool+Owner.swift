public import Platform
public import Synchronization

extension PayloadPool {
  /// One producing thread's end: allocates blocks and collects those that came back.
  ///
  /// When it goes away, its free blocks and everything still in flight to it wait for the next owner.
  @safe @frozen
  public struct Owner: ~Copyable, @unchecked Sendable {
    // Unchecked, because: an end has one owner thread, and the state is reached by no other while it exists.
    @usableFromInline let pool: PayloadPool
    @usableFromInline let state: PayloadOwnerState
    @usableFromInline let stacks: UnsafeMutablePointer<PayloadFreeStack>
    @usableFromInline var allocatedByteCount: Int

    /// An owner of `pool`; adopts what an earlier one left.
    public init(of pool: PayloadPool) {
      self.pool = pool
      state = pool.control.withLock { $0.adoptOrCreateOwner(returnerLimit: pool.returnerLimit) }
      unsafe stacks = state.stacks
      allocatedByteCount = state.allocatedByteCount.load(ordering: .relaxed)
    }

    deinit {
      let state = state
      pool.control.withLock { $0.orphans.append(state) }
    }

    /// A free block of at least `byteCount` bytes with one reference, or nil when the pool is exhausted.
    ///
    /// O(1) without shared state while the stack of this size has blocks; otherwise collects returned blocks, then cuts new
    /// ones, with one fetch-add per chunk of 64 KiB.
    /// - Throws: `PayloadTooLarge` when no block is that large.
    @inlinable @inline(__always)
    public mutating func allocate(byteCount: Int) throws(PayloadTooLarge) -> Handle? {
      guard byteCount <= PayloadPool.largestByteCount else { throw PayloadTooLarge(byteCount: byteCount) }
      let sizeClass = PayloadSizeClass.containing(byteCount: byteCount)
      let stack = unsafe stacks + sizeClass
      if unsafe stack.pointee.count == 0 {
        guard refill(sizeClass) else { return nil }
      }
      unsafe stack.pointee.count &-= 1
      let handle = unsafe stack.pointee.items[stack.pointee.count]
      allocatedByteCount &+= PayloadSizeClass.unitCount(of: sizeClass) << PayloadSizeClass.unitShift
      // Relaxed: a statistic with one writer.
      state.allocatedByteCount.store(allocatedByteCount, ordering: .relaxed)
      return handle
    }

    /// Fetches the lines of a block that will be allocated soon, the third from now. For batches: see `Prefetch`.
    @inlinable @inline(__always)
    public func prefetch(byteCount: Int) {
      let stack = unsafe stacks + PayloadSizeClass.containing(byteCount: byteCount)
      let count = unsafe stack.pointee.count
      guard count > 2 else { return }
      unsafe Prefetch.forWriting(pool.bytes(of: stack.pointee.items[count &- 3]), byteCount: byteCount)
    }

    /// Takes back a block that this owner allocated and has not given to anybody (or the last reference to it).
    @inlinable
    public mutating func giveBack(_ handle: Handle) {
      if unsafe pool.chunkWord(of: handle).pointee.load(ordering: .relaxed) & RawPayloadArena.sharedBit != 0,
        !pool.dropsLastReference(of: handle)
      {
        return
      }
      takeBack(handle)
    }

    @usableFromInline
    mutating func takeBack(_ handle: Handle) {
      unsafe precondition(
        pool.chunkWord(of: handle).pointee.load(ordering: .relaxed) & 0xFFFF == state.number,
        "the block belongs to another owner: release it through a returner")
      state.push(handle)
      allocatedByteCount &-= pool.byteCapacity(of: handle)
      state.allocatedByteCount.store(allocatedByteCount, ordering: .relaxed)
    }

    @inlinable @inline(never)
    mutating func refill(_ sizeClass: Int) -> Bool { refillSlowly(sizeClass) }

    @usableFromInline
    mutating func refillSlowly(_ sizeClass: Int) -> Bool {
      if state.collect(sizeClass: sizeClass) || pool.cutBlocks(for: state, sizeClass: sizeClass) { return true }
      // What is free may be in the hands of `trim()`, which holds this lock while it is.
      let found = pool.trimming.withLock { _ in
        state.collect(sizeClass: sizeClass) || pool.cutBlocks(for: state, sizeClass: sizeClass)
      }
      if !found { pool.exhausted.wrappingAdd(1, ordering: .relaxed) }
      return found
    }
  }

  /// Cuts new blocks onto an owner's stack; false when the arena has no chunks left.
  func cutBlocks(for state: PayloadOwnerState, sizeClass: Int) -> Bool {
    let stack = unsafe state.stacks + sizeClass
    let unitCount = PayloadSizeClass.unitCount(of: sizeClass)
    if unsafe stack.pointee.uncutCount == 0 {
      guard let chunks = reserveChunks(unitCount: unitCount, owner: state.number) else { return false }
      unsafe stack.pointee.nextUnit = UInt32(chunks.firstUnit)
      unsafe stack.pointee.uncutCount = chunks.unitCount / unitCount
    }
    // A few at a time: the stack stays as small as what is in flight, and small means warm.
    for _ in unsafe 0..<min(stack.pointee.uncutCount, max(1, 64 / unitCount)) {
      unsafe stack.pointee.push(stack.pointee.nextUnit << 5 | UInt32(sizeClass))
      unsafe stack.pointee.nextUnit += UInt32(unitCount)
      unsafe stack.pointee.uncutCount -= 1
    }
    return true
  }

  /// Takes chunks in a row for blocks of `unitCount` units, those that `trim()` took back first; nil when there are none.
  func reserveChunks(unitCount: Int, owner: UInt32) -> (firstUnit: Int, unitCount: Int)? {
    let count = RawPayloadArena.runLength(unitCount: unitCount)
    guard let first = takeFreeChunks(count) ?? takeFreshChunks(count) else { return nil }
    arena.give(first..<first + count, to: owner)
    return (first * RawPayloadArena.unitsPerChunk, count * RawPayloadArena.unitsPerChunk)
  }

  /// Chunks in a row that were never used; returns the first.
  private func takeFreshChunks(_ count: Int) -> Int? {
    var first = nextChunk.load(ordering: .relaxed)
    while first + count <= arena.chunkCount {
      let (exchanged, found) = nextChunk.compareExchange(expected: first, desired: first + count, ordering: .relaxed)
      if exchanged { return first }
      first = found
    }
    return nil
  }
}
