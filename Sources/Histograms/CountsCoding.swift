/// The counters of a histogram as bytes: HdrHistogram's V2 payload.
///
/// Each count is a ZigZag LEB128-64b9B number: seven bits a byte, lowest first, with a high bit that says "more"; a
/// ninth byte holds eight bits. A negative number -n stands for n empty counters.
/// Source: `ZigZagEncoding.java` and `AbstractHistogram.fillBufferFromCountsArray` of HdrHistogram.
enum CountsCoding {
  /// No more counts than this in one histogram: doubles are exact up to here, and sums of many still fit in 64 bits.
  static let totalCountMax = 1 << 53

  /// Appends `counts`. An empty histogram is one count of 0, and one zero alone is a count of 0, as Java writes them.
  static func append(_ counts: [Int], to bytes: inout [UInt8]) {
    guard !counts.isEmpty else { return bytes.append(0) }
    var index = 0
    while index < counts.count {
      let start = index
      while index < counts.count, counts[index] == 0 { index += 1 }
      switch index - start {
      case 0:
        append(Int64(counts[index]), to: &bytes)
        index += 1
      case 1: append(0, to: &bytes)
      case let zeros: append(-Int64(zeros), to: &bytes)
      }
    }
  }

  /// Reads what `append` wrote, or anybody else: at most `counterCount` counters.
  static func decode(_ bytes: ArraySlice<UInt8>, counterCount: Int) throws(HistogramDecodingError) -> [Int] {
    var counts: [Int] = []
    var total = 0
    var rest = bytes
    while !rest.isEmpty {
      let number = try readNumber(&rest)
      if number < 0 {
        guard number >= -Int64(counterCount - counts.count) else { throw .countsOutOfRange }
        counts.append(contentsOf: repeatElement(0, count: Int(-number)))
      } else {
        guard counts.count < counterCount else { throw .countsOutOfRange }
        guard number <= Int64(totalCountMax - total) else { throw .tooManyCounts }
        counts.append(Int(number))
        total += Int(number)
      }
    }
    return counts
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
    for _ in 0..<8 {
      if rest < 0x80 { return bytes.append(UInt8(rest)) }
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))  // 64 - 8 * 7 = 8 bits are left.
  }

  private static func readNumber(_ bytes: inout ArraySlice<UInt8>) throws(HistogramDecodingError) -> Int64 {
    var bits: UInt64 = 0
    for place in 0..<9 {
      guard let byte = bytes.popFirst() else { throw .truncated }
      let isLast = place == 8 || byte < 0x80
      bits |= UInt64(place == 8 ? byte : byte & 0x7F) << UInt64(7 * place)
      if isLast { break }
    }
    return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
  }
}
