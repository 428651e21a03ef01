/// Bytes that somebody else owns: the place of a string in a document, or a reader's scratch memory.
///
/// Valid as long as its giver says, for a reader usually until its next call and never after its input is gone.
@safe @frozen
public struct BorrowedBytes {
  /// The first byte.
  public let start: UnsafeRawPointer
  /// How many bytes there are.
  public let count: Int

  /// A view of `count` bytes from `start`.
  @inlinable @inline(__always)
  public init(start: UnsafeRawPointer, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// A view of a buffer; of one without an address, no bytes.
  @inlinable @inline(__always)
  public init(_ buffer: UnsafeRawBufferPointer) {
    // Any address does for no bytes: it is never read.
    unsafe self.init(start: buffer.baseAddress ?? Self.nowhere, count: buffer.count)
  }

  /// The bytes of a literal, which live as long as the program.
  @inlinable @inline(__always)
  public init(_ literal: StaticString) {
    unsafe self.init(start: UnsafeRawPointer(literal.utf8Start), count: literal.utf8CodeUnitCount)
  }

  @inlinable static var nowhere: UnsafeRawPointer { unsafe UnsafeRawPointer(("" as StaticString).utf8Start) }

  /// The bytes as a buffer.
  @inlinable
  public var buffer: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

  /// The byte at `index`.
  @inlinable
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "an index outside of the bytes")
    return unsafe start.load(fromByteOffset: index, as: UInt8.self)
  }

  /// A copy of the bytes.
  @inlinable
  public func copied() -> [UInt8] { unsafe [UInt8](buffer) }

  /// The first `length` bytes.
  @inlinable @inline(__always)
  func prefix(_ length: Int) -> BorrowedBytes {
    precondition(length >= 0 && length <= count, "a prefix longer than the bytes")
    return unsafe BorrowedBytes(start: start, count: length)
  }

  /// What follows the first `length` bytes.
  @inlinable @inline(__always)
  func suffix(from length: Int) -> BorrowedBytes {
    precondition(length >= 0 && length <= count, "a suffix from outside of the bytes")
    return unsafe BorrowedBytes(start: start + length, count: count &- length)
  }

  /// Whether the bytes are those of another view. Costs one comparison for each 8 bytes.
  @inlinable @inline(__always)
  public func equals(_ other: BorrowedBytes) -> Bool {
    guard count == other.count else { return false }
    if count >= 8 {
      var offset = 0
      while offset &+ 8 <= count {
        guard word(at: offset) == other.word(at: offset) else { return false }
        offset &+= 8
      }
      // The last word overlaps the one before it: cheaper than up to seven single bytes.
      return word(at: count &- 8) == other.word(at: count &- 8)
    }
    var offset = 0
    while offset < count {
      guard
        unsafe start.load(fromByteOffset: offset, as: UInt8.self)
          == other.start.load(fromByteOffset: offset, as: UInt8.self)
      else { return false }
      offset &+= 1
    }
    return true
  }

  /// Whether the bytes are those of a literal.
  @inlinable @inline(__always)
  public func equals(_ literal: StaticString) -> Bool { equals(BorrowedBytes(literal)) }

  /// The 8 bytes at a byte offset, which need not be aligned, as one word.
  @inlinable @inline(__always)
  func word(at offset: Int) -> UInt64 {
    assert(offset >= 0 && offset + 8 <= count, "a word outside of the bytes")
    return unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

extension [UInt8] {
  /// Calls `body` with the bytes, in place.
  @inlinable @inline(__always)
  func withBorrowedBytes<Result, Failure: Error>(
    _ body: (BorrowedBytes) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe withUnsafeBufferPointer { (buffer) throws(Failure) in
      try unsafe body(BorrowedBytes(UnsafeRawBufferPointer(buffer)))
    }
  }
}

extension String {
  /// Calls `body` with the UTF-8 of the string, in place. Never allocates: a native string is contiguous.
  @inlinable @inline(__always)
  func withBorrowedUTF8<Result>(_ body: (BorrowedBytes) -> Result) -> Result {
    let result = unsafe utf8.withContiguousStorageIfAvailable { unsafe body(BorrowedBytes(UnsafeRawBufferPointer($0))) }
    if let result { return result }
    // Only for strings bridged from elsewhere, which do not exist on Linux.
    var copy = self
    return copy.withUTF8 { unsafe body(BorrowedBytes(UnsafeRawBufferPointer($0))) }
  }
}

extension StaticString {
  /// One byte of a literal.
  @inlinable @inline(__always)
  func byte(at index: Int) -> UInt8 { BorrowedBytes(self)[index] }
}
