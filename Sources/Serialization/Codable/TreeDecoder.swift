internal import Foundation

/// Makes any `Decodable` value of a `SerializedValue`: the half of the bridge that reads.
///
/// Whole numbers are taken for floating-point ones, text in base64 for `Data`, tags are passed over; nothing else is converted.
struct TreeDecoder: Decoder {
  let value: SerializedValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ value: SerializedValue, codingPath: [any CodingKey] = []) {
    var content = value
    while case .tagged(_, let inner) = content { content = inner }
    self.value = content
    self.codingPath = codingPath
  }

  /// A value of a type.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == Data.self, case .bytes(let bytes) = value, let data = Data(bytes) as? Value { return data }
    // Foundation writes both as maps into property lists.
    if case .map = value { return try Value(from: self) }
    if type == URL.self, let url = URL(string: try text("a URL")) as? Value { return url }
    if type == Decimal.self, let decimal = Decimal(string: try text("a decimal number")) as? Value { return decimal }
    return try Value(from: self)
  }

  private func text(_ what: String) throws -> String {
    guard case .string(let text) = value else { throw mismatch(String.self, what) }
    return text
  }

  /// Whether there is nothing: null, or CBOR's undefined.
  var isNil: Bool {
    switch value {
    case .null, .simple(23): true
    default: false
    }
  }

  /// That the value is not of the type asked for.
  func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "expected \(expected), found \(value.description)")
    return isNil ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .map(let entries) = value else { throw mismatch([String: Any].self, "a map") }
    return KeyedDecodingContainer(TreeKeyedDecoding(entries: entries, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([Any].self, "an array") }
    return TreeUnkeyedDecoding(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { TreeSingleDecoding(decoder: self) }
}
