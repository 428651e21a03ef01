/// Writes a value as YAML 1.2 in block style, one entry or element a line.
///
/// Text that could be taken for something else stands in double quotes; bytes are `!!binary` in base64. Readers of YAML 1.1
/// understand the same. Keys may be any value, but not two that differ only in kind, such as 1 and "1", nor twice the same: readers
/// refuse both. Text does not begin with a byte order mark, which the library that reads would drop. A NaN loses its payload.
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
      let keys = try Self.keys(of: entries)
      for (index, entry) in entries.enumerated() {
        if !(isFirst && index == 0) { line(indent) }
        write(key: keys[index], indent: indent)
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
  private mutating func write(key: String, indent: Int) {
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
    case .string(let value):
      guard value.unicodeScalars.first != "\u{FEFF}" else {
        throw .unsupported("text that begins with a byte order mark", in: .yaml)
      }
      return YAMLScalar.text(of: value)
    case .bytes(let value): return "!!binary \"\(YAMLScalar.base64(of: value))\""
    case .array(let elements):
      var parts: [String] = []
      for element in elements { parts.append(try inline(element)) }
      return "[\(parts.joined(separator: ", "))]"
    case .map(let entries):
      var parts: [String] = []
      for (key, entry) in zip(try keys(of: entries), entries) { parts.append("? \(key) : \(try inline(entry.value))") }
      return "{\(parts.joined(separator: ", "))}"
    case .negative, .tagged, .extended, .simple:
      throw .unsupported(value.description, in: .yaml)
    }
  }

  /// The keys, each in one line, when no two read the same. Each is written once: twice would double with every map that is a key of
  /// another.
  private static func keys(of entries: [SerializedValue.Entry]) throws(SerializationError) -> [String] {
    var known: Set<String> = []
    var keys: [String] = []
    for entry in entries {
      let key = try inline(entry.key)
      var text = key
      if case .string(let name) = entry.key { text = name }
      guard known.insert(text).inserted else { throw .unsupported("two keys that read '\(text)'", in: .yaml) }
      keys.append(key)
    }
    return keys
  }
}
