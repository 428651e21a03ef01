import Platform
import Serialization
import Testing

@Suite struct CompressionAllocationTests {
  /// Runs where the allocator counts: with jemalloc loaded before the test.
  @Test(.enabled(if: AllocationCounters.areAvailable), arguments: Compression.allCases)
  func nothingIsAllocatedPerMessage(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    let plain = CompressionSamples.bytes(300, variety: 12, seed: 5)
    var compressed = ByteWriter()
    var content = ByteWriter()
    func run(rounds: Int) throws {
      for _ in 0..<rounds {
        compressed.removeAll()
        content.removeAll()
        try compressor.compress(borrowing: plain, into: &compressed)
        try decompressor.decompress(compressed.bytes, into: &content)
      }
    }
    try run(rounds: 300)
    let before = try #require(AllocationCounters.currentThreadAllocatedByteCount())
    try run(rounds: 1000)
    let after = try #require(AllocationCounters.currentThreadAllocatedByteCount())
    // For 1000 messages, with what the test itself needs.
    #expect(after - before < 2048)
    #expect(content.copied() == plain)
  }
}
