/// Any value of any format: what a document is to somebody who has no type for it.
///
/// Equality is that of Swift's types: a NaN differs from itself, and an `integer` from the `float` of the same size.
public enum SerializedValue: Sendable, Equatable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number that fits `Int64`.
  case integer(Int64)
  /// A whole number above `Int64.max`; a smaller one is read back as `integer`.
  case unsigned(UInt64)
  /// The whole number -1 minus this, below `Int64.min`; a greater one is read back as `integer`.
  case negative(UInt64)
  /// A number.
  case float(Double)
  /// Text.
  case string(String)
  /// Bytes.
  case bytes([UInt8])
  /// Values in order.
  case array([SerializedValue])
  /// Entries in order; whether two may have the same key is up to who uses them.
  case map([Entry])
  /// A value and the number that says what it means; CBOR's.
  indirect case tagged(UInt64, SerializedValue)
  /// Bytes and the number that says what they mean; MessagePack's.
  case extended(type: Int8, content: [UInt8])
  /// A value without a content; CBOR's. 20, 21 and 22 are read back as false, true and null.
  case simple(UInt8)

  /// A key and its value.
  public struct Entry: Sendable, Equatable {
    /// What the value is found by; in JSON and YAML a string.
    public var key: SerializedValue
    /// The value.
    public var value: SerializedValue

    /// Creates an entry.
    public init(key: SerializedValue, value: SerializedValue) {
      self.key = key
      self.value = value
    }
  }

  /// What the value is.
  public var kind: ValueKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .integer: .integer
    case .unsigned: .unsigned
    case .negative: .negative
    case .float: .float
    case .string: .string
    case .bytes: .bytes
    case .array: .array
    case .map: .map
    case .tagged: .tagged
    case .extended: .extended
    case .simple: .simple
    }
  }

  /// The value of the last entry with this key, or nil when there is none or this is no map. Costs a look at every entry.
  public subscript(_ key: String) -> SerializedValue? {
    guard case .map(let entries) = self else { return nil }
    return entries.last { $0.key == .string(key) }?.value
  }
}

extension SerializedValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Nothing.
  public init(nilLiteral: ()) { self = .null }
  /// Values in order.
  public init(arrayLiteral elements: SerializedValue...) { self = .array(elements) }
  /// Entries in order.
  public init(dictionaryLiteral elements: (SerializedValue, SerializedValue)...) {
    self = .map(elements.map { Entry(key: $0.0, value: $0.1) })
  }
}
