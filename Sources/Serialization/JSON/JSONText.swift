/// What the strings of JSON are made of.
extension BorrowedBytes {
  /// How many bytes lie before the first quotation mark, backslash or control character.
  ///
  /// Looks at 8 bytes at once: subtracting 1 from each byte borrows from its highest bit just where the byte is 0, which a byte
  /// is after exclusive or with the one looked for (Anderson, Bit Twiddling Hacks, "Determine if a word has a zero byte"). A
  /// borrow may spoil bytes above a hit, never below, and only the lowest hit counts.
  @usableFromInline
  var plainCount: Int {
    var offset = 0
    while offset &+ 8 <= count {
      let hits = Self.specialBytes(in: UInt64(littleEndian: word(at: offset)))
      guard hits == 0 else { return offset &+ hits.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    if count >= 8 && offset < count {
      // The last word overlaps bytes that are known to be plain.
      let hits = Self.specialBytes(in: UInt64(littleEndian: word(at: count &- 8)))
      return hits == 0 ? count : count &- 8 &+ hits.trailingZeroBitCount / 8
    }
    while offset < count, self[offset] >= 0x20 && self[offset] != 0x22 && self[offset] != 0x5C { offset &+= 1 }
    return offset
  }

  /// The highest bit of every byte that is a quotation mark, a backslash or below 0x20, and perhaps of bytes above it.
  @inlinable @inline(__always)
  static func specialBytes(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let hits = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
    return hits & (ones &* 0x80)
  }
}
