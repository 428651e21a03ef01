@testable import Serialization

extension Compressor {
  mutating func compress(borrowing plain: [UInt8], into output: inout ByteWriter) throws {
    try plain.withBorrowedBytes { try compress($0, into: &output) }
  }

  mutating func compressed(_ plain: [UInt8]) throws -> [UInt8] {
    var output = ByteWriter()
    try compress(borrowing: plain, into: &output)
    return output.copied()
  }
}

extension Decompressor {
  mutating func decompress(
    borrowing compressed: [UInt8], into output: inout ByteWriter, limit: Int = ByteWriter.defaultLimit
  ) throws {
    try compressed.withBorrowedBytes { try decompress($0, into: &output, limit: limit) }
  }

  mutating func decompressed(_ compressed: [UInt8], limit: Int = ByteWriter.defaultLimit) throws -> [UInt8] {
    var output = ByteWriter()
    try decompress(borrowing: compressed, into: &output, limit: limit)
    return output.copied()
  }
}
