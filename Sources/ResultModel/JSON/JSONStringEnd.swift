/// Finds the end of a string of JSON, byte by byte after its opening quote.
struct JSONStringEnd {
  private var isEscaped = false

  /// Whether this byte is the closing quote.
  mutating func isReached(at byte: UInt8) -> Bool {
    if isEscaped {
      isEscaped = false
      return false
    }
    isEscaped = byte == UInt8(ascii: "\\")
    return byte == UInt8(ascii: "\"")
  }
}
