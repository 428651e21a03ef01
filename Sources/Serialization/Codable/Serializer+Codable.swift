internal import Foundation

/// The bridge: any `Codable` type in every format that has names. JSON goes through Foundation's coders, a property list is written by
/// Foundation's, all else goes through a tree; ten to a hundred times slower than a `SerializableValue`.
extension Serializer {
  /// Appends the document of one value, or nothing and throws.
  ///
  /// Raw takes only `Data`: its documents have no names, and a Codable type reads by name.
  public func encode<Value: Encodable>(codable value: Value, into bytes: inout ByteWriter) throws(SerializationError) {
    switch self {
    case .json, .plist: try append(try foundationDocument(of: value), to: &bytes)
    case .raw:
      guard let data = value as? Data else { throw .unsupported("a Codable type, which reads by name", in: self) }
      try append(data, to: &bytes)
    case .yaml, .messagepack, .cbor, .protobuf:
      let tree = try Self.mapped { try TreeEncoder.tree(of: value) }
      try encode(tree, into: &bytes)
    }
  }

  /// Reads the one value that a document is; throws when it is anything else.
  public func decode<Value: Decodable>(
    codable type: Value.Type, from bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    guard bytes.count <= limits.length else { throw SerializationError(.lengthLimit(limits.length), at: 0) }
    switch self {
    case .json: return try Self.mapped { try JSONDecoder().decode(type, from: Data(bytes.copied())) }
    case .plist:
      // Foundation's decoder traps on some documents that are damaged, takes the textual forms too, and follows references to values of
      // any size.
      let tree = try BinaryPlistReader.read(bytes, limits: limits, isForCodable: true)
      return try Self.mapped { try TreeDecoder(tree).decode(type) }
    case .raw:
      guard type == Data.self, let data = Data(bytes.copied()) as? Value else {
        throw .unsupported("a Codable type, which reads by name", in: self)
      }
      return data
    case .yaml, .messagepack, .cbor, .protobuf:
      let tree = try decode(SerializedValue.self, from: bytes, limits: limits)
      return try Self.mapped { try TreeDecoder(tree).decode(type) }
    }
  }

  /// Reads the one value that a document is; throws when it is anything else.
  public func decode<Value: Decodable>(
    codable type: Value.Type, from bytes: [UInt8], limits: DecodingLimits = DecodingLimits()
  ) throws(SerializationError) -> Value {
    try bytes.withBorrowedBytes { (borrowed) throws(SerializationError) in
      try decode(codable: type, from: borrowed, limits: limits)
    }
  }

  private func append(_ document: Data, to bytes: inout ByteWriter) throws(SerializationError) {
    guard document.count <= bytes.limit - bytes.count else { throw SerializationError(.sizeLimit(bytes.limit), at: 0) }
    bytes.append([UInt8](document))
  }

  private func foundationDocument<Value: Encodable>(of value: Value) throws(SerializationError) -> Data {
    try Self.mapped {
      if self == .json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(value)
      }
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      return try encoder.encode(value)
    }
  }

  /// Calls `body` and gives its errors, which are Codable's or the type's own, one of ours with theirs as the cause.
  private static func mapped<Result>(_ body: () throws -> Result) throws(SerializationError) -> Result {
    do {
      return try body()
    } catch let error as SerializationError {
      throw error
    } catch let error as EncodingError {
      throw SerializationError(.unsupported, at: 0, underlying: error)
    } catch DecodingError.dataCorrupted(let context) {
      throw SerializationError(.malformed, at: 0, underlying: DecodingError.dataCorrupted(context))
    } catch {
      throw SerializationError(.typeMismatch, at: 0, underlying: error)
    }
  }
}
