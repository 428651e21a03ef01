import Serialization

extension Serializer {
  /// Reads the one value that a document is into memory that the reading names: without an allocation where the format allows it.
  func read(_ reading: inout ShapedBodyReading, from bytes: BorrowedBytes) throws(SerializationError) {
    switch self {
    case .messagepack:
      var reader = MessagePackReader(bytes, limits: DecodingLimits())
      try reading.readAll(of: &reader)
    case .json:
      var reader = JSONReader(bytes, limits: DecodingLimits())
      try reading.readAll(of: &reader)
    case .cbor:
      var reader = CBORReader(bytes, limits: DecodingLimits())
      try reading.readAll(of: &reader)
    case .raw:
      var reader = RawReader(bytes, limits: DecodingLimits())
      try reading.readAll(of: &reader)
    case .yaml, .plist, .protobuf: throw SerializationError(.unsupported, at: 0)
    }
  }
}

extension ShapedBodyReading {
  /// Reads a whole document.
  fileprivate mutating func readAll<Reader: ValueReader & ~Copyable>(
    of reader: inout Reader
  ) throws(SerializationError) {
    try read(from: &reader)
    try reader.finish()
  }
}
