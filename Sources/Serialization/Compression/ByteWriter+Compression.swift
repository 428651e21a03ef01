extension ByteWriter {
  /// Appends bytes as they are.
  mutating func append(_ bytes: BorrowedBytes, of compression: Compression) throws(CompressionError) {
    guard bytes.count <= limit - count else { throw .outputTooLong(compression, limit: limit) }
    append(bytes)
  }

  /// Appends what `body` writes into room for `extra` bytes; it returns how much that was. Nothing when it throws.
  mutating func append(
    upTo extra: Int, of compression: Compression,
    by body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
  ) throws(CompressionError) {
    guard extra <= limit - count, reserve(extra) else { throw .outputTooLong(compression, limit: limit) }
    let written = try unsafe body(UnsafeMutableRawBufferPointer(start: memory + count, count: extra))
    precondition(written >= 0 && written <= extra, "\(compression) wrote \(written) bytes into room for \(extra)")
    end += written
  }
}
