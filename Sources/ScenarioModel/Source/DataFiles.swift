/// The files with data that a scenario names, read when they are needed.
struct DataFiles {
  private let scenarioPath: String
  private let readFile: ScenarioLoader.ReadFile
  /// Texts by file name, for showing the line of a problem.
  private(set) var texts: [String: String] = [:]

  init(scenarioPath: String, readFile: @escaping ScenarioLoader.ReadFile) {
    self.scenarioPath = scenarioPath
    self.readFile = readFile
  }

  /// The file that the value at `position` names: relative to the file that the value is written in, or to the scenario
  /// when it was given on the command line.
  mutating func read(_ name: String, namedAt position: SourcePosition) throws(ScenarioFileError) -> DataFile {
    let path = resolvedPath(name, namedAt: position)
    if let text = texts[path] { return DataFile(path: path, text: text) }
    let text = try readFile(path)
    texts[path] = text
    return DataFile(path: path, text: text)
  }

  /// Where such a file is.
  func resolvedPath(_ name: String, namedAt position: SourcePosition) -> String {
    let home = position.file.hasPrefix(Override.file(for: "")) ? scenarioPath : position.file
    guard !name.hasPrefix("/"), let slash = home.lastIndex(of: "/") else { return name }
    return String(home[...slash]) + name
  }
}

/// A table of text: one row per line, fields between commas.
struct DataFile {
  let path: String
  let text: String

  /// A field of a row.
  struct Field {
    var text: Substring
    /// Where it begins in its line, from 1.
    var column: Int
  }

  /// Calls `body` with each line's number, from 1, and its fields; empty lines are left out. Stops when it returns false.
  ///
  /// Fields are what is between commas, without the spaces around it: names and numbers need no quotes.
  func forEachRow(_ body: (_ line: Int, _ fields: [Field]) -> Bool) {
    let bytes = text.utf8
    var line = 0
    var start = bytes.startIndex
    while start < bytes.endIndex {
      line += 1
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      let fields = Self.fields(of: text[start..<end])
      if fields.count > 1 || fields.contains(where: { !$0.text.isEmpty }) {
        guard body(line, fields) else { return }
      }
      start = end < bytes.endIndex ? bytes.index(after: end) : end
    }
  }

  private static func fields(of line: Substring) -> [Field] {
    var fields: [Field] = []
    var column = 1
    for part in line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      var text = Substring(part)
      let leading = text.utf8.prefix(while: isSpace).count
      text = text.dropFirst(leading)
      while let last = text.utf8.last, isSpace(last) { text = text.dropLast() }
      fields.append(Field(text: text, column: column + leading))
      column += part.count + 1
    }
    return fields
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
