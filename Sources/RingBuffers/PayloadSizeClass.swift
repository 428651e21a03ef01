/// Block sizes of a `PayloadPool`: 1, 2, 3, 4, 6, 8, 12, 16 … 16384 units of 64 bytes, so that at most a third of a block of
/// three units or more is wasted. 28 classes reach 1 MiB; five bits of a handle name one.
@usableFromInline
enum PayloadSizeClass {
  /// log₂ of the unit: one cache line, so that no two blocks share one.
  @usableFromInline static var unitShift: Int { @inlinable get { 6 } }
  @usableFromInline static var count: Int { @inlinable get { 28 } }
  @usableFromInline static var largestByteCount: Int { @inlinable get { 1 << 20 } }

  /// The smallest class whose blocks hold `byteCount` bytes, which is from 0 to `largestByteCount`.
  @inlinable @inline(__always)
  static func containing(byteCount: Int) -> Int {
    let last = (byteCount &- 1) >> unitShift  // One less than the units needed; -1 or 0 means the first class.
    guard last > 0 else { return 0 }
    // units = last + 1 lies in (2^b, 2^(b+1)]: up to 1.5 * 2^b is class 2b, above is class 2b + 1.
    let b = Int.bitWidth &- 1 &- last.leadingZeroBitCount
    return 2 &* b &+ (last &+ 1 > (3 << b) >> 1 ? 1 : 0)
  }

  /// From so many units on free blocks give their own pages back: their sizes are whole pages where these have 4 KiB. Below, whole
  /// chunks do.
  static var pagedUnitCount: Int { 192 }

  /// How many free blocks of this class an owner keeps at hand: up to 1 MiB of them, but enough for a few batches.
  static func stackLimit(of sizeClass: Int) -> Int {
    max(16, min(8192, (1 << 20) >> unitShift / unitCount(of: sizeClass)))
  }

  /// How many units a block of this class has.
  @inlinable @inline(__always)
  static func unitCount(of sizeClass: Int) -> Int {
    let b = sizeClass >> 1
    return sizeClass & 1 == 1 ? 2 << b : sizeClass == 0 ? 1 : (3 << b) >> 1
  }
}
