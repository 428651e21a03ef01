/// Memory that is written from front to back, grows as needed up to a limit, and is used again and again.
///
/// Roles: owned by one thread at a time; moved, never copied.
/// Cost: an append is one comparison and one store; it allocates only when the bytes outgrow everything written before.
///
/// Going over the limit is remembered, not thrown: what does not fit is left out and `hasOverflowed` stays true until
/// `removeAll` or `truncate`, so that writers need no check for each byte. `Serializer` turns it into an error.
@safe @frozen
public struct ByteWriter: ~Copyable, @unchecked Sendable {
  // Unchecked, because: the memory has one owner, and moving the owner moves the memory.
  @usableFromInline var memory: UnsafeMutableRawPointer
  @usableFromInline var end = 0
  @usableFromInline var room: Int
  @usableFromInline var overflowed = false
  /// How many bytes there may be.
  public let limit: Int

  /// The default of `limit`: 64 MiB.
  @inlinable public static var defaultLimit: Int { 64 << 20 }

  /// Creates a writer with room for `capacity` bytes that takes up to `limit`.
  public init(capacity: Int = 0, limit: Int = ByteWriter.defaultLimit) {
    precondition(capacity >= 0 && limit >= 0, "capacity and limit are not negative")
    self.limit = limit
    room = min(capacity, limit)
    unsafe memory = room > 0 ? .allocate(byteCount: room, alignment: 16) : Self.nowhere
  }

  deinit {
    if room > 0 { unsafe memory.deallocate() }
  }

  /// Where no bytes are; never read or written.
  private static var nowhere: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(bitPattern: 16)! }

  /// How many bytes are written.
  @inlinable @inline(__always)
  public var count: Int { end }

  /// How many bytes fit without allocating.
  @inlinable
  public var capacity: Int { room }

  /// Whether something was left out because it went over the limit.
  @inlinable
  public var hasOverflowed: Bool { overflowed }

  /// Forgets what was written and keeps the memory.
  @inlinable
  public mutating func removeAll() {
    end = 0
    overflowed = false
  }

  /// Forgets what was written after the first `newCount` bytes.
  @inlinable
  public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count, "truncating only shortens")
    end = newCount
    overflowed = false
  }

  /// What was written, in place; valid until the writer is changed or gone.
  @inlinable
  public var bytes: BorrowedBytes { unsafe BorrowedBytes(start: UnsafeRawPointer(memory), count: count) }

  /// Calls `body` with what was written.
  @inlinable
  public func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  /// A copy of what was written.
  @inlinable
  public func copied() -> [UInt8] { bytes.copied() }

  /// Makes room for `extra` more bytes.
  /// - Returns: false when that goes over the limit.
  @inlinable @inline(__always)
  public mutating func reserve(_ extra: Int) -> Bool {
    if _fastPath(extra <= room &- end) { return true }
    return grow(by: extra)
  }

  @usableFromInline @inline(never)
  mutating func grow(by extra: Int) -> Bool {
    guard extra <= limit &- count else {
      overflowed = true
      return false
    }
    let newCapacity = min(max(count + extra, capacity * 2, 256), limit)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
    unsafe larger.copyMemory(from: memory, byteCount: count)
    if room > 0 { unsafe memory.deallocate() }
    unsafe memory = larger
    room = newCapacity
    return true
  }

  /// Appends one byte.
  @inlinable @inline(__always)
  public mutating func append(_ byte: UInt8) {
    guard reserve(1) else { return }
    unsafe memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    end &+= 1
  }

  /// Appends an integer, lowest byte first.
  @inlinable @inline(__always)
  public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(littleEndian value: Value) {
    let size = MemoryLayout<Value>.size
    guard reserve(size) else { return }
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
    end &+= size
  }

  /// Appends one byte and an integer, highest byte first: the head of a value in MessagePack and CBOR.
  @inlinable @inline(__always)
  public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ head: UInt8, bigEndian value: Value) {
    let size = MemoryLayout<Value>.size
    guard reserve(1 &+ size) else { return }
    unsafe memory.storeBytes(of: head, toByteOffset: count, as: UInt8.self)
    unsafe memory.storeBytes(of: value.bigEndian, toByteOffset: count &+ 1, as: Value.self)
    end &+= 1 &+ size
  }

  /// Appends bytes; they must not lie in this writer.
  @inlinable @inline(__always)
  public mutating func append(_ bytes: BorrowedBytes) {
    guard reserve(bytes.count) else { return }
    unsafe (memory + count).copyMemory(from: bytes.start, byteCount: bytes.count)
    end &+= bytes.count
  }

  /// Appends the bytes of a literal.
  @inlinable @inline(__always)
  public mutating func append(_ literal: StaticString) { append(BorrowedBytes(literal)) }

  /// Appends bytes.
  @inlinable
  public mutating func append(_ bytes: [UInt8]) { bytes.withBorrowedBytes { append($0) } }

  /// Appends the UTF-8 of a string.
  @inlinable @inline(__always)
  public mutating func append(_ text: String) { text.withBorrowedUTF8 { append($0) } }

  /// Replaces bytes that were written before, such as a length that was not known yet.
  @inlinable
  public mutating func overwrite<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, littleEndian value: Value)
  {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Value>.size, "overwriting what was not written")
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}
