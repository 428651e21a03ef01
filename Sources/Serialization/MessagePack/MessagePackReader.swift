/// Reads MessagePack; every encoding of a value is accepted, not only the shortest.
@frozen
public struct MessagePackReader: DocumentReader, ~Copyable {
  @usableFromInline var input: ByteReader

  /// Begins to read `bytes`.
  @inlinable
  public init(_ bytes: BorrowedBytes, limits: DecodingLimits = DecodingLimits()) {
    input = ByteReader(bytes, limits: limits)
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

  /// Reads nil.
  @inlinable
  public mutating func null() throws(SerializationError) {
    guard try input.peek() == 0xC0 else { throw error(.typeMismatch) }
    input.advance(1)
  }

  /// Reads a truth value.
  @inlinable
  public mutating func bool() throws(SerializationError) -> Bool {
    let head = try input.peek()
    guard head & 0xFE == 0xC2 else { throw error(.typeMismatch) }
    input.advance(1)
    return head == 0xC3
  }

  /// Reads a whole number.
  @inlinable @inline(__always)
  public mutating func integer() throws(SerializationError) -> Int64 {
    let head = Int8(bitPattern: try input.peek())
    guard head >= -32 else { return try longInteger() }
    input.advance(1)
    return Int64(head)
  }

  /// Reads a whole number that is not negative.
  @inlinable @inline(__always)
  public mutating func unsigned() throws(SerializationError) -> UInt64 {
    let head = try input.peek()
    guard head < 0x80 else { return try longUnsigned() }
    input.advance(1)
    return UInt64(head)
  }

  @usableFromInline
  mutating func longInteger() throws(SerializationError) -> Int64 {
    let start = offset
    switch try input.takeByte() {
    case 0xCC: return Int64(try input.takeByte())
    case 0xCD: return Int64(try input.takeBigEndian(UInt16.self))
    case 0xCE: return Int64(try input.takeBigEndian(UInt32.self))
    case 0xCF:
      let value = try input.takeBigEndian(UInt64.self)
      guard let value = Int64(exactly: value) else { throw SerializationError(.outOfRange, at: start) }
      return value
    case 0xD0: return Int64(try input.takeBigEndian(Int8.self))
    case 0xD1: return Int64(try input.takeBigEndian(Int16.self))
    case 0xD2: return Int64(try input.takeBigEndian(Int32.self))
    case 0xD3: return try input.takeBigEndian(Int64.self)
    default: throw SerializationError(.typeMismatch, at: start)
    }
  }

  @usableFromInline
  mutating func longUnsigned() throws(SerializationError) -> UInt64 {
    let start = offset
    if try input.peek() == 0xCF {
      input.advance(1)
      return try input.takeBigEndian(UInt64.self)
    }
    guard let value = UInt64(exactly: try integer()) else { throw SerializationError(.outOfRange, at: start) }
    return value
  }

  /// Reads a number, also a whole one that `Double` holds exactly.
  @inlinable
  public mutating func float() throws(SerializationError) -> Double {
    switch try input.peek() {
    case 0xCB:
      input.advance(1)
      return Double(bitPattern: try input.takeBigEndian(UInt64.self))
    case 0xCA:
      input.advance(1)
      return Double(Float(bitPattern: try input.takeBigEndian(UInt32.self)))
    default: return try wholeFloat()
    }
  }

  @usableFromInline
  mutating func wholeFloat() throws(SerializationError) -> Double {
    let start = offset
    let isUnsigned = try input.peek() == 0xCF
    guard let value = isUnsigned ? Double(exactly: try unsigned()) : Double(exactly: try integer()) else {
      throw SerializationError(.outOfRange, at: start)
    }
    return value
  }

  /// Reads a number, rounded to single precision.
  @inlinable
  public mutating func single() throws(SerializationError) -> Float {
    guard try input.peek() == 0xCA else { return Float(try float()) }
    input.advance(1)
    return Float(bitPattern: try input.takeBigEndian(UInt32.self))
  }

  /// Whether the next value is not nil; nil is read.
  @inlinable
  public mutating func isPresent() throws(SerializationError) -> Bool {
    guard try input.peek() == 0xC0 else { return true }
    input.advance(1)
    return false
  }

  /// Throws: MessagePack has no such number.
  public mutating func negative() throws(SerializationError) -> UInt64 { throw error(.typeMismatch) }

  /// Throws: MessagePack has no tags.
  public mutating func tag() throws(SerializationError) -> UInt64 { throw error(.typeMismatch) }

  /// Nothing: MessagePack has no tags.
  public mutating func endTagged() {}

  /// Throws: MessagePack has no such values.
  public mutating func simple() throws(SerializationError) -> UInt8 { throw error(.typeMismatch) }
}
