import Serialization

/// Decompresses an input; what comes out survives being compressed and decompressed again.
enum DecompressionSubject {
  /// More than any input may become.
  static let limit = 1 << 20

  static func make(_ compression: Compression) -> @Sendable (UnsafeRawBufferPointer) -> Void {
    { input in
      do {
        var decompressor = try Decompressor(compression)
        var compressor = try Compressor(compression)
        var content = ByteWriter(limit: limit)
        do throws(CompressionError) {
          try decompressor.decompress(BorrowedBytes(input), into: &content)
        } catch {
          precondition(content.count == 0, "an error left \(content.count) bytes behind")
          return
        }
        var again = ByteWriter()
        var back = ByteWriter()
        try compressor.compress(content.bytes, into: &again)
        try decompressor.decompress(again.bytes, into: &back)
        precondition(back.bytes.equals(content.bytes), "\(compression) changed \(content.count) bytes")
      } catch {
        fatalError("\(compression): \(error)")
      }
    }
  }
}
