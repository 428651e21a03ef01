extension ByteWriter {
  /// Appends bytes as base64 (RFC 4648, section 4), with padding.
  @usableFromInline
  mutating func append(base64 bytes: BorrowedBytes) {
    guard reserve((bytes.count + 2) / 3 * 4) else { return }
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    var offset = 0
    while offset < bytes.count {
      let left = bytes.count - offset
      let second = left > 1 ? UInt32(bytes[offset + 1]) : 0
      let third = left > 2 ? UInt32(bytes[offset + 2]) : 0
      let group = UInt32(bytes[offset]) << 16 | second << 8 | third
      append(alphabet.byte(at: Int(group >> 18)))
      append(alphabet.byte(at: Int(group >> 12 & 0x3F)))
      append(left > 1 ? alphabet.byte(at: Int(group >> 6 & 0x3F)) : 0x3D)
      append(left > 2 ? alphabet.byte(at: Int(group & 0x3F)) : 0x3D)
      offset += 3
    }
  }

  /// Appends the bytes that base64 stands for.
  /// - Returns: false when the text is not exactly what `append(base64:)` writes.
  mutating func append(decodingBase64 text: BorrowedBytes) -> Bool {
    guard text.count % 4 == 0 else { return false }
    guard text.count > 0 else { return true }
    let paddingCount = text[text.count - 1] != 0x3D ? 0 : text[text.count - 2] != 0x3D ? 1 : 2
    let digitCount = text.count - paddingCount
    var (group, bitCount) = (0 as UInt32, 0)
    for offset in 0..<digitCount {
      guard let digit = Self.base64Digit(text[offset]) else { return false }
      group = group << 6 | UInt32(digit)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        append(UInt8(truncatingIfNeeded: group >> UInt32(bitCount)))
      }
    }
    // What is left over of the last digit is 0, so that no two texts stand for the same bytes.
    return group & (1 << UInt32(bitCount) - 1) == 0
  }

  private static func base64Digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
