import Serialization

extension Serializer {
  /// Whether the format keeps a value as what it is. JSON's bytes become text, which is another kind.
  func carries(_ value: SerializedValue) -> Bool {
    switch value {
    case .null: self != .plist
    case .bool, .integer, .unsigned, .string: true
    case .float(let number): self != .json || number.isFinite
    case .negative: self == .cbor || self == .raw
    case .bytes: self != .json
    case .array(let elements): elements.allSatisfy(carries)
    case .map(let entries): entries.allSatisfy { carriesKey($0.key) && carries($0.value) }
    case .tagged(_, let content): (self == .cbor || self == .raw) && carries(content)
    case .extended: self == .messagepack || self == .raw
    case .simple: self == .cbor || self == .raw
    }
  }

  private func carriesKey(_ key: SerializedValue) -> Bool {
    if case .string = key { return true }
    return carries(key) && [.yaml, .messagepack, .cbor, .raw].contains(self)
  }

  /// The document of a value.
  func document(_ value: some SerializableValue) throws(SerializationError) -> [UInt8] {
    var bytes = ByteWriter()
    try encode(value, into: &bytes)
    return bytes.copied()
  }

  /// The document of a value, by the bridge.
  func document(codable value: some Encodable) throws(SerializationError) -> [UInt8] {
    var bytes = ByteWriter()
    try encode(codable: value, into: &bytes)
    return bytes.copied()
  }
}

extension SerializedValue {
  /// Whether two values are the same to the bit: with NaN equal to itself, and 0 different from -0.
  func isIdentical(to other: SerializedValue) -> Bool {
    switch (self, other) {
    case (.float(let left), .float(let right)): left.isNaN ? right.isNaN : left.bitPattern == right.bitPattern
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
    case (.map(let left), .map(let right)):
      left.count == right.count
        && zip(left, right).allSatisfy { $0.key.isIdentical(to: $1.key) && $0.value.isIdentical(to: $1.value) }
    case (.tagged(let left, let content), .tagged(let right, let other)):
      left == right && content.isIdentical(to: other)
    default: self == other
    }
  }

  /// Whether JSON would make text of some part.
  var hasBytes: Bool {
    switch self {
    case .bytes: true
    case .array(let elements): elements.contains { $0.hasBytes }
    case .map(let entries): entries.contains { $0.key.hasBytes || $0.value.hasBytes }
    case .tagged(_, let content): content.hasBytes
    default: false
    }
  }
}
