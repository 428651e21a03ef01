extension Serializer {
  /// Appends the document of one value. Throws when the format has no way to express it, or when it goes over the limit of
  /// `bytes`, which then holds what it held before.
  @inlinable
  public func encode<Value: SerializableValue>(
    _ value: Value, into bytes: inout ByteWriter
  ) throws(SerializationError) {
    switch self {
    case .messagepack: try MessagePackWriter.write(value, into: &bytes)
    default: throw SerializationError(.unsupported, at: 0)
    }
  }

  /// Reads the one value that a document is; throws when it is anything else.
  @inlinable
  public func decode<Value: SerializableValue>(
    _ type: Value.Type, from bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    switch self {
    case .messagepack: return try MessagePackReader.read(type, from: bytes, limits: limits)
    default: throw SerializationError(.unsupported, at: 0)
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
}
