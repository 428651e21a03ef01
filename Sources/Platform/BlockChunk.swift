/// What a `BlockMemory` knows of one chunk.
struct BlockChunk {
  /// Chunks of blocks have so many bytes; 2¹⁴ units of 16.
  static var byteCount: Int { 1 << 18 }
  static var none: Int32 { -1 }
  private static var unitLimit: Int32 { 1 << 14 }

  /// Of the chunk's memory.
  let byteCount: Int
  let blockByteCount: Int
  /// -1 for a block with pages of its own.
  let sizeClass: Int32
  private(set) var usedCount: Int32 = 0
  /// The unit of a free block, whose first four bytes name the next; -1 for none.
  private var firstFree = BlockChunk.none
  /// The first unit that no block was cut from yet, so that pages are touched only when they are needed.
  private var uncut: Int32 = 0
  /// Neighbours in the list of the size class.
  var next = BlockChunk.none
  var previous = BlockChunk.none

  init(unitCount: Int, sizeClass: Int) {
    byteCount = Self.byteCount
    blockByteCount = unitCount << 4
    self.sizeClass = Int32(sizeClass)
  }

  init(aloneByteCount: Int) {
    byteCount = aloneByteCount
    blockByteCount = aloneByteCount
    sizeClass = -1
    usedCount = 1
  }

  private var unitCount: Int32 { Int32(blockByteCount >> 4) }

  var isFull: Bool { firstFree == Self.none && uncut + unitCount > Self.unitLimit }

  /// The unit of a free block of a chunk that is not full.
  mutating func take(from base: UnsafeMutableRawPointer) -> Int32 {
    usedCount += 1
    guard firstFree != Self.none else {
      uncut += unitCount
      return uncut - unitCount
    }
    let unit = firstFree
    firstFree = unsafe (base + Int(unit) << 4).load(as: Int32.self)
    return unit
  }

  mutating func putBack(_ unit: Int32, into base: UnsafeMutableRawPointer) {
    usedCount -= 1
    unsafe (base + Int(unit) << 4).storeBytes(of: firstFree, as: Int32.self)
    firstFree = unit
  }
}

/// Block sizes of a `BlockMemory` in units of 16 bytes: 1 to 16 one by one, then four to each doubling, up to 2048.
enum BlockSizeClass {
  static var count: Int { 44 }
  static var unitCountMax: Int { 2048 }

  /// Units that hold so many bytes, at least one.
  static func unitCount(ofBytes byteCount: Int) -> Int { max(1, (byteCount >> 4) + (byteCount & 15 == 0 ? 0 : 1)) }

  /// The smallest class whose blocks have so many units, which is from 1 to `unitCountMax`.
  static func containing(unitCount: Int) -> Int {
    guard unitCount > 16 else { return unitCount - 1 }
    // unitCount - 1 lies in [2^b, 2^(b+1)); the two bits below its highest are the quarter.
    let b = Int.bitWidth - 1 - (unitCount - 1).leadingZeroBitCount
    return 4 * b + (unitCount - 1) >> (b - 2) & 3
  }

  /// How many units a block of this class has.
  static func unitCount(of sizeClass: Int) -> Int {
    guard sizeClass >= 16 else { return sizeClass + 1 }
    return (5 + sizeClass & 3) << (sizeClass >> 2 - 2)
  }
}
