/// What few messages have and a descriptor has no room for: an expiry and rare properties.
///
/// A message with an extension carries it where others carry a short body; its own body lies in a block whatever its size. So
/// nobody pays for what he does not use but the test of one flag where a message is let go of.
///
/// A queue's store sets the expiry when the message becomes ready; whoever puts it there sees to it that it has an extension. Letting go
/// of a message in any way is `SessionCore.release` or `BodyStore.release`, which know the extension.
extension MessageDescriptor {
  /// In `marks`: `inlineBody` holds an extension.
  @inlinable static var hasExtension: UInt64 { 32 }

  /// In `marks`: behind the property table lies how long the message may be ready.
  @inlinable static var hasExpiration: UInt64 { 64 }

  /// When the message expires, in nanoseconds of the time source of `Broker`'s callers; 0 for never.
  @inlinable @inline(__always)
  var expiry: Int64 { has(MessageDescriptor.hasExtension) ? Int64(bitPattern: inlineBody.0) : 0 }

  /// Where its properties lie.
  @inlinable @inline(__always)
  var properties: PropertyBlock {
    PropertyBlock(rawValue: has(MessageDescriptor.hasExtension) ? inlineBody.1 : 0)
  }

  /// Gives the message an extension, or replaces the one it has. References to blocks are the caller's affair.
  @inlinable @inline(__always)
  mutating func extend(expiry: Int64, properties: PropertyBlock) {
    assert(bodyByteCount == 0 || hasBlock, "the extension would overwrite the body")
    marks |= MessageDescriptor.hasExtension
    inlineBody = (UInt64(bitPattern: expiry), properties.rawValue)
  }
}
