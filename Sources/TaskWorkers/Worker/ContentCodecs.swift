import Serialization

/// The compressors and decompressors of one thread, each made when it is first needed and used again.
struct ContentCodecs: ~Copyable {
  private var zlib = Pair()
  private var zstd = Pair()
  private var lz4 = Pair()

  private struct Pair: ~Copyable {
    var compressor: Compressor?
    var decompressor: Decompressor?

    mutating func compress(
      _ input: BorrowedBytes, _ compression: Compression, into output: inout ByteWriter
    ) throws(CompressionError) {
      if compressor == nil { compressor = try Compressor(compression) }
      try compressor?.compress(input, into: &output)
    }

    mutating func decompress(
      _ input: BorrowedBytes, _ compression: Compression, into output: inout ByteWriter
    ) throws(CompressionError) {
      if decompressor == nil { decompressor = try Decompressor(compression) }
      try decompressor?.decompress(input, into: &output)
    }
  }

  /// Appends `input`, compressed, to `output`.
  mutating func compress(
    _ input: BorrowedBytes, _ compression: Compression, into output: inout ByteWriter
  ) throws(CompressionError) {
    switch compression {
    case .none: output.append(input)
    case .zlib: try zlib.compress(input, compression, into: &output)
    case .zstd: try zstd.compress(input, compression, into: &output)
    case .lz4: try lz4.compress(input, compression, into: &output)
    }
  }

  /// Appends the content of `input`, at most as much as `output` takes, to it.
  mutating func decompress(
    _ input: BorrowedBytes, _ compression: Compression, into output: inout ByteWriter
  ) throws(CompressionError) {
    switch compression {
    case .none: output.append(input)
    case .zlib: try zlib.decompress(input, compression, into: &output)
    case .zstd: try zstd.decompress(input, compression, into: &output)
    case .lz4: try lz4.decompress(input, compression, into: &output)
    }
  }
}
