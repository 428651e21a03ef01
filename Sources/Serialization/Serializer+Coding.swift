extension Serializer {
  /// Appends the document of one value. Throws when the format has no way to express it, or when it goes over the limit of
  /// `bytes`, which then holds what it held before.
  @inlinable
  public func encode<Value: SerializableValue>(
    _ value: Value, into bytes: inout ByteWriter
  ) throws(SerializationError) {
    switch self {
    case .json: try JSONWriter.write(value, into: &bytes)
    case .messagepack: try MessagePackWriter.write(value, into: &bytes)
    case .cbor: try CBORWriter.write(value, into: &bytes)
    case .raw:
      if Value.self == ByteString.self { return try append(value as! ByteString, to: &bytes) }
      try RawWriter.write(value, into: &bytes)
    case .yaml, .plist, .protobuf: try encodeTree(value, into: &bytes)
    }
  }

  /// Reads the one value that a document is; throws when it is anything else.
  @inlinable
  public func decode<Value: SerializableValue>(
    _ type: Value.Type, from bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    switch self {
    case .json: return try JSONReader.read(type, from: bytes, limits: limits)
    case .messagepack: return try MessagePackReader.read(type, from: bytes, limits: limits)
    case .cbor: return try CBORReader.read(type, from: bytes, limits: limits)
    case .raw:
      if Value.self == ByteString.self { return try copy(bytes, limits: limits) as! Value }
      return try RawReader.read(type, from: bytes, limits: limits)
    case .yaml, .plist, .protobuf: return try decodeTree(type, from: bytes, limits: limits)
    }
  }

  /// Reads the one value that a document is; throws when it is anything else.
  @inlinable
  public func decode<Value: SerializableValue>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    try unsafe decode(type, from: BorrowedBytes(bytes), limits: limits)
  }

  /// Reads the one value that a document is; throws when it is anything else.
  @inlinable
  public func decode<Value: SerializableValue>(
    _ type: Value.Type, from bytes: [UInt8], limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    try bytes.withBorrowedBytes { (borrowed) throws(SerializationError) in
      try decode(type, from: borrowed, limits: limits)
    }
  }

  /// Appends plain bytes as they are.
  @usableFromInline
  func append(_ plain: ByteString, to bytes: inout ByteWriter) throws(SerializationError) {
    guard bytes.reserve(plain.bytes.count) else {
      bytes.truncate(to: bytes.count)
      throw SerializationError(.sizeLimit(bytes.limit), at: bytes.count)
    }
    bytes.append(plain.bytes)
  }

  /// The document as plain bytes.
  @usableFromInline
  func copy(_ bytes: BorrowedBytes, limits: DecodingLimits) throws(SerializationError) -> ByteString {
    var reader = ByteReader(bytes, limits: limits)
    try reader.charge(try reader.admit(length: UInt64(bytes.count)))
    return ByteString(bytes.copied())
  }
}
