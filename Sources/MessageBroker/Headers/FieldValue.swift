/// One value of a field table: what AMQP 0-9-1 lets headers and arguments carry.
public enum FieldValue: Hashable, Sendable {
  /// Text (`longstr`).
  case string(String)
  /// A whole number, always 64 bits wide (`long`).
  case integer(Int64)
  /// A floating-point number (`double`).
  case double(Double)
  /// Yes or no (`bool`).
  case bool(Bool)
  /// Bytes (`binary`).
  case binary([UInt8])
  /// Values in order (`array`).
  case list([FieldValue])
  /// A table inside the table (`table`).
  case table(FieldTable)
  /// A moment in seconds since 1970 (`timestamp`).
  case timestamp(secondsSince1970: Int64)
  /// Nothing (`void`). In a binding to a headers exchange: the header must be there, whatever its value.
  case void

  /// The type's name in the field, as error texts say it.
  public var typeName: String {
    switch self {
    case .string: "longstr"
    case .integer: "long"
    case .double: "double"
    case .bool: "bool"
    case .binary: "binary"
    case .list: "array"
    case .table: "table"
    case .timestamp: "timestamp"
    case .void: "void"
    }
  }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: FieldValue...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, FieldValue)...) { self = .table(FieldTable(elements)) }
}

extension FieldValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .bool(let value): "\(value)"
    case .binary(let bytes): "\(bytes.count) bytes"
    case .list(let values): "\(values)"
    case .table(let table): table.description
    case .timestamp(let seconds): "\(seconds) s since 1970"
    case .void: "void"
    }
  }
}
