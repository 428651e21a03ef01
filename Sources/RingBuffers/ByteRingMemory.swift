/// The bytes of a `ByteRing`, reached by cursor, and the headers of its records.
///
/// Invariant: `base` points at `mask + 1` bytes on a boundary of 128; a cursor is masked before it becomes an address, and a
/// record's size is checked against what follows it before anybody sees its bytes.
@safe @frozen @usableFromInline
struct ByteRingMemory {
  @usableFromInline static var headerByteCount: Int { @inlinable get { 8 } }
  /// The kinds of record, in the upper half of the header; zeroed memory is none.
  @usableFromInline static var record: UInt64 { @inlinable get { 1 << 32 } }
  @usableFromInline static var padding: UInt64 { @inlinable get { 2 << 32 } }

  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let mask: UInt64

  init(base: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.base = unsafe base
    mask = UInt64(capacity - 1)
  }

  /// What a record of `byteCount` bytes takes in the ring.
  @inlinable @inline(__always)
  static func footprint(of byteCount: Int) -> Int { (byteCount &+ headerByteCount &+ 7) & ~7 }

  @inlinable @inline(__always)
  func address(of cursor: UInt64) -> UnsafeMutableRawPointer {
    unsafe base + Int(truncatingIfNeeded: cursor & mask)
  }

  /// How many bytes lie between the cursor and the end of the memory: at least 8.
  @inlinable @inline(__always)
  func byteCountBeforeWrap(from cursor: UInt64) -> Int { Int(truncatingIfNeeded: mask &- (cursor & mask)) &+ 1 }

  @inlinable @inline(__always)
  func setHeader(_ kind: UInt64, byteCount: Int, at cursor: UInt64) {
    unsafe address(of: cursor).storeBytes(of: kind | UInt64(truncatingIfNeeded: byteCount), as: UInt64.self)
  }

  @inlinable @inline(__always)
  func header(at cursor: UInt64) -> UInt64 { unsafe address(of: cursor).load(as: UInt64.self) }

  @inlinable @inline(__always)
  func isPadding(at cursor: UInt64) -> Bool { header(at: cursor) >= Self.padding }

  /// The size of the record at `cursor`, of which `ready` bytes are published. Memory that somebody damaged stops here.
  @inlinable @inline(__always)
  func recordByteCount(at cursor: UInt64, ready: Int) -> Int {
    let byteCount = Int(truncatingIfNeeded: header(at: cursor) ^ Self.record)
    precondition(
      byteCount >= 0 && byteCount <= min(ready, byteCountBeforeWrap(from: cursor)) &- Self.headerByteCount,
      "a damaged record")
    return byteCount
  }
}
