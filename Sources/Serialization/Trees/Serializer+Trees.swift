/// The formats that go through a tree, because they need the whole value at once or have a library that does.
extension Serializer {
  /// Appends the document of one value, or nothing and throws.
  @usableFromInline
  func encodeTree<Value: SerializableValue>(_ value: Value, into bytes: inout ByteWriter) throws(SerializationError) {
    // Property lists have no null, so that an absent field is one that is not there.
    let tree = try SerializedValueWriter.tree(of: value, omitsAbsentFields: self == .plist)
    let start = bytes.count
    switch self {
    case .yaml: try YAMLWriter.append(tree, to: &bytes)
    case .plist: try BinaryPlistWriter.append(tree, to: &bytes)
    case .protobuf: try ProtobufDocument.append(tree, to: &bytes)
    case .json, .messagepack, .cbor, .raw: preconditionFailure("\(self) needs no tree")
    }
    guard !bytes.hasOverflowed else {
      bytes.truncate(to: start)
      throw SerializationError(.sizeLimit(bytes.limit), at: bytes.limit)
    }
  }

  /// Reads the one value that a document is.
  @usableFromInline
  func decodeTree<Value: SerializableValue>(
    _ type: Value.Type, from bytes: BorrowedBytes, limits: DecodingLimits
  ) throws(SerializationError) -> Value {
    let tree =
      switch self {
      case .yaml: try YAMLDocument.read(bytes, limits: limits)
      case .plist: try BinaryPlistReader.read(bytes, limits: limits)
      case .protobuf: try ProtobufDocument.read(bytes, limits: limits)
      case .json, .messagepack, .cbor, .raw: preconditionFailure("\(self) needs no tree")
      }
    return try SerializedValueReader.read(type, from: tree, limits: limits)
  }
}
