import Distributions

/// What a body is to a serializer. Every body of a shape is valid for it and comes back the same, byte for byte, whatever its size: a
/// body is its stamp, then units of the shape, then what is left of it.
public enum PayloadShape: UInt8, Sendable, CaseIterable {
  /// One string of bytes, the stamp included.
  case bytes = 1
  /// A list of records of 32 bytes: a name of 12 letters, a whole number, a price and a time in milliseconds.
  case record
  /// One text of ASCII words in lines, some of which are quoted.
  case text
  /// A list of numbers with three decimal places.
  case numbers

  /// Bytes of a unit.
  var unitByteCount: Int {
    switch self {
    case .bytes, .text: 1
    case .record: ShapedRecord.byteCount
    case .numbers: 8
    }
  }

  /// Writes content of this shape.
  /// - Parameter repeatedShare: How much of each stretch of it is one repeated unit, from 0 to 1.
  func fill(_ memory: UnsafeMutableRawBufferPointer, repeatedShare: Double, random: inout SplitMix64) {
    switch self {
    case .bytes: preconditionFailure("plain bytes are the stamper's own")
    case .text: unsafe fillText(memory, repeatedShare, &random)
    case .record, .numbers: unsafe fillUnits(memory, repeatedShare, &random)
    }
  }

  /// Units in a stretch: the last ones of it are those that are repeated.
  private static let stretchUnitCount = 8

  private func fillUnits(
    _ memory: UnsafeMutableRawBufferPointer, _ repeatedShare: Double, _ random: inout SplitMix64
  ) {
    var constant = SplitMix64(seed: 0)
    let freshCount = Self.stretchUnitCount - Int((repeatedShare * Double(Self.stretchUnitCount)).rounded())
    for unit in 0..<(memory.count / unitByteCount) {
      let start = unit * unitByteCount
      if unit % Self.stretchUnitCount < freshCount {
        unsafe fillUnit(memory, at: start, &random)
      } else {
        constant = SplitMix64(seed: 0)
        unsafe fillUnit(memory, at: start, &constant)
      }
    }
  }

  private func fillUnit(_ memory: UnsafeMutableRawBufferPointer, at start: Int, _ random: inout SplitMix64) {
    if self == .numbers {
      let number = Double(random.below(10_000_000)) / 1000
      return unsafe memory.storeBytes(of: number.bitPattern, toByteOffset: start, as: UInt64.self)
    }
    for letter in 0..<ShapedRecord.nameByteCount {
      unsafe memory.storeBytes(of: 0x61 + UInt8(random.below(26)), toByteOffset: start + letter, as: UInt8.self)
    }
    let count = Int32(random.below(1000))
    unsafe memory.storeBytes(of: count, toByteOffset: start + ShapedRecord.countOffset, as: Int32.self)
    let price = Double(random.below(100_000)) / 100
    unsafe memory.storeBytes(of: price.bitPattern, toByteOffset: start + ShapedRecord.priceOffset, as: UInt64.self)
    // Within some years of 2026.
    let time = 1_700_000_000_000 + Int64(random.below(100_000_000_000))
    unsafe memory.storeBytes(of: time, toByteOffset: start + ShapedRecord.timeOffset, as: Int64.self)
  }

  /// Words of 2 to 9 letters, one of 16 in quotes, in lines of about 80.
  private func fillText(
    _ memory: UnsafeMutableRawBufferPointer, _ repeatedShare: Double, _ random: inout SplitMix64
  ) {
    var offset = 0
    var lineLength = 0
    func put(_ byte: UInt8) {
      guard offset < memory.count else { return }
      unsafe memory.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
      offset += 1
      lineLength += 1
    }
    while offset < memory.count {
      let draw = random.next()
      let isRepeated = UnitInterval.openAbove(draw) < repeatedShare
      let isQuoted = !isRepeated && draw % 16 == 0
      if isQuoted { put(0x22) }
      for letter in 0..<(isRepeated ? 5 : 2 + draw >> 8 % 8) {
        put(isRepeated ? 0x61 + UInt8(letter) : 0x61 + UInt8(random.below(26)))
      }
      if isQuoted { put(0x22) }
      put(lineLength > 80 ? 0x0A : 0x20)
      if lineLength > 81 { lineLength = 0 }
    }
  }
}

/// Where the fields of a record lie in its 32 bytes.
enum ShapedRecord {
  static let byteCount = 32
  static let nameByteCount = 12
  static let countOffset = 12
  static let priceOffset = 16
  static let timeOffset = 24
}
