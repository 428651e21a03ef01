/// What a format cannot carry, as the cause of an `unsupported`.
public struct UnsupportedValue: Error, Sendable, CustomStringConvertible {
  /// The format.
  public let serializer: Serializer
  /// The value, in a few words.
  public let value: String

  /// One sentence.
  public var description: String { "\(serializer) cannot carry \(value)" }
}

extension SerializationError {
  /// That a format has no way to express a value.
  static func unsupported(_ value: String, in serializer: Serializer, at offset: Int = 0) -> SerializationError {
    SerializationError(.unsupported, at: offset, underlying: UnsupportedValue(serializer: serializer, value: value))
  }
}

extension SerializedValue {
  /// What it is in a few words, for a message that says why it cannot be carried.
  var description: String {
    switch kind {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "a whole number"
    case .unsigned: "a whole number above the largest of Int64"
    case .negative: "a whole number below the smallest of Int64"
    case .float: "a floating-point number"
    case .string: "text"
    case .bytes: "bytes"
    case .array: "an array"
    case .map: "a map"
    case .tagged: "a value with a tag"
    case .extended: "bytes with a type of their own"
    case .simple: "a simple value without a name"
    }
  }
}
