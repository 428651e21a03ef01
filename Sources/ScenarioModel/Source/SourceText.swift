/// Lines of a text as YAML counts them.
enum SourceText {
  /// All lines, without their breaks; at least one.
  static func lines(of text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      defer { previous = scalar }
      if scalar == "\n", previous == "\r" { continue }
      if isLineBreak(scalar) {
        lines.append(String(line))
        line = .init()
      } else {
        line.append(scalar)
      }
    }
    lines.append(String(line))
    return lines
  }

  /// The line with this number, from 1; empty beyond the end.
  static func line(_ number: Int, of text: String) -> String {
    let lines = lines(of: text)
    return lines.indices.contains(number - 1) ? lines[number - 1] : ""
  }

  /// The part of a line from a column on, both from 1.
  static func rest(of text: String, line: Int, column: Int) -> Substring.UnicodeScalarView {
    Substring(self.line(line, of: text)).unicodeScalars.dropFirst(column - 1)
  }

  /// Whether nothing but white space follows a place, line and column from 1.
  static func isEnd(of text: String, line: Int, column: Int) -> Bool {
    let rest = lines(of: text).dropFirst(line - 1)
    guard let first = rest.first else { return true }
    return ([String(Substring(first).unicodeScalars.dropFirst(column - 1))] + rest.dropFirst()).allSatisfy { line in
      line.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }
    }
  }

  /// The first character that YAML forbids, and its place. A line break never is one.
  static func firstForbidden(in text: String) -> (scalar: Unicode.Scalar, line: Int, column: Int)? {
    for (index, line) in lines(of: text).enumerated() {
      for (offset, scalar) in line.unicodeScalars.enumerated() where isForbidden(scalar) {
        return (scalar, index + 1, offset + 1)
      }
    }
    return nil
  }

  static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  // The character set of YAML 1.1, which libYAML enforces.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: false
    default: true
    }
  }
}
