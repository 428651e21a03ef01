/// RFC 4648 base64 with padding, without Foundation.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  /// The value of each character; 255 for those that have none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for place in 0..<3 { bits = bits << 8 | (place < group.count ? UInt32(group[start + place]) : 0) }
      for place in 0..<4 {
        let value = Int(bits >> UInt32(18 - 6 * place)) & 63
        text.append(place <= group.count ? alphabet[value] : padding)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: String) throws(HistogramDecodingError) -> [UInt8] {
    let characters = text.utf8Span.span
    guard characters.count % 4 == 0 else { throw .invalidBase64 }
    var end = characters.count
    while end > characters.count - 2, end > 0, characters[end - 1] == padding { end -= 1 }
    let values = values
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 4 * 3)
    for start in stride(from: 0, to: end, by: 4) {
      // The last group may have two or three characters, for one or two bytes.
      let count = min(4, end - start)
      var bits: UInt32 = 0
      for place in 0..<4 {
        let value = place < count ? values[Int(characters[start + place])] : 0
        guard value < 64 else { throw .invalidBase64 }
        bits = bits << 6 | UInt32(value)
      }
      bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
      if count > 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 8)) }
      if count > 3 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
    }
    return bytes
  }
}
