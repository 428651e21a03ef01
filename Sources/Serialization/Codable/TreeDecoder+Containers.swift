/// A map that is being decoded.
struct TreeKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let codingPath: [any CodingKey]
  /// Of entries with the same key the last; of keys that are whole numbers their digits, as Codable has them.
  private var values: [String: SerializedValue] = [:]

  init(entries: [SerializedValue.Entry], codingPath: [any CodingKey]) {
    self.codingPath = codingPath
    values.reserveCapacity(entries.count)
    for entry in entries {
      switch entry.key {
      case .string(let name): values[name] = entry.value
      case .integer(let number): values[String(number)] = entry.value
      default: break
      }
    }
  }

  var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }
  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).isNil }

  private func decoder(_ key: any CodingKey) throws -> TreeDecoder {
    guard let value = values[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "there is no entry '\(key.stringValue)'"))
    }
    return TreeDecoder(value, codingPath: codingPath + [key])
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let decoder = try decoder(key)
    guard !decoder.isNil || type is any ExpressibleByNilLiteral.Type else { throw decoder.mismatch(type, "\(type)") }
    return try decoder.decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    values[TreeKey.super.stringValue] == nil ? TreeDecoder(.null, codingPath: codingPath) : try decoder(TreeKey.super)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

/// An array that is being decoded.
struct TreeUnkeyedDecoding: UnkeyedDecodingContainer {
  let elements: [SerializedValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [SerializedValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  private func decoder(_ type: Any.Type) throws -> TreeDecoder {
    let path = codingPath + [TreeKey(intValue: currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        type, .init(codingPath: path, debugDescription: "the array has \(elements.count) elements"))
    }
    return TreeDecoder(elements[currentIndex], codingPath: path)
  }

  mutating func decodeNil() throws -> Bool {
    guard try decoder(Never.self).isNil else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try decoder(type).decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    let container = try decoder(type).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try decoder([Any].self).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try decoder((any Decoder).self)
    currentIndex += 1
    return decoder
  }
}

/// A single value that is being decoded: where all scalars arrive.
struct TreeSingleDecoding: SingleValueDecodingContainer {
  let decoder: TreeDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.isNil }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = decoder.value else { throw decoder.mismatch(type, "a truth value") }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let value) = decoder.value else { throw decoder.mismatch(type, "text") }
    return value
  }

  func decode(_ type: Double.Type) throws -> Double {
    switch decoder.value {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .negative(let value): -1 - Double(value)
    default: throw decoder.mismatch(type, "a number")
    }
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

  func decode<Value: FixedWidthInteger & Decodable>(_ type: Value.Type) throws -> Value {
    let fitting: Value?
    switch decoder.value {
    case .integer(let value): fitting = Value(exactly: value)
    case .unsigned(let value): fitting = Value(exactly: value)
    case .negative: fitting = nil
    default: throw decoder.mismatch(type, "a whole number")
    }
    guard let fitting else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "\(decoder.value) does not fit \(type)"))
    }
    return fitting
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}
