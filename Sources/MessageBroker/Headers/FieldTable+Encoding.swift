extension FieldTable {
  /// How deeply tables and lists may be nested in one another: whoever decodes them calls itself that often.
  static var nestingLimit: Int { 16 }

  /// The fields as AMQP 0-9-1 encodes them (with RabbitMQ's letters for types), without the byte count in front.
  ///
  /// Errors: 502 (a name of more than 255 bytes, nesting beyond 16 levels).
  func encoded() throws(BrokerError) -> [UInt8] {
    var bytes: [UInt8] = []
    try FieldTable.append(self, to: &bytes, depth: 0)
    return bytes
  }

  private static func append(_ table: FieldTable, to bytes: inout [UInt8], depth: Int) throws(BrokerError) {
    guard depth < nestingLimit else {
      throw BrokerError(code: .syntaxError, message: "headers nested beyond \(nestingLimit) levels")
    }
    for field in table {
      try BrokerError.checkLength(of: field.name, as: "header name")
      bytes.append(UInt8(field.name.utf8.count))
      bytes += field.name.utf8
      try append(field.value, to: &bytes, depth: depth)
    }
  }

  private static func append(_ value: FieldValue, to bytes: inout [UInt8], depth: Int) throws(BrokerError) {
    bytes.append(FieldTag(value).rawValue)
    switch value {
    case .string(let text):
      append(UInt32(text.utf8.count), to: &bytes)
      bytes += text.utf8
    case .binary(let content):
      append(UInt32(content.count), to: &bytes)
      bytes += content
    case .integer(let number), .timestamp(let number): append(UInt64(bitPattern: number), to: &bytes)
    case .double(let number): append(number.bitPattern, to: &bytes)
    case .bool(let flag): bytes.append(flag ? 1 : 0)
    case .void: break
    case .table(let table):
      try appendCounted(to: &bytes) { (bytes) throws(BrokerError) in
        try append(table, to: &bytes, depth: depth + 1)
      }
    case .list(let values):
      guard depth + 1 < nestingLimit else {
        throw BrokerError(code: .syntaxError, message: "headers nested beyond \(nestingLimit) levels")
      }
      try appendCounted(to: &bytes) { (bytes) throws(BrokerError) in
        for value in values { try append(value, to: &bytes, depth: depth + 1) }
      }
    }
  }

  /// Appends what `body` does behind its byte count.
  private static func appendCounted(
    to bytes: inout [UInt8], _ body: (inout [UInt8]) throws(BrokerError) -> Void
  ) throws(BrokerError) {
    let start = bytes.count
    append(UInt32(0), to: &bytes)
    try body(&bytes)
    let count = UInt32(bytes.count - start - 4)
    for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32(index))) }
  }

  private static func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, to bytes: inout [UInt8]) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }
}

/// The letter in front of an encoded value.
enum FieldTag: UInt8 {
  case string = 0x53  // S
  case integer = 0x6C  // l
  case double = 0x64  // d
  case bool = 0x74  // t
  case binary = 0x78  // x
  case list = 0x41  // A
  case table = 0x46  // F
  case timestamp = 0x54  // T
  case void = 0x56  // V

  init(_ value: FieldValue) {
    self =
      switch value {
      case .string: .string
      case .integer: .integer
      case .double: .double
      case .bool: .bool
      case .binary: .binary
      case .list: .list
      case .table: .table
      case .timestamp: .timestamp
      case .void: .void
      }
  }
}
