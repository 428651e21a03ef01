/// Reads CBOR (RFC 8949): every well-formed encoding, also those longer than need be and of indefinite length.
///
/// A read of a certain kind passes over any tags before the value, since most of them only say more about it; only `tag` and
/// `dynamicKind` see them.
@frozen
public struct CBORReader: DocumentReader, ~Copyable {
  @usableFromInline var input: ByteReader
  /// Where the chunks of a string of indefinite length are joined; takes no memory before the first of them.
  @usableFromInline var joined: ByteWriter

  /// Begins to read `bytes`.
  @inlinable
  public init(_ bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()) {
    input = ByteReader(bytes, limits: limits)
    joined = ByteWriter(limit: limits.length)
  }

  /// How many bytes have been read.
  @inlinable
  public var offset: Int { input.offset }

  /// Counts memory against the limit.
  @inlinable @inline(__always)
  public mutating func charge(_ byteCount: Int) throws(SerializationError) { try input.charge(byteCount) }

  /// Throws unless the whole document has been read.
  @inlinable
  public mutating func finish() throws(SerializationError) {
    guard input.remaining == 0 else { throw error(.trailingBytes) }
  }

  /// Reads null.
  @inlinable
  public mutating func null() throws(SerializationError) {
    guard try peekUntagged() == 0xF6 else { throw error(.typeMismatch) }
    input.advance(1)
  }

  /// Reads a truth value.
  @inlinable
  public mutating func bool() throws(SerializationError) -> Bool {
    let head = try peekUntagged()
    guard head & 0xFE == 0xF4 else { throw error(.typeMismatch) }
    input.advance(1)
    return head == 0xF5
  }

  /// Reads a whole number.
  @inlinable @inline(__always)
  public mutating func integer() throws(SerializationError) -> Int64 {
    let head = try input.peek()
    guard head < 24 else { return try longInteger() }
    input.advance(1)
    return Int64(head)
  }

  /// Reads a whole number that is not negative.
  @inlinable @inline(__always)
  public mutating func unsigned() throws(SerializationError) -> UInt64 {
    let head = try input.peek()
    guard head < 24 else { return try longUnsigned() }
    input.advance(1)
    return UInt64(head)
  }

  @usableFromInline
  mutating func longInteger() throws(SerializationError) -> Int64 {
    let isNegative = try peekUntagged() & 0xE0 == CBORMajorType.negative.rawValue
    let start = offset
    let argument = try argument(of: isNegative ? .negative : .unsigned)
    guard let magnitude = Int64(exactly: argument) else { throw SerializationError(.outOfRange, at: start) }
    return isNegative ? ~magnitude : magnitude
  }

  @usableFromInline
  mutating func longUnsigned() throws(SerializationError) -> UInt64 {
    if try peekUntagged() & 0xE0 == CBORMajorType.negative.rawValue { throw error(.outOfRange) }
    return try argument(of: .unsigned)
  }

  /// Reads a number below `Int64.min`.
  public mutating func negative() throws(SerializationError) -> UInt64 {
    _ = try peekUntagged()
    return try argument(of: .negative)
  }

  /// Reads a number, also a whole one that `Double` holds exactly.
  @inlinable
  public mutating func float() throws(SerializationError) -> Double {
    switch try peekUntagged() {
    case 0xFB:
      input.advance(1)
      return Double(bitPattern: try input.takeBigEndian(UInt64.self))
    case 0xF9, 0xFA: return Double(try single())
    default: return try wholeFloat()
    }
  }

  @usableFromInline
  mutating func wholeFloat() throws(SerializationError) -> Double {
    let start = offset
    if try input.peek() < CBORMajorType.negative.rawValue {
      guard let value = Double(exactly: try unsigned()) else { throw SerializationError(.outOfRange, at: start) }
      return value
    }
    guard let value = Double(exactly: try integer()) else { throw SerializationError(.outOfRange, at: start) }
    return value
  }

  /// Reads a number, rounded to single precision.
  @inlinable
  public mutating func single() throws(SerializationError) -> Float {
    switch try peekUntagged() {
    case 0xFA:
      input.advance(1)
      return Float(bitPattern: try input.takeBigEndian(UInt32.self))
    case 0xF9:
      input.advance(1)
      return HalfPrecision.value(bitPattern: try input.takeBigEndian(UInt16.self))
    default: return Float(try float())
    }
  }

  /// Whether the next value is neither null nor undefined; those are read.
  @inlinable
  public mutating func isPresent() throws(SerializationError) -> Bool {
    guard try input.peek() & 0xFE == 0xF6 else { return true }
    input.advance(1)
    return false
  }

  /// Throws: CBOR has no extension types.
  public mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes) {
    throw error(.typeMismatch)
  }
}
