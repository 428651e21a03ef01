import Distributions
import RingBuffers
import Testing

@Suite struct PayloadPoolTrimTests {
  /// Allocates and writes `count` blocks and gives all of them back.
  private func useAndReturn(
    _ count: Int, of pool: PayloadPool, byteCount: Int, _ owner: inout PayloadPool.Owner,
    _ returner: inout PayloadPool.Returner
  ) throws {
    var handles: [PayloadPool.Handle] = []
    for _ in 0..<count {
      let handle = try #require(try owner.allocate(byteCount: byteCount))
      unsafe pool.bytes(of: handle).storeBytes(of: 7, toByteOffset: byteCount - 1, as: UInt8.self)
      handles.append(handle)
    }
    for handle in handles { returner.release(handle) }
    returner.flush()
  }

  @Test(arguments: [64, 128, 190, 1024, 4096, 6_000])
  func freeChunksGoBackAndAreCutAnewForAnySize(byteCount: Int) throws {
    let pool = PayloadPool(byteLimit: 16 << 20, returnRingCapacity: 64)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    let count = 15 << 20 / (byteCount + 200)
    try useAndReturn(count, of: pool, byteCount: byteCount, &owner, &returner)
    let reserved = pool.byteCountReserved
    #expect(reserved > 3_500_000)
    for _ in 0..<3 { pool.trim() }
    // What the owner has at hand, and the chunks it shares with what is cut next.
    #expect(pool.byteCountReserved < 3 << 20, "\(pool.byteCountReserved) of \(reserved)")
    #expect(pool.byteCountInUse == 0)
    // All of the memory can be used again, for other sizes too.
    try useAndReturn(count, of: pool, byteCount: byteCount, &owner, &returner)
    for _ in 0..<3 { pool.trim() }
    try useAndReturn(10 << 10, of: pool, byteCount: 960, &owner, &returner)
    #expect(pool.byteCountInUse == 0 && pool.exhaustedCount == 0)
  }

  /// Chunks cut for 12 KiB and more used to stay with their size for ever: a pool filled with large bodies had no room for small
  /// ones afterwards.
  @Test(arguments: [12 << 10, 16 << 10, 24 << 10, 48 << 10, 64 << 10, 96 << 10, 200 << 10, 600 << 10, 1 << 20])
  func chunksOfLargeBodiesServeSmallOnes(byteCount: Int) throws {
    let pool = PayloadPool(byteLimit: 64 << 20, returnRingCapacity: 16)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    var handles: [PayloadPool.Handle] = []
    while let handle = try owner.allocate(byteCount: byteCount) { handles.append(handle) }
    for handle in handles { returner.release(handle) }
    returner.flush()
    let reserved = pool.byteCountReserved
    for _ in 0..<3 { pool.trim() }
    #expect(pool.byteCountReserved < reserved / 2, "\(pool.byteCountReserved) of \(reserved)")
    // What is in use at a time fits into half of the pool, whatever was in it before.
    try useAndReturn(32 << 10, of: pool, byteCount: 960, &owner, &returner)
    #expect(pool.byteCountInUse == 0)
  }

  @Test func pagesOfLargeFreeBlocksGoBack() throws {
    let pool = PayloadPool(byteLimit: 512 << 20, returnRingCapacity: 8192)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    try useAndReturn(1_500, of: pool, byteCount: 200_000, &owner, &returner)
    try useAndReturn(1_500, of: pool, byteCount: 10, &owner, &returner)
    let handle = try #require(try owner.allocate(byteCount: 200_000))
    #expect(unsafe pool.bytes(of: handle).load(fromByteOffset: 199_999, as: UInt8.self) == 7)
    owner.giveBack(handle)
    for _ in 0..<3 { pool.trim() }
    // Touched again it is zero: its page had gone. The few that the owner keeps at hand are as they were.
    var zeroCount = 0
    for _ in 0..<1_500 {
      let handle = try #require(try owner.allocate(byteCount: 200_000))
      if unsafe pool.bytes(of: handle).load(fromByteOffset: 199_999, as: UInt8.self) == 0 { zeroCount += 1 }
    }
    #expect(zeroCount > 1_000 && pool.byteCountReserved < 400 << 20)
  }

  /// They are few: what counts is how many bytes they hold. A hundred used to stay for ever.
  @Test func pagesOfAHundredBlocksOfAMebibyteGoBack() throws {
    let pool = PayloadPool(byteLimit: 256 << 20)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    try useAndReturn(100, of: pool, byteCount: 1 << 20, &owner, &returner)
    for _ in 0..<3 { pool.trim() }
    var zeroCount = 0
    for _ in 0..<100 {
      let handle = try #require(try owner.allocate(byteCount: 1 << 20))
      if unsafe pool.bytes(of: handle).load(fromByteOffset: 1 << 20 - 1, as: UInt8.self) == 0 { zeroCount += 1 }
    }
    #expect(zeroCount >= 80 && pool.byteCountReserved <= 101 << 20)
  }

  /// Shared blocks count their references in a table that a discarded chunk's part of is zero again.
  @Test func sharedBlocksOfDiscardedChunksStartAgainWithOneReference() throws {
    let pool = PayloadPool(byteLimit: 4 << 20, returnRingCapacity: 16)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    for round in 0..<4 {
      var handles: [PayloadPool.Handle] = []
      for _ in 0..<20_000 {
        let handle = try #require(try owner.allocate(byteCount: 100))
        pool.retain(handle, count: round % 2)
        handles.append(handle)
      }
      for _ in 0...round % 2 {
        #expect(pool.byteCountInUse == 20_000 * 128)
        for handle in handles { returner.release(handle) }
        returner.flush()
      }
      #expect(pool.byteCountInUse == 0, "round \(round)")
      for _ in 0..<3 { pool.trim() }
      #expect(pool.byteCountReserved < 2 << 20)
    }
  }

  /// Blocks are used, checked, returned and trimmed at random; no block is handed out twice, none is discarded in use.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func trimmingNeverTouchesWhatIsInUse(seed: UInt64) throws {
    let pool = PayloadPool(byteLimit: 8 << 20, returnRingCapacity: 16)
    var random = SplitMix64(seed: seed)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    var inUse: [(handle: PayloadPool.Handle, byteCount: Int, mark: UInt64)] = []
    for step in 0..<60_000 {
      let isFilling = step % 12_000 < 7_000
      if random.below(10) < (isFilling ? 8 : 2) {
        let byteCount = [8, 100, 190, 700, 20_000][[0, 1, 1, 1, 1, 2, 2, 3, 4][random.below(9)]]
        guard let handle = try owner.allocate(byteCount: byteCount) else { continue }
        let mark = random.next()
        unsafe pool.bytes(of: handle).storeBytes(of: mark, toByteOffset: byteCount - 8, as: UInt64.self)
        inUse.append((handle, byteCount, mark))
      } else if !inUse.isEmpty {
        let used = inUse.remove(at: random.below(2) == 0 ? 0 : random.below(inUse.count))
        let found = unsafe pool.bytes(of: used.handle)
          .loadUnaligned(fromByteOffset: used.byteCount - 8, as: UInt64.self)
        #expect(found == used.mark, "seed \(seed), step \(step)")
        returner.release(used.handle)
        if random.below(8) == 0 { returner.flush() }
      }
      if random.below(500) == 0 { pool.trim() }
    }
    returner.flush()
    #expect(pool.byteCountInUse == inUse.reduce(0) { $0 + pool.byteCapacity(of: $1.handle) }, "seed \(seed)")
  }
}
