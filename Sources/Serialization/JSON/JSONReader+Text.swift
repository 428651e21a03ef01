extension JSONReader {
  /// Reads text.
  @inlinable
  public mutating func string() throws(SerializationError) -> String {
    let length = try plainLength()
    guard length >= 0 else { return try unescapedString() }
    let string = try input.takeString(length)
    input.advance(1)
    return string
  }

  /// Reads text, in place unless it has escapes.
  @inlinable
  public mutating func text() throws(SerializationError) -> BorrowedBytes {
    let length = try plainLength()
    guard length >= 0 else { return try unescapedText() }
    let text = try input.takeText(length)
    input.advance(1)
    return text
  }

  /// Reads bytes from text in base64.
  public mutating func bytes() throws(SerializationError) -> BorrowedBytes {
    let start = offset
    let length = try plainLength()
    if length >= 0 {
      let text = try input.take(length)
      input.advance(1)
      return try decode(base64: text, at: start)
    }
    // Escapes in base64 are rare (only that of a slash makes sense): a copy makes room for the result.
    try unescape()
    return try decoded.copied().withBorrowedBytes { (text) throws(SerializationError) in
      try decode(base64: text, at: start)
    }
  }

  private mutating func decode(base64 text: BorrowedBytes, at start: Int) throws(SerializationError) -> BorrowedBytes {
    decoded.removeAll()
    guard decoded.append(decodingBase64: text) else { throw SerializationError(.malformed, at: start) }
    guard !decoded.hasOverflowed else { throw error(.lengthLimit(decoded.limit)) }
    return decoded.bytes
  }

  /// Goes into a string.
  /// - Returns: how many bytes it has before its closing quotation mark, or -1 when there are escapes among them.
  @inlinable @inline(__always)
  mutating func plainLength() throws(SerializationError) -> Int {
    guard try peekToken() == 0x22 else { throw mismatch() }
    input.advance(1)
    let length = input.rest.plainCount
    guard input.byte(ahead: length) == 0x22 else { return try lengthOfEscaped(length) }
    return try input.admit(length: UInt64(length))
  }

  /// What `plainLength` returns when something else than a quotation mark follows the first `length` bytes.
  @usableFromInline
  func lengthOfEscaped(_ length: Int) throws(SerializationError) -> Int {
    switch input.byte(ahead: length) {
    case 0x5C: return -1
    case nil: throw SerializationError(.truncated, at: offset + length)
    default: throw SerializationError(.malformed, at: offset + length)  // A control character.
    }
  }

  @usableFromInline
  mutating func unescapedString() throws(SerializationError) -> String {
    try unescape()
    try charge(decoded.count)
    guard let string = decoded.bytes.validatedString() else { throw error(.invalidText) }
    return string
  }

  @usableFromInline
  mutating func unescapedText() throws(SerializationError) -> BorrowedBytes {
    try unescape()
    guard decoded.bytes.isValidUTF8 else { throw error(.invalidText) }
    return decoded.bytes
  }

  /// Reads the rest of a string, without its escapes, into `decoded`.
  mutating func unescape() throws(SerializationError) {
    decoded.removeAll()
    while true {
      decoded.append(try input.take(input.rest.plainCount))
      let byte = try input.takeByte()
      if byte == 0x22 { break }
      guard byte == 0x5C else { throw SerializationError(.malformed, at: offset - 1) }
      try unescapeOne()
    }
    guard !decoded.hasOverflowed else { throw error(.lengthLimit(decoded.limit)) }
  }

  private mutating func unescapeOne() throws(SerializationError) {
    switch try input.takeByte() {
    case let plain where plain == 0x22 || plain == 0x5C || plain == 0x2F: decoded.append(plain)
    case 0x62: decoded.append(0x08)
    case 0x66: decoded.append(0x0C)
    case 0x6E: decoded.append(0x0A)
    case 0x72: decoded.append(0x0D)
    case 0x74: decoded.append(0x09)
    case 0x75:
      for byte in Unicode.UTF8.encode(try escapedScalar())! { decoded.append(byte) }
    default: throw SerializationError(.malformed, at: offset - 1)
    }
  }

  /// Reads the four digits after `\u`, and the escape of a low surrogate after those of a high one.
  private mutating func escapedScalar() throws(SerializationError) -> Unicode.Scalar {
    let start = offset
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, input.byte(ahead: 0) == 0x5C, input.byte(ahead: 1) == 0x75 else {
      throw SerializationError(.invalidText, at: start)
    }
    input.advance(2)
    let low = try codeUnit()
    guard low & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) else {
      throw SerializationError(.invalidText, at: start)
    }
    return scalar
  }

  private mutating func codeUnit() throws(SerializationError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try input.takeByte())).hexDigitValue else {
        throw SerializationError(.malformed, at: offset - 1)
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
