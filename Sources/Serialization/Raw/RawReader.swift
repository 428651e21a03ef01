/// Reads what `RawWriter` wrote, asked for the same kinds of values in the same order. It says itself what it is only where a
/// `SerializedValue` was written, so nothing else can be passed over or be read without its type.
@frozen
public struct RawReader: DocumentReader, ~Copyable {
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

  @inlinable @inline(__always)
  mutating func length() throws(SerializationError) -> Int {
    try input.admit(length: UInt64(try input.takeLittleEndian(UInt32.self)))
  }

  /// Nothing to read.
  @inlinable
  public mutating func null() throws(SerializationError) {}

  /// Reads a truth value.
  @inlinable
  public mutating func bool() throws(SerializationError) -> Bool {
    let byte = try input.peek()
    guard byte <= 1 else { throw error(.malformed) }
    input.advance(1)
    return byte == 1
  }

  /// Reads a whole number.
  @inlinable
  public mutating func integer() throws(SerializationError) -> Int64 { try input.takeLittleEndian(Int64.self) }

  /// Reads a whole number.
  @inlinable
  public mutating func unsigned() throws(SerializationError) -> UInt64 { try input.takeLittleEndian(UInt64.self) }

  /// Reads a number.
  @inlinable
  public mutating func float() throws(SerializationError) -> Double {
    Double(bitPattern: try input.takeLittleEndian(UInt64.self))
  }

  /// Reads a number of single precision.
  @inlinable
  public mutating func single() throws(SerializationError) -> Float {
    Float(bitPattern: try input.takeLittleEndian(UInt32.self))
  }

  /// Reads text.
  @inlinable
  public mutating func string() throws(SerializationError) -> String { try input.takeString(try length()) }

  /// Reads text in place.
  @inlinable
  public mutating func text() throws(SerializationError) -> BorrowedBytes { try input.takeText(try length()) }

  /// Reads bytes in place.
  @inlinable
  public mutating func bytes() throws(SerializationError) -> BorrowedBytes { try input.take(try length()) }

  /// Goes into an array. Its elements may take no bytes at all, so only the limits bound how many there are.
  @inlinable
  public mutating func beginArray() throws(SerializationError) -> ContainerCursor {
    let count = try length()
    try input.enter()
    return ContainerCursor(count: count)
  }

  /// Goes on to the next element.
  @inlinable @inline(__always)
  public mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    guard cursor.remaining > 0 else {
      input.leave()
      return false
    }
    cursor.remaining &-= 1
    return true
  }

  /// Goes into a map.
  @inlinable
  public mutating func beginMap() throws(SerializationError) -> ContainerCursor { try beginArray() }

  /// Goes on to the key of the next entry.
  @inlinable
  public mutating func nextEntry(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    try nextElement(&cursor)
  }

  /// Reads a key.
  @inlinable
  public mutating func key() throws(SerializationError) -> String { try string() }

  /// Reads a key in place.
  @inlinable
  public mutating func keyText() throws(SerializationError) -> BorrowedBytes { try text() }

  /// Goes into a record.
  @inlinable @inline(__always)
  public mutating func beginRecord(_ names: FieldNames) throws(SerializationError) -> ContainerCursor {
    try input.enter()
    return ContainerCursor(count: names.count)
  }

  /// Goes on to the next field: they come in the order of their names.
  @inlinable @inline(__always)
  public mutating func nextField(
    _ cursor: inout ContainerCursor, of names: FieldNames
  ) throws(SerializationError) -> Int? {
    guard try nextElement(&cursor) else { return nil }
    cursor.nextField &+= 1
    return cursor.nextField &- 1
  }

  /// Reads whether an optional value follows.
  @inlinable
  public mutating func isPresent() throws(SerializationError) -> Bool { try bool() }

  /// Reads the kind of the value that follows.
  @inlinable
  public mutating func dynamicKind() throws(SerializationError) -> ValueKind {
    guard let kind = ValueKind(rawValue: try input.peek()) else { throw error(.malformed) }
    input.advance(1)
    return kind
  }

  /// Throws: the bytes do not say where a value ends.
  public mutating func skipValue() throws(SerializationError) { throw error(.unsupported) }

  /// Reads a number below `Int64.min`.
  public mutating func negative() throws(SerializationError) -> UInt64 { try unsigned() }

  /// Reads a tag and goes into its value.
  public mutating func tag() throws(SerializationError) -> UInt64 {
    let number = try unsigned()
    try input.enter()
    return number
  }

  /// Comes out of the value of the last tag.
  public mutating func endTagged() { input.leave() }

  /// Reads bytes and what they mean, in place.
  public mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes) {
    (try input.takeLittleEndian(Int8.self), try bytes())
  }

  /// Reads a value without a content.
  public mutating func simple() throws(SerializationError) -> UInt8 { try input.takeByte() }
}
