import Distributions
import Testing

@testable import Platform

@Suite struct BlockMemoryTests {
  /// Each class follows the one before, and holds what the one before does not.
  @Test func everySizeHasTheSmallestClassThatHoldsIt() {
    for units in 1...BlockSizeClass.unitCountMax {
      let sizeClass = BlockSizeClass.containing(unitCount: units)
      #expect(BlockSizeClass.unitCount(of: sizeClass) >= units)
      #expect(sizeClass == 0 || BlockSizeClass.unitCount(of: sizeClass - 1) < units, "\(units) units")
      #expect(sizeClass < BlockSizeClass.count)
    }
    #expect([0, 1, 16, 17, 32].map(BlockSizeClass.unitCount(ofBytes:)) == [1, 1, 1, 2, 2])
  }

  @Test func blockWastesAtMostAFifthFrom256BytesOn() {
    for byteCount in stride(from: 257, through: 32 << 10, by: 7) {
      let units = BlockSizeClass.unitCount(ofBytes: byteCount)
      let held = BlockSizeClass.unitCount(of: BlockSizeClass.containing(unitCount: units)) << 4
      #expect(held - byteCount <= held / 5 + 15, "\(byteCount) in \(held)")
    }
  }

  /// A dictionary is the model: blocks keep their bytes, never overlap, and memory is counted.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func blocksKeepTheirBytes(seed: UInt64) {
    var random = Xoshiro256(seed: seed)
    var memory = BlockMemory(byteLimit: 64 << 20)
    var model: [BlockMemory.Handle: [UInt8]] = [:]
    for step in 0..<20_000 {
      // Grows, then shrinks, so that chunks come and go.
      let grows = step / 4000 % 2 == 0 ? 60 : 40
      if Int.random(in: 0..<100, using: &random) < grows {
        let scale = [64, 300, 5000, 100_000].randomElement(using: &random)!
        let content = [UInt8](
          repeating: .random(in: 0...255, using: &random), count: .random(in: 0...scale, using: &random))
        guard let handle = memory.allocate(byteCount: content.count) else { continue }
        #expect(model[handle] == nil, "seed \(seed), step \(step)")
        unsafe memory.address(of: handle).copyMemory(from: content, byteCount: content.count)
        model[handle] = content
      } else if let (handle, content) = model.randomElement(using: &random) {
        let kept = unsafe Array(UnsafeRawBufferPointer(start: memory.address(of: handle), count: content.count))
        #expect(kept == content, "seed \(seed), step \(step)")
        memory.free(handle)
        model[handle] = nil
      }
      let (used, mapped) = (memory.byteCountInUse, memory.byteCountMapped)
      #expect(used >= model.values.reduce(0) { $0 + $1.count } && used <= mapped && mapped <= 64 << 20)
    }
    for handle in model.keys { memory.free(handle) }
    memory.trim()
    let (used, mapped) = (memory.byteCountInUse, memory.byteCountMapped)
    #expect(used == 0 && mapped == 0, "seed \(seed)")
  }

  @Test func blocksOfEveryClassLieOnBoundariesOfSixteen() {
    var memory = BlockMemory(byteLimit: 64 << 20)
    for byteCount in stride(from: 1, to: 70_000, by: 997) {
      let handle = memory.allocate(byteCount: byteCount)!
      let address = UInt(bitPattern: unsafe memory.address(of: handle))
      #expect(address % 16 == 0)
    }
  }

  @Test func refusesBeyondTheLimitAndCountsIt() {
    var memory = BlockMemory(byteLimit: 2 * BlockChunk.byteCount)
    var handles: [BlockMemory.Handle] = []
    while let handle = memory.allocate(byteCount: 1024) { handles.append(handle) }
    #expect(handles.count == 2 * BlockChunk.byteCount / 1024)
    let large = memory.allocate(byteCount: 100_000)
    let refused = memory.exhaustedCount
    #expect(large == nil && refused == 2)
    memory.free(handles.removeLast())
    let again = memory.allocate(byteCount: 1000)
    #expect(again != nil)
  }

  /// A chunk that is kept for later counts as mapped; it used to stand in the way of a large block.
  @Test func emptyChunksMakeRoomForLargeBlocks() {
    var memory = BlockMemory(byteLimit: BlockChunk.byteCount)
    memory.free(memory.allocate(byteCount: 10)!)
    let kept = memory.byteCountMapped
    #expect(kept == BlockChunk.byteCount)
    let large = memory.allocate(byteCount: 200_000)
    #expect(large != nil)
  }

  @Test func emptyChunksGoBackExceptForAnEighth() {
    var memory = BlockMemory(byteLimit: 64 << 20)
    let handles = (0..<200_000).map { _ in memory.allocate(byteCount: 128)! }
    let peak = memory.byteCountMapped
    #expect(peak < 200_000 * 128 * 102 / 100)
    for handle in handles { memory.free(handle) }
    let rest = memory.byteCountMapped
    #expect(rest == BlockChunk.byteCount)
  }
}
