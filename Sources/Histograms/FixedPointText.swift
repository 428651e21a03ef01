import Glibc

/// Numbers as C's printf writes them: exactly rounded, with a point whatever the user's language.
enum FixedPointText {
  /// `%<width>.<digits>f`.
  static func text(_ number: Double, width: Int = 0, digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 400)  // The longest double has 309 digits before the point.
    let length = unsafe withVaList([Int32(width), Int32(digits), number]) { arguments in
      unsafe vsnprintf(&buffer, buffer.count, "%*.*f", arguments)
    }
    return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// `%<width>d`.
  static func text(_ number: Int, width: Int) -> String {
    rightAligned(String(number), width: width)
  }

  /// `%<width>s`.
  static func rightAligned(_ text: String, width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
