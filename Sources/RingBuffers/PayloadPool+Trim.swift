import Platform
import Synchronization

extension PayloadPool {
  /// What `trim()` remembers from call to call.
  struct TrimState: Sendable {
    /// What each owner had allocated at the last call.
    var allocatedByteCounts: [Int] = []
  }

  /// Gives memory back to the system that is in no use: the pages of chunks all of whose blocks are free, which any owner may cut
  /// anew, and those of free large blocks. For a housekeeper that calls again and again, about ten times a second.
  ///
  /// Looks at blocks that found no room in their return ring, as when a long queue is drained, and at the return rings of owners
  /// that have not allocated since the call before. Cost: nothing to speak of when few such blocks came since the last call,
  /// else some 20 ns for each of them; an owner that needs one of these blocks meanwhile cuts a new one, or waits for us when
  /// that is impossible.
  public func trim() {
    let owners = control.withLock { $0.owners }
    trimming.withLock { state in
      for (index, owner) in owners.enumerated() {
        let allocated = owner.allocatedByteCount.load(ordering: .relaxed)
        if index < state.allocatedByteCounts.count {
          if state.allocatedByteCounts[index] == allocated { owner.drainReturns() }
          state.allocatedByteCounts[index] = allocated
        } else {
          state.allocatedByteCounts.append(allocated)
        }
        discardFreeBlocks(of: owner)
      }
    }
  }

  /// Chunks in a row that `trim()` took back, if there are so many; returns the first.
  func takeFreeChunks(_ count: Int) -> Int? {
    guard freeChunkCount.load(ordering: .relaxed) >= count else { return nil }
    return freeChunks.withLock { chunks in
      let first = chunks.take(count)
      freeChunkCount.store(chunks.count, ordering: .relaxed)
      return first
    }
  }

  private func discardFreeBlocks(of owner: PayloadOwnerState) {
    // The blocks are in our hands until they are put back: nobody hands them out, so nobody writes to them.
    let lists = owner.changeSpill { $0.takeToExamine() }
    let handles = Array(lists.joined())
    guard !handles.isEmpty else { return }
    let whole = wholeChunks(of: handles)
    let rest = handles.filter { !whole.contains(arena.run(of: $0).lowerBound) }
    discardPages(ofLarge: rest)
    for chunks in whole.ranges() { arena.discard(chunks: chunks) }
    owner.changeSpill { $0.putBack(rest) }
    guard !whole.isEmpty else { return }
    freeChunks.withLock { chunks in
      chunks.insert(whole.ranges())
      freeChunkCount.store(chunks.count, ordering: .relaxed)
    }
  }

  private func discardPages(ofLarge handles: [UInt32]) {
    var large = handles.filter { PayloadSizeClass.unitCount(of: Int($0 & 31)) >= PayloadSizeClass.pagedUnitCount }
    large.sort()
    var run = 0..<0
    for handle in large {
      let start = Int(handle >> 5)
      let end = start + PayloadSizeClass.unitCount(of: Int(handle & 31))
      if start == run.upperBound {
        run = run.lowerBound..<end
      } else {
        if !run.isEmpty { arena.discard(units: run) }
        run = start..<end
      }
    }
    if !run.isEmpty { arena.discard(units: run) }
  }

  /// The chunks all of whose blocks are among `handles`.
  private func wholeChunks(of handles: [UInt32]) -> ChunkSet {
    var counts = [UInt16](repeating: 0, count: arena.chunkCount)
    var whole = ChunkSet(count: arena.chunkCount)
    for handle in handles {
      let run = arena.run(of: handle)
      counts[run.lowerBound] += 1
      // All blocks of a run are of one class; the rest of the division is never cut.
      let blockCount = run.count * RawPayloadArena.unitsPerChunk / PayloadSizeClass.unitCount(of: Int(handle & 31))
      if Int(counts[run.lowerBound]) == blockCount { whole.insert(run) }
    }
    return whole
  }
}

/// A set of chunk numbers.
private struct ChunkSet {
  private var isIn: [Bool]
  private(set) var isEmpty = true

  init(count: Int) { isIn = [Bool](repeating: false, count: count) }

  mutating func insert(_ chunks: Range<Int>) {
    for chunk in chunks { isIn[chunk] = true }
    isEmpty = false
  }

  func contains(_ chunk: Int) -> Bool { isIn[chunk] }

  /// Runs of neighbours, rising.
  func ranges() -> [Range<Int>] {
    var found: [Range<Int>] = []
    for chunk in isIn.indices where isIn[chunk] {
      if let last = found.last, last.upperBound == chunk {
        found[found.count - 1] = last.lowerBound..<(chunk + 1)
      } else {
        found.append(chunk..<(chunk + 1))
      }
    }
    return found
  }
}
