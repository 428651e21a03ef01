/// The text of a table as RFC 4180 has it, with `\n` at the end of a line, as the contract has it.
///
/// Fields are appended to one buffer, so that a million rows cost no million strings.
struct CSVText {
  private(set) var bytes: [UInt8] = []
  private var isAtStartOfRow = true

  init() {}

  /// A table with its header.
  init(header: [String]) {
    for name in header { append(name) }
    endRow()
  }

  /// Fields that begin many rows, encoded once.
  static func prefix(_ fields: [String]) -> CSVText {
    var text = CSVText()
    for field in fields { text.append(field) }
    return text
  }

  mutating func append(_ prefix: CSVText) {
    beginField()
    bytes.append(contentsOf: prefix.bytes)
  }

  /// Appends a text, between quotes where it needs them; always when it is to be `quoted`.
  mutating func append(_ field: String, quoted: Bool = false) {
    beginField()
    let start = bytes.count
    bytes.append(contentsOf: field.utf8)
    let needsQuotes = bytes[start...].contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
    guard needsQuotes || quoted else { return }
    bytes.removeSubrange(start...)
    bytes.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func append(_ value: some BinaryInteger) {
    beginField()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  mutating func append(_ value: Double) {
    if let whole = Int64(exactly: value) { return append(whole) }
    beginField()
    bytes.append(contentsOf: value.description.utf8)
  }

  mutating func append(_ value: Bool) { append(value ? "true" : "false") }

  mutating func appendEmpty() { beginField() }

  mutating func append(_ value: Int64?) {
    if let value { append(value) } else { appendEmpty() }
  }

  mutating func append(_ value: Double?) {
    if let value { append(value) } else { appendEmpty() }
  }

  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isAtStartOfRow = true
  }

  private mutating func beginField() {
    if !isAtStartOfRow { bytes.append(UInt8(ascii: ",")) }
    isAtStartOfRow = false
  }
}
