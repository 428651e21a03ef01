import DriverInterface
import Serialization

/// Arguments and results of the typed level as bytes, and back.
enum TaskContent {
  // MARK: Plain

  /// Appends a value's document: straight from a `SerializableValue`, by way of `Codable` from anything else. Nothing at all stands for no
  /// value, in every format.
  static func encode(
    _ value: Any, _ serializer: Serializer, into writer: inout ByteWriter
  ) throws(SerializationError) {
    if let value = value as? any SerializableValue { return try encodeKnown(value, serializer, &writer) }
    guard let value = value as? any Encodable else {
      guard value is Void else { throw SerializationError(.unsupported, at: 0) }
      return
    }
    try encodeCodable(value, serializer, &writer)
  }

  private static func encodeKnown<Value: SerializableValue>(
    _ value: Value, _ serializer: Serializer, _ writer: inout ByteWriter
  ) throws(SerializationError) {
    try serializer.encode(value, into: &writer)
  }

  private static func encodeCodable<Value: Encodable>(
    _ value: Value, _ serializer: Serializer, _ writer: inout ByteWriter
  ) throws(SerializationError) {
    try serializer.encode(codable: value, into: &writer)
  }

  /// The value that a document stands for.
  static func decode<Value>(
    _ type: Value.Type, _ bytes: BorrowedBytes, _ serializer: Serializer, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    let value: Any
    if let known = type as? any SerializableValue.Type {
      value = try decodeKnown(known, bytes, serializer, limits)
    } else if let known = type as? any Decodable.Type {
      value = try decodeCodable(known, bytes, serializer, limits)
    } else if type == Void.self {
      value = ()
    } else {
      throw SerializationError(.unsupported, at: 0)
    }
    guard let value = value as? Value else { preconditionFailure("the value is of the type that was decoded") }
    return value
  }

  private static func decodeKnown<Value: SerializableValue>(
    _ type: Value.Type, _ bytes: BorrowedBytes, _ serializer: Serializer, _ limits: DecodingLimits
  ) throws(SerializationError) -> Any {
    try serializer.decode(type, from: bytes, limits: limits)
  }

  private static func decodeCodable<Value: Decodable>(
    _ type: Value.Type, _ bytes: BorrowedBytes, _ serializer: Serializer, _ limits: DecodingLimits
  ) throws(SerializationError) -> Any {
    try serializer.decode(codable: type, from: bytes, limits: limits)
  }

  // MARK: Compressed

  /// Serializes and compresses a value.
  static func encode(
    _ value: some Encodable, serializer: Serializer, compression: Compression
  ) throws(TaskSendError) -> SerializedBytes {
    var writer = ByteWriter(capacity: 256)
    do { try encode(value, serializer, into: &writer) } catch { throw .arguments(error) }
    guard compression != .none else { return SerializedBytes(writer.copied(), serializer: serializer) }
    var packed = ByteWriter(capacity: writer.count)
    do {
      var compressor = try Compressor(compression)
      try compressor.compress(writer.bytes, into: &packed)
    } catch { throw .compression(error) }
    return SerializedBytes(packed.copied(), serializer: serializer, compression: compression)
  }

  /// The value that bytes stand for.
  static func decode<Value>(_ type: Value.Type, from content: SerializedBytes) throws(TaskResultError) -> Value {
    var packed = ByteWriter(capacity: content.bytes.count)
    packed.append(content.bytes)
    guard content.compression != .none else {
      do { return try decode(type, packed.bytes, content.serializer) } catch { throw .undecodable(error) }
    }
    var plain = ByteWriter(limit: DecodingLimits().length)
    do {
      var decompressor = try Decompressor(content.compression)
      try decompressor.decompress(packed.bytes, into: &plain)
    } catch { throw .damaged(error) }
    do { return try decode(type, plain.bytes, content.serializer) } catch { throw .undecodable(error) }
  }
}
