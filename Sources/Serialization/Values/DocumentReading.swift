/// What reads a document into a place of its own, such as memory that is used again, where a new value would have to be made.
public protocol DocumentReading {
  /// Reads exactly one value.
  mutating func read<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError)
}

extension Serializer {
  /// Reads the one value that a document is; throws when it is anything else. Allocates nothing for formats that are read in place.
  @inlinable
  public func read<Reading: DocumentReading>(
    _ reading: inout Reading, from bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) {
    switch self {
    case .json: try JSONReader.read(&reading, from: bytes, limits: limits)
    case .messagepack: try MessagePackReader.read(&reading, from: bytes, limits: limits)
    case .cbor: try CBORReader.read(&reading, from: bytes, limits: limits)
    case .raw: try RawReader.read(&reading, from: bytes, limits: limits)
    case .yaml, .plist, .protobuf: try readTree(&reading, from: bytes, limits: limits)
    }
  }
}

extension DocumentReader where Self: ~Copyable {
  /// Reads the one value that a document is.
  @inlinable
  static func read<Reading: DocumentReading>(
    _ reading: inout Reading, from bytes: BorrowedBytes, limits: DecodingLimits
  ) throws(SerializationError) {
    var reader = Self(bytes, limits: limits)
    try reading.read(from: &reader)
    try reader.finish()
  }
}
