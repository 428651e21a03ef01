import Distributions
import RingBuffers
import Testing

@Suite struct PayloadPoolTests {
  /// Every size to 64 KiB, then the edges of every class above.
  @Test func everySizeGetsTheSmallestBlockThatHoldsIt() throws {
    let pool = PayloadPool(byteLimit: 64 << 20)
    var owner = pool.makeOwner()
    let capacities = (0..<28).map { pool.byteCapacity(of: UInt32($0)) }
    #expect(capacities.prefix(10) == [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048])
    #expect(capacities.last == PayloadPool.largestByteCount && capacities == capacities.sorted())
    let sizes = Array(0...4096) + capacities.flatMap { [$0 - 1, $0, min($0 + 1, PayloadPool.largestByteCount)] }
    for size in sizes {
      let handle = try #require(try owner.allocate(byteCount: size))
      #expect(pool.byteCapacity(of: handle) == capacities.first { $0 >= size }, "size \(size)")
      #expect(handle >> 5 != 0)
      #expect(unsafe UInt(bitPattern: pool.bytes(of: handle)) % 64 == 0)
      owner.giveBack(handle)
    }
    #expect(pool.byteCountInUse == 0)
  }

  @Test func bodiesAboveTheLargestBlockAreAnError() {
    let pool = PayloadPool(byteLimit: 4 << 20)
    var owner = pool.makeOwner()
    let size = PayloadPool.largestByteCount + 1
    do {
      _ = try owner.allocate(byteCount: size)
      Issue.record("accepted")
    } catch {
      #expect(error.byteCount == size && "\(error)".contains("\(size)"))
    }
  }

  @Test func exhaustionIsAValueAndCounted() throws {
    let pool = PayloadPool(byteLimit: 3 << 16)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    var handles: [PayloadPool.Handle] = []
    while let handle = try owner.allocate(byteCount: 1024) { handles.append(handle) }
    // The first chunk is never used, so that no handle is 0.
    #expect(handles.count == 128 && Set(handles).count == 128)
    #expect(pool.exhaustedCount == 1 && pool.byteCountInUse == 2 << 16 && pool.byteCountReserved == 2 << 16)
    returner.release(handles[5])
    let early = try owner.allocate(byteCount: 1024)
    #expect(early == nil, "not flushed yet")
    returner.flush()
    let late = try owner.allocate(byteCount: 1024)
    #expect(late == handles[5])
    for handle in handles { returner.release(handle) }
    returner.flush()
    #expect(pool.byteCountInUse == 0)
  }

  @Test func theLastBlockGivenBackIsTheNextHandedOut() throws {
    let pool = PayloadPool(byteLimit: 1 << 20)
    var owner = pool.makeOwner()
    let first = try #require(try owner.allocate(byteCount: 100))
    let second = try #require(try owner.allocate(byteCount: 100))
    owner.giveBack(first)
    owner.giveBack(second)
    let next = try owner.allocate(byteCount: 128)
    #expect(next == second)
  }

  @Test(arguments: 0...5)
  func blocksComeBackAfterTheLastReference(extra: Int) throws {
    let pool = PayloadPool(byteLimit: 2 << 16)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    for lap in 0..<4 {
      let handle = try #require(try owner.allocate(byteCount: 65_536))
      if lap % 2 == 0 { pool.retain(handle, count: extra) } else { pool.share(handle, among: extra + 1) }
      for _ in 0..<extra {
        returner.release(handle)
        returner.flush()
        let none = try owner.allocate(byteCount: 65_536)
        #expect(none == nil)
      }
      returner.release(handle)
      returner.flush()
      #expect(pool.byteCountInUse == 0)
    }
  }

  @Test func fullReturnRingsSpillAndLoseNothing() throws {
    let pool = PayloadPool(byteLimit: 1 << 20, returnRingCapacity: 4)
    var owner = pool.makeOwner()
    var returner = pool.makeReturner()
    for _ in 0..<3 {
      let handles = try (0..<3000).map { _ in try #require(try owner.allocate(byteCount: 64)) }
      #expect(Set(handles).count == 3000)
      for handle in handles { returner.release(handle) }
      returner.flush()
    }
    #expect(pool.spilledCount == 3 * 2996)
    #expect(pool.byteCountReserved == 3 << 16 && pool.byteCountInUse == 0)
  }

  @Test func returnersBeyondTheLimitUseTheLockedList() throws {
    let pool = PayloadPool(byteLimit: 1 << 20, returnerLimit: 1)
    var owner = pool.makeOwner()
    var first = pool.makeReturner()
    var second = pool.makeReturner()
    let handles = try (0..<64).map { _ in try #require(try owner.allocate(byteCount: 1024)) }
    for (index, handle) in handles.enumerated() {
      if index % 2 == 0 { first.release(handle) } else { second.release(handle) }
    }
    first.flush()
    second.flush()
    #expect(pool.byteCountInUse == 0)
    let again = try (0..<64).map { _ in try #require(try owner.allocate(byteCount: 1024)) }
    #expect(Set(again) == Set(handles))
  }

  @Test func anOwnerThatGoesAwayLeavesItsBlocksToTheNext() throws {
    let pool = PayloadPool(byteLimit: 2 << 16)
    var returner = pool.makeReturner()
    var kept: PayloadPool.Handle = 0
    do {
      var owner = pool.makeOwner()
      var handles = try (0..<64).map { _ in try #require(try owner.allocate(byteCount: 1024)) }
      kept = handles.removeLast()
      owner.giveBack(handles.removeLast())
      for handle in handles { returner.release(handle) }
      returner.flush()
    }
    returner.release(kept)
    returner.flush()
    #expect(pool.byteCountInUse == 0)
    var heir = pool.makeOwner()
    for _ in 0..<64 {
      let handle = try heir.allocate(byteCount: 1024)
      #expect(handle != nil)
    }
    let none = try heir.allocate(byteCount: 1024)
    #expect(none == nil)
  }

  @Test func aReturnerThatGoesAwayFlushesAndLeavesItsRing() throws {
    let pool = PayloadPool(byteLimit: 1 << 20, returnerLimit: 1)
    var owner = pool.makeOwner()
    for _ in 0..<50 {
      var returner = pool.makeReturner()
      let handle = try #require(try owner.allocate(byteCount: 64))
      returner.release(handle)
    }
    #expect(pool.spilledCount == 0 && pool.byteCountInUse == 0)
  }

  @Test func largeBlocksDoNotOverlap() throws {
    let pool = PayloadPool(byteLimit: 32 << 20)
    var owner = pool.makeOwner()
    var ranges: [Range<Int>] = []
    for size in [12_000, 24_576, 48_000, 65_536, 98_304, 200_000, 786_432, 1 << 20, 49_152, 24_000, 300_000] {
      for _ in 0..<3 {
        let handle = try #require(try owner.allocate(byteCount: size))
        let start = Int(handle >> 5) << 6
        let range = start..<start + pool.byteCapacity(of: handle)
        #expect(!ranges.contains { $0.overlaps(range) }, "size \(size)")
        #expect(range.upperBound <= pool.byteLimit)
        ranges.append(range)
      }
    }
  }

  /// Random traffic of two owners and two returners against a dictionary of what is out.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func neitherHandsOutABlockTwiceNorLosesOne(seed: UInt64) throws {
    let pool = PayloadPool(byteLimit: 4 << 20, returnRingCapacity: 16)
    var random = SplitMix64(seed: seed)
    var firstOwner = pool.makeOwner()
    var secondOwner = pool.makeOwner()
    var firstReturner = pool.makeReturner()
    var secondReturner = pool.makeReturner()
    var references: [PayloadPool.Handle] = []  // One entry per reference, so that a seed replays exactly.
    var inUse: [PayloadPool.Handle: Int] = [:]
    for step in 0..<8_000 {
      switch random.below(5) {
      case 0, 1:
        let size = random.below(3) == 0 ? random.below(20_000) : random.below(300)
        let handle =
          try random.below(2) == 0 ? firstOwner.allocate(byteCount: size) : secondOwner.allocate(byteCount: size)
        guard let handle else { continue }
        #expect(inUse[handle] == nil, "seed \(seed), step \(step)")
        let count = 1 + (random.below(4) == 0 ? random.below(4) : 0)
        if step % 2 == 0 { pool.retain(handle, count: count - 1) } else { pool.share(handle, among: count) }
        inUse[handle] = count
        references += Array(repeating: handle, count: count)
      case 2, 3:
        guard !references.isEmpty else { continue }
        references.swapAt(random.below(references.count), references.count - 1)
        let handle = references.removeLast()
        if random.below(2) == 0 { firstReturner.release(handle) } else { secondReturner.release(handle) }
        inUse[handle] = inUse[handle] == 1 ? nil : inUse[handle]! - 1
      default:
        if random.below(2) == 0 { firstReturner.flush() } else { secondReturner.flush() }
      }
    }
    firstReturner.flush()
    secondReturner.flush()
    #expect(pool.byteCountInUse == inUse.keys.reduce(0) { $0 + pool.byteCapacity(of: $1) }, "seed \(seed)")
    for handle in references { firstReturner.release(handle) }
    firstReturner.flush()
    #expect(pool.byteCountInUse == 0, "seed \(seed)")
  }
}
