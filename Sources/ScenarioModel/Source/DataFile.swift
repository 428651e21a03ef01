/// A table of text: one row per line, fields between commas, as RFC 4180 has it.
struct DataFile {
  let path: String
  let text: String

  /// A field of a row.
  struct Field {
    var text: Substring
    /// Where it begins in its row, from 1.
    var column: Int
    /// Whether it stood between quotes: then an empty one is a text, and not left out.
    var isQuoted = false

    /// Whether nothing was written.
    var isLeftOut: Bool { text.isEmpty && !isQuoted }
  }

  /// Calls `body` with the number of each row's first line, from 1, and its fields; empty lines are left out. Stops when it
  /// returns false.
  ///
  /// Fields are what is between commas, without the spaces around it; a field in quotes may hold commas, line breaks, and
  /// quotes that are written twice.
  func forEachRow(_ body: (_ line: Int, _ fields: [Field]) -> Bool) {
    let bytes = text.utf8
    var line = 1
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      var fields: [Field]
      var rowEnd = end
      if bytes[start..<end].contains(UInt8(ascii: "\"")) {
        (fields, rowEnd) = quotedFields(from: start)
      } else {
        fields = Self.fields(of: text[start..<end])
      }
      if fields.count > 1 || fields.contains(where: { !$0.isLeftOut }) {
        guard body(line, fields) else { return }
      }
      line += 1 + bytes[start..<rowEnd].count { $0 == UInt8(ascii: "\n") }
      start = rowEnd < bytes.endIndex ? bytes.index(after: rowEnd) : rowEnd
    }
  }

  /// The fields of a line without quotes: almost all lines, so without a copy.
  private static func fields(of line: Substring) -> [Field] {
    var fields: [Field] = []
    var column = 1
    for part in line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let (text, leading) = trimmed(Substring(part))
      fields.append(Field(text: text, column: column + leading))
      column += part.count + 1
    }
    return fields
  }

  private static func trimmed(_ part: Substring) -> (text: Substring, leadingCount: Int) {
    let leading = part.utf8.prefix(while: isSpace).count
    var text = Substring(part.utf8.dropFirst(leading))
    while let last = text.utf8.last, isSpace(last) { text = Substring(text.utf8.dropLast()) }
    return (text, leading)
  }

  /// The fields of the row that begins at `start`, and where the row ends: at a line break outside of quotes.
  private func quotedFields(from start: String.Index) -> (fields: [Field], end: String.Index) {
    let bytes = text.utf8
    var fields: [Field] = []
    var index = start
    var column = 1
    while true {
      let fieldStart = index
      while index < bytes.endIndex, Self.isSpace(bytes[index]) { index = bytes.index(after: index) }
      column += bytes.distance(from: fieldStart, to: index)
      if index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") {
        let (field, next) = quotedText(from: index)
        fields.append(Field(text: field, column: column, isQuoted: true))
        column += bytes.distance(from: index, to: next)
        index = next
      } else {
        let end = bytes[index...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") } ?? bytes.endIndex
        fields.append(Field(text: Self.trimmed(text[index..<end]).text, column: column))
        column += bytes.distance(from: index, to: end)
        index = end
      }
      guard index < bytes.endIndex, bytes[index] == UInt8(ascii: ",") else { return (fields, index) }
      index = bytes.index(after: index)
      column += 1
    }
  }

  /// The text of the field whose quote stands at `quote`, and where the field ends. Whatever follows the closing quote
  /// belongs to the text, so that nothing is dropped unseen.
  private func quotedText(from quote: String.Index) -> (text: Substring, end: String.Index) {
    let bytes = text.utf8
    var found: [UInt8] = []
    var isInside = true
    var index = bytes.index(after: quote)
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        let next = bytes.index(after: index)
        let isDoubled = next < bytes.endIndex && bytes[next] == byte
        if isInside, isDoubled { index = next }
        if !isInside || isDoubled { found.append(byte) } else { isInside = false }
      } else if !isInside, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
        break
      } else if isInside || !Self.isSpace(byte) {
        found.append(byte)
      }
      index = bytes.index(after: index)
    }
    return (Substring(String(decoding: found, as: UTF8.self)), index)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
