import Testing

@testable import Serialization

@Suite struct ByteWriterTests {
  @Test func growsAndKeepsItsMemory() {
    var writer = ByteWriter()
    #expect(writer.capacity == 0)
    for byte in 0..<1000 { writer.append(UInt8(truncatingIfNeeded: byte)) }
    #expect(writer.copied() == (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
    let capacity = writer.capacity
    writer.removeAll()
    #expect(writer.count == 0)
    #expect(writer.capacity == capacity)
    writer.append(littleEndian: 0x0102_0304 as UInt32)
    writer.append(9, bigEndian: 0x0506 as UInt16)
    writer.append("ab")
    writer.overwrite(at: 1, littleEndian: 0xFFEE as UInt16)
    #expect(writer.copied() == [4, 0xEE, 0xFF, 1, 9, 5, 6, 0x61, 0x62])
    #expect(writer.bytes.equals(BorrowedBytes("")) == false)
  }

  @Test func remembersThatItsLimitWasExceeded() {
    for limit in [0, 1, 7, 300] {
      var writer = ByteWriter(limit: limit)
      for _ in 0..<limit { writer.append(1) }
      #expect(writer.hasOverflowed == false)
      writer.append(2)
      #expect(writer.hasOverflowed == true)
      #expect(writer.count == limit)
      writer.truncate(to: 0)
      #expect(writer.hasOverflowed == false)
      writer.append([UInt8](repeating: 3, count: limit + 1))
      #expect(writer.hasOverflowed == true)
      #expect(writer.count == 0)
    }
  }

  @Test func comparesBytesOfEveryLength() {
    for count in 0...20 {
      let bytes = (0..<count).map { UInt8($0) }
      bytes.withBorrowedBytes { view in
        #expect(view.equals(view))
        for place in 0..<count {
          var other = bytes
          other[place] ^= 0x80
          other.withBorrowedBytes { #expect(!view.equals($0), "\(count) \(place)") }
          other.withBorrowedBytes { #expect(!$0.isASCII) }
        }
        #expect(view.isASCII)
        #expect(view.prefix(count / 2).equals(view) == (count == 0))
      }
    }
  }
}
