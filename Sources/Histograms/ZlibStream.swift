import CZlib

/// Whole byte arrays through zlib (RFC 1950), the only file that touches its pointers.
enum ZlibStream {
  /// What `bytes` becomes at zlib's default level.
  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var capacity = compressBound(uLong(bytes.count))
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(capacity)) { output, count in
      let status = unsafe compress2(
        output.baseAddress, &capacity, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
      // The bound leaves only lack of memory, which ends the process anyway.
      precondition(status == Z_OK, "zlib: \(status)")
      count = Int(capacity)
    }
  }

  /// The bytes that `compressed` stands for, if they are no more than `limit`; all of `compressed` is one stream.
  static func inflate(_ compressed: ArraySlice<UInt8>, limit: Int) throws(HistogramDecodingError) -> [UInt8] {
    // The room grows with what is really there, so that a short input cannot ask for much memory: deflate shrinks
    // nothing below 1/1032.
    var capacity = min(limit, 4 * compressed.count + 1024)
    while true {
      let (status, bytes, consumed) = uncompress(compressed, capacity: capacity)
      switch status {
      case Z_OK where consumed < compressed.count: throw .trailingBytes
      case Z_OK: return bytes
      case Z_BUF_ERROR where capacity < limit: capacity = min(limit, 4 * capacity)
      case Z_BUF_ERROR: throw .countsOutOfRange
      default: throw .invalidCompression
      }
    }
  }

  private static func uncompress(
    _ compressed: ArraySlice<UInt8>, capacity: Int
  ) -> (status: Int32, bytes: [UInt8], consumed: Int) {
    var produced = uLong(capacity)
    var consumed = uLong(compressed.count)
    var status = Z_OK
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe compressed.withUnsafeBufferPointer { input in
        status = unsafe uncompress2(output.baseAddress, &produced, input.baseAddress, &consumed)
      }
      count = Int(produced)
    }
    return (status, bytes, Int(consumed))
  }
}
