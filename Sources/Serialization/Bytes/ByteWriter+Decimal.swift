extension ByteWriter {
  /// Appends a whole number in decimal.
  @inlinable
  mutating func append(decimal value: UInt64) {
    var digitCount = 1
    var bound: UInt64 = 10
    while value >= bound {
      digitCount &+= 1
      guard digitCount < 20 else { break }  // 10^20 does not fit.
      bound &*= 10
    }
    append(decimal: value, digitCount: digitCount)
  }

  /// Appends the lowest `digitCount` decimal digits of a whole number, with leading zeros.
  @inlinable
  mutating func append(decimal value: UInt64, digitCount: Int) {
    guard reserve(digitCount) else { return }
    var rest = value
    var place = end &+ digitCount
    while place > end {
      place &-= 1
      unsafe memory.storeBytes(of: 0x30 | UInt8(truncatingIfNeeded: rest % 10), toByteOffset: place, as: UInt8.self)
      rest /= 10
    }
    end &+= digitCount
  }

  /// Appends the name of a field in JSON, with the comma before it when there is a field before it.
  @inlinable @inline(__always)
  mutating func append(fieldName name: StaticString, isFirst: Bool) {
    let length = name.utf8CodeUnitCount
    guard reserve(length &+ 4) else { return }
    unsafe memory.storeBytes(of: 0x2C, toByteOffset: end, as: UInt8.self)
    let start = isFirst ? end : end &+ 1
    unsafe memory.storeBytes(of: 0x22, toByteOffset: start, as: UInt8.self)
    unsafe (memory + start + 1).copyMemory(from: name.utf8Start, byteCount: length)
    // The quotation mark, then the colon.
    unsafe memory.storeBytes(of: UInt16(0x3A22).littleEndian, toByteOffset: start &+ length &+ 1, as: UInt16.self)
    end = start &+ length &+ 3
  }
}
