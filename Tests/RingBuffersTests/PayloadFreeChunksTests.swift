import Glibc
import Platform
import Synchronization
import Testing

@testable import RingBuffers

/// What becomes of chunks that `trim()` found free.
@Suite struct PayloadFreeChunksTests {
  /// Every set of free chunks out of ten, taken in runs of every length: what is taken was free, in a row, and is free no more.
  @Test func freeChunksAreTakenInRuns() {
    for set in 0..<1 << 10 {
      for wanted in 1...4 {
        var free = Set((0..<10).filter { set >> $0 & 1 == 1 })
        var chunks = PayloadFreeChunks()
        for chunk in free.sorted(by: { ($0 * 7) % 10 < ($1 * 7) % 10 }) { chunks.insert([chunk..<chunk + 1]) }
        while let first = chunks.take(wanted) {
          let run = Set(first..<first + wanted)
          #expect(free.isSuperset(of: run), "set \(set), \(wanted) chunks")
          free.subtract(run)
        }
        #expect(chunks.count == free.count)
        let isLeft = (0..<10).contains { free.isSuperset(of: $0..<$0 + wanted) }
        #expect(!isLeft, "set \(set), \(wanted) chunks")
      }
    }
  }

  /// Free chunks used to serve only the sizes that are cut from one: all others got nothing for ever.
  @Test(arguments: [16 << 10, 24 << 10, 48 << 10, 64 << 10, 96 << 10, 200 << 10, 1 << 20])
  func chunksThatCameBackServeLargeBodies(byteCount: Int) throws {
    let pool = PayloadPool(byteLimit: 16 << 20)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    let small = try (0..<255 << 9).map { _ in try #require(try owner.allocate(byteCount: 128)) }
    for handle in small { returner.release(handle) }
    returner.flush()
    #expect(pool.byteCountReserved == 255 << 16)
    #expect(try owner.allocate(byteCount: byteCount) == nil)
    for _ in 0..<3 { pool.trim() }
    let freeByteCount = 255 << 16 - pool.byteCountReserved
    #expect(freeByteCount > 8 << 20)
    var handles: Set<PayloadPool.Handle> = []
    while let handle = try owner.allocate(byteCount: byteCount) { handles.insert(handle) }
    #expect(handles.count * byteCount > freeByteCount / 2, "\(handles.count) of \(byteCount) bytes")
  }

  /// While `trim()` looks at the blocks of a pool at its limit they are in nobody's list: this used to count as exhausted.
  @Test func fullPoolWaitsForBlocksThatAreBeingTrimmed() throws {
    let pool = PayloadPool(byteLimit: 2 << 16)
    var owner = pool.makeOwner()
    var handles: [PayloadPool.Handle] = []
    while let handle = try owner.allocate(byteCount: 1024) { handles.append(handle) }
    let (state, free) = (owner.state, handles)
    let refusedCount = pool.exhaustedCount
    let isTrimming = Atomic<Bool>(false)
    let trimmer = try PinnedThread(name: "trimmer", core: nil) {
      pool.trimming.withLock { _ in
        isTrimming.store(true, ordering: .releasing)
        // Long enough for the owner to give up, if it does.
        for _ in 0..<1_000 where pool.exhaustedCount == refusedCount { sched_yield() }
        state.addSpill(free)
      }
    }
    var patience = Patience()
    while !isTrimming.load(ordering: .acquiring), patience.wait() {}
    let handle = try owner.allocate(byteCount: 1024)
    trimmer.join()
    #expect(handle != nil && pool.exhaustedCount == refusedCount)
  }
}
