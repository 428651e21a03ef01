/// A cursor over the bytes of one document, with what the document may still cost.
///
/// Every format's reader is built on it; it is the only place that reads input memory, and never reads outside of it.
/// The bytes are borrowed: whoever makes a reader keeps them alive and unchanged while it reads.
@safe @frozen
public struct ByteReader: ~Copyable {
  @usableFromInline let start: UnsafeRawPointer
  @usableFromInline let count: Int
  @usableFromInline var position = 0
  @usableFromInline var budget: DecodingBudget

  /// Starts at the first of `bytes`.
  @inlinable
  public init(_ bytes: BorrowedBytes, limits: DecodingLimits) {
    unsafe start = bytes.start
    count = bytes.count
    budget = DecodingBudget(limits)
  }

  /// How many bytes have been read.
  @inlinable @inline(__always)
  public var offset: Int { position }

  /// How many bytes are left.
  @inlinable @inline(__always)
  public var remaining: Int { count &- offset }

  /// An error at the present place.
  @inlinable @inline(__always)
  public func error(_ reason: SerializationError.Reason) -> SerializationError {
    SerializationError.make(reason, at: offset)
  }

  /// All bytes that are left, in place.
  @inlinable @inline(__always)
  public var rest: BorrowedBytes { unsafe BorrowedBytes(start: start + position, count: remaining) }

  /// The next byte, which stays next.
  @inlinable @inline(__always)
  public func peek() throws(SerializationError) -> UInt8 {
    guard offset < count else { throw error(.truncated) }
    return unsafe start.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// The byte `distance` after the next one, or nil after the end.
  @inlinable @inline(__always)
  public func byte(ahead distance: Int) -> UInt8? {
    guard distance >= 0 && distance < remaining else { return nil }
    return unsafe start.load(fromByteOffset: offset &+ distance, as: UInt8.self)
  }

  /// The 8 bytes that begin `distance` after the next one, lowest first, or nil when they reach past the end.
  @inlinable @inline(__always)
  public func word(ahead distance: Int) -> UInt64? {
    guard distance >= 0 && distance <= remaining &- 8 else { return nil }
    return unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: offset &+ distance, as: UInt64.self))
  }

  /// Takes one byte and the bytes after it, if they are `head` and `name`: a key that was expected, in one comparison.
  @inlinable @inline(__always)
  mutating func take(_ head: UInt8, _ name: BorrowedBytes) -> Bool {
    guard name.count < remaining else { return false }
    guard unsafe start.load(fromByteOffset: position, as: UInt8.self) == head else { return false }
    guard unsafe BorrowedBytes(start: start + position + 1, count: name.count).equals(name) else { return false }
    position &+= 1 &+ name.count
    return true
  }

  /// Takes the next byte.
  @inlinable @inline(__always)
  public mutating func takeByte() throws(SerializationError) -> UInt8 {
    let byte = try peek()
    position &+= 1
    return byte
  }

  /// Takes an integer whose highest byte comes first.
  @inlinable @inline(__always)
  public mutating func takeBigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) throws(SerializationError) -> Value {
    guard MemoryLayout<Value>.size <= remaining else { throw error(.truncated) }
    let value = unsafe Value(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: Value.self))
    position &+= MemoryLayout<Value>.size
    return value
  }

  /// Takes an integer whose lowest byte comes first.
  @inlinable @inline(__always)
  public mutating func takeLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) throws(SerializationError) -> Value {
    Value(littleEndian: try takeBigEndian(type).bigEndian)
  }

  /// Takes `length` bytes, in place.
  @inlinable @inline(__always)
  public mutating func take(_ length: Int) throws(SerializationError) -> BorrowedBytes {
    guard length >= 0 && length <= remaining else { throw error(.truncated) }
    let taken = unsafe BorrowedBytes(start: start + offset, count: length)
    position &+= length
    return taken
  }

  /// Passes over `distance` bytes that are known to be there.
  @inlinable @inline(__always)
  public mutating func advance(_ distance: Int) {
    assert(distance >= 0 && distance <= remaining, "advancing past the end")
    position &+= distance
  }

  /// The bytes from `first` up to the present place.
  @inlinable @inline(__always)
  public func bytes(from first: Int) -> BorrowedBytes {
    precondition(first >= 0 && first <= offset, "bytes that were not read yet")
    return unsafe BorrowedBytes(start: start + first, count: offset &- first)
  }

  /// Takes `length` bytes of UTF-8 as a string. Allocates what the string needs: nothing up to 15 bytes.
  @usableFromInline
  mutating func takeString(_ length: Int) throws(SerializationError) -> String {
    let text = try take(length)
    try charge(length)
    guard let string = text.validatedString() else { throw SerializationError(.invalidText, at: offset &- length) }
    return string
  }

  /// Takes `length` bytes of UTF-8, in place.
  @usableFromInline
  mutating func takeText(_ length: Int) throws(SerializationError) -> BorrowedBytes {
    let text = try take(length)
    guard text.isValidUTF8 else { throw SerializationError(.invalidText, at: offset &- length) }
    return text
  }

  /// Counts memory that the decoded value is about to take.
  @inlinable @inline(__always)
  public mutating func charge(_ byteCount: Int) throws(SerializationError) {
    guard budget.charge(byteCount) else { throw error(.allocationLimit(budget.limits.allocation)) }
  }

  /// Checks a length that the document claims against the limit.
  @inlinable @inline(__always)
  public func admit(length: UInt64) throws(SerializationError) -> Int {
    guard length <= UInt64(budget.limits.length) else { throw error(.lengthLimit(budget.limits.length)) }
    return Int(length)
  }

  /// Goes into an array, map or record.
  @inlinable @inline(__always)
  public mutating func enter() throws(SerializationError) {
    guard budget.enter() else { throw error(.depthLimit(budget.limits.depth)) }
  }

  /// Comes out of the array, map or record that was entered last.
  @inlinable @inline(__always)
  public mutating func leave() { budget.leave() }
}
