import Distributions
import Platform
import Testing

@testable import Serialization

@Suite struct HostileCompressionTests {
  static let formats = [Compression.zlib, .zstd, .lz4]

  @Test(arguments: Compression.allCases)
  func theLimitIsExact(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    for size in [0, 1, 1023, 1024, 100_000] {
      let plain = [UInt8](repeating: 9, count: size)
      let compressed = try compressor.compressed(plain)
      #expect(try decompressor.decompressed(compressed, limit: size) == plain, "\(size) bytes")
      guard size > 0 else { continue }
      #expect(throws: CompressionError.outputTooLong(compression, limit: size - 1)) {
        _ = try decompressor.decompressed(compressed, limit: size - 1)
      }
    }
  }

  /// 100 MB of zeros are at most 400 kB, but the output never gets more room than the limit, or twice that, since it doubles.
  @Test(arguments: formats)
  func aBombTakesNoMoreThanTheLimit(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var bomb = ByteWriter(limit: 200 << 20)
    try compressor.compress(borrowing: [UInt8](repeating: 0, count: 100_000_000), into: &bomb)
    var decompressor = try Decompressor(compression)
    var output = ByteWriter()
    #expect(throws: CompressionError.outputTooLong(compression, limit: 1 << 20)) {
      try decompressor.decompress(borrowing: bomb.copied(), into: &output, limit: 1 << 20)
    }
    let (count, capacity) = (output.count, output.capacity)
    #expect(count == 0)
    #expect(capacity <= 2 << 20)
  }

  /// A few bytes that claim gigabytes are refused before memory is asked for.
  @Test func aClaimThatNoContentCouldKeepIsRefused() throws {
    var lz4 = try Decompressor(.lz4)
    var zstd = try Decompressor(.zstd)
    var output = ByteWriter(limit: .max)
    #expect(throws: CompressionError.corrupted(.lz4)) {
      try lz4.decompress(borrowing: [0, 0, 0, 0x40, 0x1F, 0, 1, 0], into: &output, limit: .max)
    }
    // A frame header with a content size of 2^40, then one empty last block.
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]
    #expect(throws: CompressionError.corrupted(.zstd)) {
      try zstd.decompress(borrowing: frame, into: &output, limit: .max)
    }
    let capacity = output.capacity
    #expect(capacity == 0)
  }

  @Test(arguments: formats)
  func everyTruncationIsAnError(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    let plain = CompressionSamples.bytes(500, variety: 12, seed: 3)
    let compressed = try compressor.compressed(plain)
    for count in 0..<compressed.count {
      let failure = #expect(throws: CompressionError.self, "\(count) of \(compressed.count) bytes") {
        _ = try decompressor.decompressed(Array(compressed.prefix(count)))
      }
      // A block of LZ4 has no length of its own, so that only its first bytes show that some are missing.
      if compression != .lz4 { #expect(failure == .truncated(compression), "\(count) of \(compressed.count) bytes") }
    }
    #expect(try decompressor.decompressed(compressed) == plain)
  }

  @Test(arguments: formats)
  func whatFollowsTheContentIsAnError(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    let compressed = try compressor.compressed([1, 2, 3])
    #expect(throws: compression == .lz4 ? CompressionError.corrupted(.lz4) : .trailingBytes(compression, count: 2)) {
      _ = try decompressor.decompressed(compressed + [0, 0])
    }
    #expect(throws: CompressionError.self) { _ = try decompressor.decompressed(compressed + compressed) }
  }

  /// Zlib and zstd see damage by checksum or structure; LZ4 may not, but never writes outside of its output.
  @Test(arguments: formats, [1, 2, 3] as [UInt64])
  func noMutationTraps(compression: Compression, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    let plain = CompressionSamples.bytes(1000, variety: 12, seed: seed)
    let compressed = try compressor.compressed(plain)
    for _ in 0..<2000 {
      var mutated = compressed
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutated[Int.random(in: 0..<mutated.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
      }
      let limit = Int.random(in: 0...2000, using: &random)
      do {
        let content = try decompressor.decompressed(mutated, limit: limit)
        #expect(content.count <= limit, "seed \(seed)")
        if compression == .zlib { #expect(content == plain, "seed \(seed)") }
      } catch is CompressionError {}
    }
    #expect(try decompressor.decompressed(compressed) == plain, "still usable after errors")
  }

  @Test func noiseIsNotZstandard() throws {
    var decompressor = try Decompressor(.zstd)
    #expect(throws: CompressionError.corrupted(.zstd)) { _ = try decompressor.decompressed([1, 2, 3, 4, 5, 6, 7, 8]) }
    // A skippable frame is well-formed, but has no content.
    #expect(throws: CompressionError.corrupted(.zstd)) {
      _ = try decompressor.decompressed([0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9])
    }
  }
}
