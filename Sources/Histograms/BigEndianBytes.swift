/// Numbers in network byte order, out of bytes that may be too few.
struct BigEndianReader {
  var rest: ArraySlice<UInt8>

  mutating func read<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self
  ) throws(HistogramDecodingError) -> Number {
    let size = Number.bitWidth / 8
    guard rest.count >= size else { throw .truncated }
    var number: Number = 0
    for byte in rest.prefix(size) { number = number << 8 | Number(truncatingIfNeeded: byte) }
    rest.removeFirst(size)
    return number
  }
}

extension [UInt8] {
  mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }
}
