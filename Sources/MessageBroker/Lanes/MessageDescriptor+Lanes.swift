/// A message in a queue with lanes, where no ring knows its position: the lowest 32 bits of it ride in the descriptor, where the
/// holder and the return count are at other times.
extension MessageDescriptor {
  /// The message as it lies in a lane, or in the ring of a queue that may have lanes.
  func placed(at position: UInt64) -> MessageDescriptor {
    var copy = self
    copy.marks = marks & 0x0000_FFFF_0000_FFFF | (position & 0xFFFF) << 16 | (position & 0xFFFF_0000) << 32
    return copy
  }

  /// The position of a placed message: the one with its 32 bits that is next to `reference`.
  ///
  /// Right unless two thousand million messages were taken while it lay there; then it is too high, which only matters for its
  /// place among messages that come back.
  func position(near reference: UInt64) -> UInt64 {
    let low = UInt32(truncatingIfNeeded: marks >> 16 & 0xFFFF | marks >> 32 & 0xFFFF_0000)
    let distance = Int32(bitPattern: low &- UInt32(truncatingIfNeeded: reference))
    return reference &+ UInt64(bitPattern: Int64(distance))
  }

  /// A placed message without its position.
  var lifted: MessageDescriptor {
    var copy = self
    copy.marks = marks & 0x0000_FFFF_0000_FFFF
    return copy
  }
}
