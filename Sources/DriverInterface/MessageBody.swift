/// The bytes of one message, owned by somebody else.
///
/// Valid as long as its giver says: a sender's until `send` returns, a receiver's until the message is acknowledged or, with
/// automatic acknowledgement, until the next `receive`.
@safe @frozen
public struct MessageBody: @unchecked Sendable {
  // Unchecked, because: it is a borrowed view that never leaves the thread it was handed to.
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

  /// The bytes as a buffer.
  @inlinable
  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

  /// The 64-bit word at a byte offset, which need not be aligned.
  @inlinable @inline(__always)
  public func word(at offset: Int) -> UInt64 {
    assert(offset >= 0 && offset + 8 <= count, "a word outside of the body")
    return unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}
