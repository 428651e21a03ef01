/// A value without members on its way into the buffer of a `JSONTextEncoder`.
struct JSONSingleValueContainer: SingleValueEncodingContainer {
  let encoder: JSONTextEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() { encoder.text.appendNull() }
  func encode(_ value: Bool) { encoder.text.append(value) }
  func encode(_ value: String) { encoder.text.append(value) }
  func encode(_ value: Double) throws { try encoder.text.append(value) }
  func encode(_ value: Float) throws { try encoder.text.append(Double(value)) }
  func encode(_ value: Int) { encoder.text.appendInteger(value) }
  func encode(_ value: Int8) { encoder.text.appendInteger(value) }
  func encode(_ value: Int16) { encoder.text.appendInteger(value) }
  func encode(_ value: Int32) { encoder.text.appendInteger(value) }
  func encode(_ value: Int64) { encoder.text.appendInteger(value) }
  func encode(_ value: UInt) { encoder.text.appendInteger(value) }
  func encode(_ value: UInt8) { encoder.text.appendInteger(value) }
  func encode(_ value: UInt16) { encoder.text.appendInteger(value) }
  func encode(_ value: UInt32) { encoder.text.appendInteger(value) }
  func encode(_ value: UInt64) { encoder.text.appendInteger(value) }
  func encode<T: Encodable>(_ value: T) throws { try encoder.appendValue(value) }
}
