extension CBORReader {
  /// The first byte of the next value after any tags, which are read.
  @inlinable @inline(__always)
  mutating func peekUntagged() throws(SerializationError) -> UInt8 {
    let head = try input.peek()
    guard head & 0xE0 == CBORMajorType.tag.rawValue else { return head }
    return try skipTags()
  }

  @usableFromInline
  mutating func skipTags() throws(SerializationError) -> UInt8 {
    while try input.peek() & 0xE0 == CBORMajorType.tag.rawValue { _ = try argument(of: .tag) }
    return try input.peek()
  }

  /// Reads the head of a value of a major type and gives its argument.
  @usableFromInline
  mutating func argument(of major: CBORMajorType) throws(SerializationError) -> UInt64 {
    let start = offset
    let head = try input.takeByte()
    guard head & 0xE0 == major.rawValue else {
      throw SerializationError(Self.isReserved(head) ? .malformed : .typeMismatch, at: start)
    }
    switch head & 0x1F {
    case 24: return UInt64(try input.takeByte())
    case 25: return UInt64(try input.takeBigEndian(UInt16.self))
    case 26: return UInt64(try input.takeBigEndian(UInt32.self))
    case 27: return try input.takeBigEndian(UInt64.self)
    case 28...31: throw SerializationError(.malformed, at: start)
    case let argument: return UInt64(argument)
    }
  }

  /// Whether no value begins with this byte: 28…30 are reserved in every major type, and 31 in some.
  static func isReserved(_ head: UInt8) -> Bool {
    let information = head & 0x1F
    guard information >= 28 else { return false }
    let major = head & 0xE0
    return information < 31 || major < CBORMajorType.bytes.rawValue || major >= CBORMajorType.tag.rawValue
  }

  /// Reads the head of a string, array or map of a major type.
  /// - Returns: its length, -1 when that is indefinite.
  @inlinable @inline(__always)
  mutating func length(of major: CBORMajorType) throws(SerializationError) -> Int {
    let head = try input.peek()
    guard head & 0xE0 == major.rawValue && head & 0x1F < 24 else { return try longLength(of: major) }
    input.advance(1)
    return Int(head & 0x1F)
  }

  @usableFromInline
  mutating func longLength(of major: CBORMajorType) throws(SerializationError) -> Int {
    guard try peekUntagged() != major.rawValue | 31 else {
      input.advance(1)
      return -1
    }
    return try input.admit(length: try argument(of: major))
  }

  /// Whether the next byte is the break that ends what has an indefinite length; then it is read.
  @inlinable
  mutating func takeBreak() throws(SerializationError) -> Bool {
    guard try input.peek() == 0xFF else { return false }
    input.advance(1)
    return true
  }
}
