/// The elements of an array on their way into the buffer of a `JSONTextEncoder`.
struct JSONUnkeyedContainer: UnkeyedEncodingContainer {
  let encoder: JSONTextEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.text.elementCount }

  private func element() -> JSONTextEncoder {
    encoder.text.beginElement()
    return encoder
  }

  func encodeNil() { element().text.appendNull() }
  func encode(_ value: Bool) { element().text.append(value) }
  func encode(_ value: String) { element().text.append(value) }
  func encode(_ value: Double) throws { try element().text.append(value) }
  func encode(_ value: Float) throws { try element().text.append(Double(value)) }
  func encode(_ value: Int) { element().text.appendInteger(value) }
  func encode(_ value: Int8) { element().text.appendInteger(value) }
  func encode(_ value: Int16) { element().text.appendInteger(value) }
  func encode(_ value: Int32) { element().text.appendInteger(value) }
  func encode(_ value: Int64) { element().text.appendInteger(value) }
  func encode(_ value: UInt) { element().text.appendInteger(value) }
  func encode(_ value: UInt8) { element().text.appendInteger(value) }
  func encode(_ value: UInt16) { element().text.appendInteger(value) }
  func encode(_ value: UInt32) { element().text.appendInteger(value) }
  func encode(_ value: UInt64) { element().text.appendInteger(value) }
  func encode<T: Encodable>(_ value: T) throws { try element().appendValue(value) }

  func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
    preconditionFailure("nested containers are not supported")
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    preconditionFailure("nested containers are not supported")
  }

  func superEncoder() -> any Encoder { preconditionFailure("super encoders are not supported") }
}
