/// Compresses messages, one after the other, with state that is used again.
///
/// Roles: owned by one thread at a time; moved, never copied.
/// Cost: it allocates when it is made and when a message is longer than all before, nothing else; zstd alone may give memory
/// back, and take it again, when messages a third as long come 128 times in a row. A zlib compressor holds about 270 KiB,
/// one of lz4 16 KiB, one of zstd level 1 up to 600 KiB, and far more at high levels.
public struct Compressor: ~Copyable, @unchecked Sendable {
  // Unchecked, because: the libraries' state has one owner, and none is tied to a thread.

  /// How it compresses.
  public let compression: Compression
  /// How hard it tries, one of `Compression.levels`.
  public let level: Int
  let engine: Engine

  enum Engine: ~Copyable {
    case none
    case zlib(ZlibDeflater)
    case zstd(ZstdCompressor)
    case lz4(LZ4Compressor)
  }

  /// Creates a compressor of a level, of `defaultLevel` when none is given.
  /// - Throws: `levelOutOfRange`, `outOfMemory`.
  public init(_ compression: Compression, level: Int? = nil) throws(CompressionError) {
    let level = level ?? compression.defaultLevel
    guard compression.levels.contains(level) else { throw .levelOutOfRange(compression, level: level) }
    engine = try Self.engine(compression, level: level)
    self.compression = compression
    self.level = level
  }

  private static func engine(_ compression: Compression, level: Int) throws(CompressionError) -> Engine {
    switch compression {
    case .none: .none
    case .zlib: .zlib(try ZlibDeflater(level: level))
    case .zstd: .zstd(try ZstdCompressor(level: level))
    case .lz4: .lz4(LZ4Compressor(acceleration: level))
    }
  }

  /// Appends the compressed form of `input` to `output`, which needs room for the worst case: a little more than `input`.
  /// - Throws: `inputTooLong`, or `outputTooLong` when the worst case would go over the limit of `output`, which is then
  ///   left as it was.
  public mutating func compress(
    _ input: BorrowedBytes, into output: inout ByteWriter
  ) throws(CompressionError) {
    switch engine {
    case .none: try output.append(input, of: .none)
    case .zlib(let zlib):
      try unsafe output.append(upTo: zlib.bound(of: input.count), of: .zlib) { target throws(CompressionError) in
        try unsafe zlib.compress(input, into: target)
      }
    case .zstd(let zstd):
      try unsafe output.append(upTo: zstd.bound(of: input.count), of: .zstd) { target throws(CompressionError) in
        try unsafe zstd.compress(input, into: target)
      }
    case .lz4(let lz4):
      try unsafe output.append(upTo: lz4.bound(of: input.count), of: .lz4) { target throws(CompressionError) in
        try unsafe lz4.compress(input, into: target)
      }
    }
  }
}
