/// The members of an object on their way into the buffer of a `JSONTextEncoder`.
struct JSONKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: JSONTextEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  private func member(_ key: Key) -> JSONTextEncoder {
    encoder.text.beginMember(key)
    return encoder
  }

  func encodeNil(forKey key: Key) { member(key).text.appendNull() }
  func encode(_ value: Bool, forKey key: Key) { member(key).text.append(value) }
  func encode(_ value: String, forKey key: Key) { member(key).text.append(value) }
  func encode(_ value: Double, forKey key: Key) throws { try member(key).text.append(value) }
  func encode(_ value: Float, forKey key: Key) throws { try member(key).text.append(Double(value)) }
  func encode(_ value: Int, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: Int8, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: Int16, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: Int32, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: Int64, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: UInt, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: UInt8, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: UInt16, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: UInt32, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode(_ value: UInt64, forKey key: Key) { member(key).text.appendInteger(value) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try member(key).appendValue(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    preconditionFailure("nested containers are not supported")
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    preconditionFailure("nested containers are not supported")
  }

  func superEncoder() -> any Encoder { preconditionFailure("super encoders are not supported") }
  func superEncoder(forKey key: Key) -> any Encoder { preconditionFailure("super encoders are not supported") }
}
