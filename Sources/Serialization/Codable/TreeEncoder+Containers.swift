/// A map that is being encoded.
struct TreeKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: TreeEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) { encoder.set(.value(.null), forKey: key.stringValue) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let tree = try TreeEncoder.tree(of: value, codingPath: codingPath + [key])
    encoder.set(.value(tree), forKey: key.stringValue)
  }

  private func child(_ key: any CodingKey) -> TreeEncoder {
    let child = TreeEncoder(codingPath: codingPath + [key])
    encoder.set(.encoder(child), forKey: key.stringValue)
    return child
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
  {
    child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { child(TreeKey.super) }
  func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

/// An array that is being encoded.
struct TreeUnkeyedEncoding: UnkeyedEncodingContainer {
  let encoder: TreeEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.count }

  func encodeNil() { encoder.append(.value(.null)) }

  func encode<Value: Encodable>(_ value: Value) throws {
    encoder.append(.value(try TreeEncoder.tree(of: value, codingPath: codingPath + [TreeKey(intValue: count)])))
  }

  private func child() -> TreeEncoder {
    let child = TreeEncoder(codingPath: codingPath + [TreeKey(intValue: count)])
    encoder.append(.encoder(child))
    return child
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    child().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }
  func superEncoder() -> any Encoder { child() }
}

/// A single value that is being encoded: where all scalars arrive.
struct TreeSingleEncoding: SingleValueEncodingContainer {
  let encoder: TreeEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() { encoder.set(.null) }
  func encode(_ value: Bool) { encoder.set(.bool(value)) }
  func encode(_ value: String) { encoder.set(.string(value)) }
  func encode(_ value: Double) { encoder.set(.float(value)) }
  func encode(_ value: Float) { encoder.set(.float(Double(value))) }

  // By name: what the protocol has for these two, which is to refuse them, goes before the general one.
  func encode(_ value: Int128) throws { try encode(integer: value) }
  func encode(_ value: UInt128) throws { try encode(integer: value) }
  func encode<Value: FixedWidthInteger & Encodable>(_ value: Value) throws { try encode(integer: value) }

  private func encode<Value: FixedWidthInteger>(integer value: Value) throws {
    if let integer = Int64(exactly: value) { return encoder.set(.integer(integer)) }
    guard let integer = UInt64(exactly: value) else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "a whole number beyond 64 bits"))
    }
    encoder.set(.unsigned(integer))
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    encoder.set(try TreeEncoder.tree(of: value, codingPath: codingPath))
  }
}
