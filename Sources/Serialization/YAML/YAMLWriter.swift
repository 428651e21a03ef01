/// Writes a value as YAML 1.2 in block style, one entry or element a line.
///
/// Text that could be taken for something else stands in double quotes; bytes are `!!binary` in base64. Readers of YAML 1.1
/// understand the same. Keys may be any value; a NaN loses its payload.
struct YAMLWriter: ~Copyable {
  private var text = ""

  /// Appends the document of a value.
  static func append(_ value: SerializedValue, to bytes: inout ByteWriter) throws(SerializationError) {
    var writer = YAMLWriter()
    try writer.write(value, indent: 0, afterIndicator: true)
    writer.text += "\n"
    bytes.append(writer.text)
  }

  /// Writes a value after an indicator (`-`, `:`, or the beginning): what fits on its line goes there.
  private mutating func write(
    _ value: SerializedValue, indent: Int, afterIndicator isFirst: Bool = false
  ) throws(SerializationError) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      for (index, element) in elements.enumerated() {
        if !(isFirst && index == 0) { line(indent) }
        text += "-"
        try write(element, indent: indent + 2)
      }
    case .map(let entries) where !entries.isEmpty:
      for (index, entry) in entries.enumerated() {
        if !(isFirst && index == 0) { line(indent) }
        try write(key: entry.key, indent: indent)
        text += ":"
        try write(entry.value, indent: indent + 2)
      }
    default:
      if !isFirst { text += " " }
      text += try Self.inline(value)
    }
  }

  private mutating func line(_ indent: Int) {
    text += "\n"
    text += String(repeating: " ", count: indent)
  }

  /// A key as a reader finds it by looking ahead, which it does for 1024 characters; a longer or nested one is announced.
  private mutating func write(key: SerializedValue, indent: Int) throws(SerializationError) {
    let key = try Self.inline(key)
    if key.utf8.count <= 1000 && key.first != "[" && key.first != "{" {
      text += key
    } else {
      text += "? \(key)"
      line(indent)
    }
  }

  /// A value in one line.
  private static func inline(_ value: SerializedValue) throws(SerializationError) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .unsigned(let value): return String(value)
    case .float(let value): return YAMLScalar.text(of: value)
    case .string(let value): return YAMLScalar.text(of: value)
    case .bytes(let value): return "!!binary \"\(YAMLScalar.base64(of: value))\""
    case .array(let elements):
      var parts: [String] = []
      for element in elements { parts.append(try inline(element)) }
      return "[\(parts.joined(separator: ", "))]"
    case .map(let entries):
      var parts: [String] = []
      for entry in entries { parts.append("? \(try inline(entry.key)) : \(try inline(entry.value))") }
      return "{\(parts.joined(separator: ", "))}"
    case .negative, .tagged, .extended, .simple:
      throw .unsupported(value.description, in: .yaml)
    }
  }
}
