import Serialization
import Testing

@Suite struct CompressionTests {
  /// Messages that were stored by an older build are read by a newer one.
  @Test func codesAndNamesNeverChange() {
    let names = Compression.allCases.map { "\($0.code) \($0.rawValue) \($0.contentEncoding)" }
    #expect(names == ["0 none identity", "1 zlib deflate", "2 zstd zstd", "3 lz4 lz4"])
    for compression in Compression.allCases {
      #expect(Compression(code: compression.code) == compression)
      #expect(Compression(contentEncoding: compression.contentEncoding.uppercased()) == compression)
    }
    #expect(Compression(code: 4) == nil)
    #expect(Compression(contentEncoding: "br") == nil)
  }

  @Test(arguments: Compression.allCases)
  func givesBackWhatItWasGivenAtEveryLevel(compression: Compression) throws {
    let levels = Set([compression.levels.lowerBound, compression.defaultLevel, min(compression.levels.upperBound, 19)])
    for level in levels {
      var compressor = try Compressor(compression, level: level)
      var decompressor = try Decompressor(compression)
      for plain in CompressionSamples.all(seed: 1) {
        let compressed = try compressor.compressed(plain)
        #expect(try decompressor.decompressed(compressed) == plain, "level \(level), \(plain.count) bytes")
      }
    }
  }

  @Test(arguments: [Compression.zlib, .zstd, .lz4])
  func makesRepetitionShort(compression: Compression) throws {
    var compressor = try Compressor(compression)
    let compressed = try compressor.compressed([UInt8](repeating: 7, count: 100_000))
    #expect(compressed.count < 1000)
  }

  @Test(arguments: Compression.allCases)
  func appendsToWhatIsThere(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = try Decompressor(compression)
    var output = ByteWriter()
    output.append([1, 2, 3] as [UInt8])
    try compressor.compress(borrowing: [4, 5, 6], into: &output)
    #expect(Array(output.copied().prefix(3)) == [1, 2, 3])
    let compressed = Array(output.copied().dropFirst(3))
    output.truncate(to: 3)
    try decompressor.decompress(borrowing: compressed, into: &output)
    #expect(output.copied() == [1, 2, 3, 4, 5, 6])
  }

  @Test func refusesLevelsThatDoNotExist() {
    for compression in Compression.allCases {
      for level in [compression.levels.lowerBound - 1, compression.levels.upperBound + 1] {
        #expect(throws: CompressionError.levelOutOfRange(compression, level: level)) {
          _ = try Compressor(compression, level: level)
        }
      }
    }
    #expect("\(CompressionError.levelOutOfRange(.zlib, level: 10))" == "zlib has no level 10: use 0 to 9")
  }

  @Test(arguments: Compression.allCases)
  func refusesOutputOverTheLimitOfItsWriterAndLeavesItAsItWas(compression: Compression) throws {
    var compressor = try Compressor(compression)
    var output = ByteWriter(limit: 50)
    output.append([1, 2, 3] as [UInt8])
    #expect(throws: CompressionError.outputTooLong(compression, limit: 50)) {
      try compressor.compress(borrowing: [UInt8](repeating: 0, count: 48), into: &output)
    }
    #expect(output.copied() == [1, 2, 3])
    let hasOverflowed = output.hasOverflowed
    #expect(!hasOverflowed)
  }

  /// Python's own modules read what ours wrote and the other way around, streams of unknown length included.
  @Test func agreesWithPythonsLibraries() throws {
    let folder = try TemporaryFolder()
    let samples = CompressionSamples.all(seed: 7)
    for (index, plain) in samples.enumerated() {
      try folder.write(plain, to: "\(index).plain")
      for compression in [Compression.zlib, .zstd, .lz4] {
        var compressor = try Compressor(compression)
        try folder.write(try compressor.compressed(plain), to: "\(index).\(compression)")
      }
    }
    let printed = try PythonPeers.run("Compression/check_compression.py", folder.path)
    guard let printed else { return }
    #expect(printed == "\(samples.count)\n")
    for (index, plain) in samples.enumerated() {
      for (suffix, compression) in [("zlib", Compression.zlib), ("zstd", .zstd), ("lz4", .lz4), ("stream", .zstd)] {
        var decompressor = try Decompressor(compression)
        let theirs = try folder.read("\(index).their-\(suffix)")
        #expect(try decompressor.decompressed(theirs) == plain, "\(suffix), \(plain.count) bytes")
      }
    }
  }
}
