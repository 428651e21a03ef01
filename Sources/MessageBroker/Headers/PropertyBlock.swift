import RingBuffers

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

extension PropertyBlock {
  /// Where the message's own expiration lies, if it has one: behind the table, on a word's boundary.
  static func expirationOffset(behind tableByteCount: Int) -> Int { (tableByteCount + 7) & ~7 }
}

extension PayloadPool {
  /// How long a message may be ready by its publisher's will, in nanoseconds; nil for as long as its queue allows.
  func expiration(of descriptor: MessageDescriptor) -> Int64? {
    guard descriptor.has(MessageDescriptor.hasExpiration) else { return nil }
    let properties = descriptor.properties
    return unsafe bytes(of: properties.block)
      .load(fromByteOffset: PropertyBlock.expirationOffset(behind: properties.byteCount), as: Int64.self)
  }

  /// Writes a property table, and an expiration behind it, into a block of `owner`; nil when there is no memory.
  func writeProperties(
    _ table: UnsafeRawBufferPointer, expiration: Int64?, by owner: inout Owner
  ) -> PropertyBlock? {
    let offset = PropertyBlock.expirationOffset(behind: table.count)
    let byteCount = expiration == nil ? table.count : offset + 8
    guard let block = try? owner.allocate(byteCount: byteCount) else { return nil }
    let place = unsafe bytes(of: block)
    if let start = table.baseAddress { unsafe place.copyMemory(from: start, byteCount: table.count) }
    if let expiration { unsafe place.storeBytes(of: expiration, toByteOffset: offset, as: Int64.self) }
    return PropertyBlock(block: block, byteCount: table.count)
  }
}
