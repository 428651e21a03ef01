/// Writes any tree of values as JSON with sorted keys, straight into one buffer.
///
/// Foundation's `JSONEncoder` builds a tree of all values first; here each value is written once, where it belongs.
/// The text is what `JSONEncoder` writes with `[.sortedKeys, .withoutEscapingSlashes]`.
///
/// Limits: what a type nests by hand (`nestedContainer`, `superEncoder`) is not supported; no type here does.
final class JSONTextEncoder: Encoder {
  /// One struct, so that a step costs one exclusivity check and not one per field.
  var text = JSONText()

  let userInfo: [CodingUserInfoKey: Any] = [:]

  var codingPath: [any CodingKey] { text.codingPath }

  /// The JSON text of `value`.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONTextEncoder()
    try encoder.appendValue(value)
    return encoder.text.bytes
  }

  /// Any value that encodes itself.
  func appendValue(_ value: some Encodable) throws {
    text.open()
    try value.encode(to: self)
    text.close()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    text.become(.object)
    return KeyedEncodingContainer(JSONKeyedContainer<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    text.become(.array)
    return JSONUnkeyedContainer(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    text.become(.scalar)
    return JSONSingleValueContainer(encoder: self)
  }
}
