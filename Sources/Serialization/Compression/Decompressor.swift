/// Decompresses messages, one after the other, with state that is used again; safe with any input.
///
/// Roles: owned by one thread at a time; moved, never copied.
/// Cost: it allocates when it is made and when a message is longer than all before, nothing else. A short input cannot ask for
/// much: neither for more output than the limit, nor for more than its format could make of so many bytes.
public struct Decompressor: ~Copyable, @unchecked Sendable {
  // Unchecked, because: the libraries' state has one owner, and none is tied to a thread.

  /// What it decompresses.
  public let compression: Compression
  let engine: Engine

  enum Engine: ~Copyable {
    case none
    case zlib(ZlibInflater)
    case zstd(ZstdDecompressor)
    case lz4
  }

  /// Creates a decompressor.
  /// - Throws: `outOfMemory`.
  public init(_ compression: Compression) throws(CompressionError) {
    engine = try Self.engine(compression)
    self.compression = compression
  }

  private static func engine(_ compression: Compression) throws(CompressionError) -> Engine {
    switch compression {
    case .none: .none
    case .zlib: .zlib(try ZlibInflater())
    case .zstd: .zstd(try ZstdDecompressor())
    case .lz4: .lz4
    }
  }

  /// Appends the content of `input`, all of which is one compressed message, to `output`.
  /// - Parameter limit: how many bytes the content may have; that `output` has no room for more is a limit too.
  /// - Throws: `outputTooLong` when the content is longer than a limit, `truncated`, `corrupted`, `trailingBytes`,
  ///   `windowTooLarge`, `inputTooLong`, `outOfMemory`; `output` then holds what it held before.
  public mutating func decompress(
    _ input: BorrowedBytes, into output: inout ByteWriter, limit: Int = ByteWriter.defaultLimit
  ) throws(CompressionError) {
    let before = output.count
    let limit = min(limit, output.limit - before)
    do throws(CompressionError) {
      switch engine {
      case .none:
        guard input.count <= limit else { throw .outputTooLong(.none, limit: limit) }
        try output.append(input, of: .none)
      case .zlib(let zlib): try Self.inflate(input, with: zlib, into: &output, limit: limit)
      case .zstd(let zstd): try Self.decompress(input, with: zstd, into: &output, limit: limit)
      case .lz4:
        let count = try LZ4Block.contentCount(of: input)
        try unsafe Self.append(count, of: .lz4, to: &output, limit: limit) { target throws(CompressionError) in
          try unsafe LZ4Block.decompress(input, into: target)
        }
      }
    } catch {
      output.truncate(to: before)
      throw error
    }
  }

  private static func inflate(
    _ input: BorrowedBytes, with zlib: borrowing ZlibInflater, into output: inout ByteWriter, limit: Int
  ) throws(CompressionError) {
    try zlib.begin(input)
    // A stream does not say how long its content is: four times the input will usually do.
    try unsafe grow(from: 4 * input.count + 1024, of: .zlib, in: &output, limit: limit) {
      target throws(CompressionError) in
      try unsafe zlib.next(into: target)
    }
  }

  private static func decompress(
    _ input: BorrowedBytes, with zstd: borrowing ZstdDecompressor, into output: inout ByteWriter, limit: Int
  ) throws(CompressionError) {
    if let count = try zstd.contentCount(of: input) {
      return try unsafe append(count, of: .zstd, to: &output, limit: limit) { target throws(CompressionError) in
        try unsafe zstd.decompress(input, into: target)
      }
    }
    zstd.begin()
    var position = 0
    try unsafe grow(from: 4 * input.count + 1024, of: .zstd, in: &output, limit: limit) {
      target throws(CompressionError) in
      try unsafe zstd.next(input, position: &position, into: target)
    }
  }

  /// Appends a content of a length known before.
  private static func append(
    _ count: Int, of compression: Compression, to output: inout ByteWriter, limit: Int,
    by body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
  ) throws(CompressionError) {
    guard count <= limit else { throw .outputTooLong(compression, limit: limit) }
    try unsafe output.append(upTo: count, of: compression, by: body)
  }

  /// Appends a content of unknown length piece by piece: room for `first` bytes, then each time as much as there is.
  private static func grow(
    from first: Int, of compression: Compression, in output: inout ByteWriter, limit: Int,
    by body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> DecompressionStep
  ) throws(CompressionError) {
    let before = output.count
    var room = min(max(first, output.capacity - before), limit)
    while true {
      var isLast = false
      try unsafe output.append(upTo: room, of: compression) { target throws(CompressionError) in
        let step = try unsafe body(target)
        isLast = step.isLast
        return step.written
      }
      if isLast { return }
      let written = output.count - before
      guard written < limit else { throw .outputTooLong(compression, limit: limit) }
      room = min(max(written, 1024), limit - written)
    }
  }
}
