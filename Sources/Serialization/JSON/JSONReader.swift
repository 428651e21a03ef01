/// Reads JSON (RFC 8259), strictly: no comments, no trailing commas, no byte order mark, no lone surrogates, nothing but white
/// space after the value. Bytes are read from text in base64.
///
/// A number is `integer` or `unsigned` when it has neither point nor exponent and fits, else `float`; a number too large for
/// `Double` is refused.
@frozen
public struct JSONReader: DocumentReader, ~Copyable {
  @usableFromInline var input: ByteReader
  /// Where strings lose their escapes and bytes their base64; takes no memory before the first of them.
  @usableFromInline var decoded: ByteWriter

  /// Begins to read `bytes`.
  @inlinable
  public init(_ bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()) {
    input = ByteReader(bytes, limits: limits)
    decoded = ByteWriter(limit: limits.length)
  }

  /// How many bytes have been read.
  @inlinable
  public var offset: Int { input.offset }

  /// Counts memory against the limit.
  @inlinable @inline(__always)
  public mutating func charge(_ byteCount: Int) throws(SerializationError) { try input.charge(byteCount) }

  /// Throws unless the whole document has been read, but for white space.
  public mutating func finish() throws(SerializationError) {
    guard input.remaining > 0 else { return }
    skipWhiteSpace()
    guard input.remaining == 0 else { throw error(.trailingBytes) }
  }

  /// The first byte of the next token.
  @inlinable @inline(__always)
  mutating func peekToken() throws(SerializationError) -> UInt8 {
    let byte = try input.peek()
    if byte > 0x20 { return byte }
    skipWhiteSpace()
    return try input.peek()
  }

  @usableFromInline
  mutating func skipWhiteSpace() {
    while let byte = input.byte(ahead: 0), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      input.advance(1)
    }
  }

  /// Reads null.
  @inlinable
  public mutating func null() throws(SerializationError) { try literal("null") }

  /// Reads a truth value.
  @inlinable
  public mutating func bool() throws(SerializationError) -> Bool {
    if try peekToken() == 0x74 {
      try literal("true")
      return true
    }
    try literal("false")
    return false
  }

  @usableFromInline
  mutating func literal(_ word: StaticString) throws(SerializationError) {
    guard try peekToken() == word.byte(at: 0) else { throw mismatch() }
    let start = offset
    guard try input.take(word.utf8CodeUnitCount).equals(word) else { throw SerializationError(.malformed, at: start) }
  }

  /// The error at a token that is not the one asked for: not JSON at all, or another kind.
  @usableFromInline
  func mismatch() -> SerializationError {
    guard let byte = input.byte(ahead: 0) else { return error(.truncated) }
    return switch byte {
    case 0x22, 0x2D, 0x30...0x39, 0x5B, 0x66, 0x6E, 0x74, 0x7B: error(.typeMismatch)
    default: error(.malformed)
    }
  }

  /// Whether the next value is not null; null is read.
  @inlinable
  public mutating func isPresent() throws(SerializationError) -> Bool {
    guard try peekToken() == 0x6E else { return true }
    try null()
    return false
  }

  /// Throws: no number of JSON is read as such.
  public mutating func negative() throws(SerializationError) -> UInt64 { throw mismatch() }

  /// Throws: JSON has no tags.
  public mutating func tag() throws(SerializationError) -> UInt64 { throw mismatch() }

  /// Nothing: JSON has no tags.
  public mutating func endTagged() {}

  /// Throws: JSON has no extension types.
  public mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes) {
    throw mismatch()
  }

  /// Throws: JSON has no such values.
  public mutating func simple() throws(SerializationError) -> UInt8 { throw mismatch() }
}
