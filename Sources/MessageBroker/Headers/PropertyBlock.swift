/// Where the rare properties of a message lie, today its headers: an encoded `FieldTable` in a block of the payload pool.
///
/// Counted like a body: every copy of a message that names the block holds one reference to it.
@frozen @usableFromInline
struct PropertyBlock: BitwiseCopyable, Sendable {
  /// The block below, its size in bytes above; 0 for none.
  @usableFromInline let rawValue: UInt64

  @inlinable
  init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  init(block: UInt32, byteCount: Int) { rawValue = UInt64(block) | UInt64(truncatingIfNeeded: byteCount) << 32 }

  @usableFromInline static var none: PropertyBlock { @inlinable get { PropertyBlock(rawValue: 0) } }

  @inlinable @inline(__always)
  var isNone: Bool { rawValue == 0 }

  @inlinable @inline(__always)
  var block: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

  @inlinable @inline(__always)
  var byteCount: Int { Int(truncatingIfNeeded: rawValue >> 32) }
}
