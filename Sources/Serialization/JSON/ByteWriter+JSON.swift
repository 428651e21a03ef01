extension ByteWriter {
  /// Appends text as a string of JSON. Only what must be escaped is: quotation mark, backslash and control characters.
  @usableFromInline
  mutating func append(jsonString text: BorrowedBytes) {
    guard reserve(text.count &+ 2) else { return }
    append(0x22)
    var rest = text
    while true {
      let plainCount = rest.plainCount
      append(rest.prefix(plainCount))
      guard plainCount < rest.count else { break }
      append(escaped: rest[plainCount])
      rest = rest.suffix(from: plainCount + 1)
    }
    append(0x22)
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case 0x22: append("\\\"")
    case 0x5C: append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0C: append("\\f")
    case 0x0D: append("\\r")
    default:
      append("\\u00")
      append(byte < 0x10 ? 0x30 : 0x31)
      append(("0123456789abcdef" as StaticString).byte(at: Int(byte & 0x0F)))
    }
  }

  /// Appends a number below 2^53 that has at most six decimals, which most numbers that people write have.
  ///
  /// The number is n / 10^k for a whole n below 2^53 exactly if that quotient, which the processor rounds correctly, is the number:
  /// then whoever reads the decimal fraction gets the same quotient. Takes 10 ns, where the general algorithm takes 60.
  /// - Returns: false when nothing was appended, because the number has more decimals.
  mutating func append(fewDecimals value: Double) -> Bool {
    let magnitude = value.magnitude
    guard magnitude < 0x1p53 else { return false }
    var (scale, digitCount) = (1.0, 0)
    while digitCount <= 6 {
      let scaled = magnitude * scale
      guard scaled < 0x1p53 else { return false }
      let whole = UInt64(scaled + 0.5)
      if Double(whole) / scale == magnitude {
        if value.sign == .minus { append(0x2D) }
        append(fraction: whole, digitCount: digitCount)
        return true
      }
      scale *= 1000
      digitCount += 3
    }
    return false
  }

  /// Appends `value` / 10^`digitCount` without needless zeros at the end.
  private mutating func append(fraction value: UInt64, digitCount: Int) {
    var scale: UInt64 = 1
    for _ in 0..<digitCount { scale *= 10 }
    append(decimal: value / scale)
    append(0x2E)
    var (decimals, count) = (value % scale, digitCount)
    while count > 1 && decimals % 10 == 0 {
      decimals /= 10
      count -= 1
    }
    append(decimal: decimals, digitCount: max(count, 1))
  }

  /// Appends the shortest decimal that is nearest to no other number of the same precision.
  mutating func append(shortest value: some TextOutputStreamable) {
    var text = NumberText()
    value.write(to: &text)
    for index in 0..<text.count { append(text.bytes[index]) }
  }
}

/// Takes the text of one floating-point number, which is shorter than 32 characters, without allocating.
private struct NumberText: TextOutputStream {
  var bytes: [32 of UInt8] = .init(repeating: 0)
  var count = 0

  mutating func write(_ string: String) {
    for byte in string.utf8 { append(byte) }
  }

  /// What the standard library calls in place of `write` for text it has as bytes. Without it, all works, but a string is allocated.
  mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    for index in 0..<buffer.count { unsafe append(buffer[index]) }
  }

  private mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }
}
