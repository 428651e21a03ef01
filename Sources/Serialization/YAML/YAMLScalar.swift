/// How scalars look in YAML: the core schema of YAML 1.2, written so that YAML 1.1 reads the same.
enum YAMLScalar {
  /// Words that some version of YAML takes for something else than text, in small letters.
  private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  /// A number that reads as a floating-point one: with a point, and with one before an exponent, which YAML 1.1 needs.
  static func text(of value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return "\(text[..<exponent]).0\(text[exponent...])"
  }

  /// Text, plain when it is a word that means nothing else, in double quotes otherwise.
  static func text(of value: String) -> String {
    let isWord = value.utf8.count <= 100 && value.utf8.first.map(isLetter) ?? false && value.utf8.allSatisfy(isWordByte)
    if isWord && !reserved.contains(value.lowercased()) { return value }
    var quoted = "\""
    for scalar in value.unicodeScalars { append(scalar, to: &quoted) }
    return quoted + "\""
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2E || byte == 0x2F
  }

  private static func append(_ scalar: Unicode.Scalar, to quoted: inout String) {
    switch scalar.value {
    case 0x22: quoted += "\\\""
    case 0x5C: quoted += "\\\\"
    case 0x0A: quoted += "\\n"
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xFEFE, 0xFF00...0xFFFD: quoted.unicodeScalars.append(scalar)
    // Controls, line and paragraph separators, the byte order mark, and what lies beyond the basic plane.
    case 0...0xFF: quoted += "\\x" + hexadecimal(scalar, digits: 2)
    case 0x100...0xFFFF: quoted += "\\u" + hexadecimal(scalar, digits: 4)
    default: quoted.unicodeScalars.append(scalar)
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
    let text = String(scalar.value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// Bytes as the text of `!!binary`.
  static func base64(of bytes: [UInt8]) -> String {
    var output = ByteWriter(limit: .max)
    bytes.withBorrowedBytes { output.append(base64: $0) }
    return String(decoding: output.copied(), as: UTF8.self)
  }

  /// The bytes of `!!binary`, in whose text lines may be broken anywhere; nil when it is not base64.
  static func bytes(ofBase64 text: String) -> [UInt8]? {
    let digits = text.utf8.filter { $0 > 0x20 }
    var output = ByteWriter(limit: .max)
    return digits.withBorrowedBytes { output.append(decodingBase64: $0) } ? output.copied() : nil
  }

  /// What plain text means in the core schema. A whole number that no type holds becomes the nearest floating-point one.
  static func value(of plain: String) -> SerializedValue {
    switch plain {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: return number(plain) ?? .string(plain)
    }
  }

  private static func number(_ plain: String) -> SerializedValue? {
    let isNegative = plain.first == "-"
    let unsigned = isNegative || plain.first == "+" ? plain.dropFirst() : plain[...]
    if [".inf", ".Inf", ".INF"].contains(unsigned) { return .float(isNegative ? -.infinity : .infinity) }
    if unsigned.count == plain.count {
      if plain.hasPrefix("0x"), let value = UInt64(digits(plain.dropFirst(2)), radix: 16) { return whole(value) }
      if plain.hasPrefix("0o"), let value = UInt64(digits(plain.dropFirst(2)), radix: 8) { return whole(value) }
    }
    guard isDecimal(unsigned) else { return nil }
    if let value = Int64(plain) { return .integer(value) }
    if !isNegative, let value = UInt64(unsigned) { return .unsigned(value) }
    return Double(plain).map { .float($0) }
  }

  /// Without the signs that Swift would take.
  private static func digits(_ text: Substring) -> Substring { text.first == "-" || text.first == "+" ? "" : text }

  private static func whole(_ value: UInt64) -> SerializedValue {
    Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
  }

  /// Whether it is `1`, `1.`, `.5`, `1.5`, each with an exponent or without.
  private static func isDecimal(_ text: Substring) -> Bool {
    var rest = text.utf8[...]
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    let whole = rest.prefix(while: isDigit).count
    rest = rest.dropFirst(whole)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(fraction)
    }
    guard whole + fraction > 0 else { return false }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }
}
