import Testing

@testable import Serialization

/// Every format of the specification, on both sides of its boundaries.
@Suite struct MessagePackBoundaryTests {
  private func check(_ value: SerializedValue, _ head: String, _ byteCount: Int) throws {
    let bytes = try document(value, .messagepack)
    #expect(Hex.text(bytes).hasPrefix(head), "\(head)")
    #expect(bytes.count == byteCount, "\(head)")
    #expect(try Serializer.messagepack.decode(SerializedValue.self, from: bytes) == value, "\(head)")
    try bytes.withBorrowedBytes { (view) throws(SerializationError) in
      var reader = MessagePackReader(view)
      try reader.skipValue()
      try reader.finish()
    }
  }

  @Test func writesEveryNumberInItsFewestBytes() throws {
    let cases: [(Int64, String, Int)] = [
      (0, "00", 1), (127, "7f", 1), (128, "cc80", 2), (255, "ccff", 2), (256, "cd0100", 3), (65_535, "cdffff", 3),
      (65_536, "ce00010000", 5), (4_294_967_295, "ceffffffff", 5), (4_294_967_296, "cf0000000100000000", 9),
      (.max, "cf7fffffffffffffff", 9), (-1, "ff", 1), (-32, "e0", 1), (-33, "d0df", 2), (-128, "d080", 2),
      (-129, "d1ff7f", 3), (-32_768, "d18000", 3), (-32_769, "d2ffff7fff", 5), (-2_147_483_648, "d280000000", 5),
      (-2_147_483_649, "d3ffffffff7fffffff", 9), (.min, "d38000000000000000", 9),
    ]
    for (value, hex, count) in cases { try check(.integer(value), hex, count) }
    try check(.unsigned(.max), "cfffffffffffffffff", 9)
    try check(.float(1.5), "ca3fc00000", 5)
    try check(.float(0.1), "cb3fb999999999999a", 9)
    try check(.null, "c0", 1)
    try check(false, "c2", 1)
    try check(true, "c3", 1)
  }

  @Test func writesEveryLengthInItsFewestBytes() throws {
    for (count, head) in [
      (0, "a0"), (31, "bf"), (32, "d920"), (255, "d9ff"), (256, "da0100"), (65_535, "daffff"), (65_536, "db00010000"),
    ] {
      try check(.string(String(repeating: "x", count: count)), head, count + head.count / 2)
    }
    for (count, head) in [(0, "c400"), (255, "c4ff"), (256, "c50100"), (65_535, "c5ffff"), (65_536, "c600010000")] {
      try check(.bytes(Array(repeating: 1, count: count)), head, count + head.count / 2)
    }
    for (count, head) in [(0, "90"), (15, "9f"), (16, "dc0010"), (65_535, "dcffff"), (65_536, "dd00010000")] {
      try check(.array(Array(repeating: nil, count: count)), head, count + head.count / 2)
    }
    for (count, head) in [(0, "80"), (15, "8f"), (16, "de0010"), (65_535, "deffff"), (65_536, "df00010000")] {
      try check(.map(Array(repeating: .init(key: 1, value: 2), count: count)), head, 2 * count + head.count / 2)
    }
    let extensions = [
      (0, "c700fe"), (1, "d4fe"), (2, "d5fe"), (3, "c703fe"), (4, "d6fe"), (8, "d7fe"), (16, "d8fe"), (17, "c711fe"),
      (255, "c7fffe"), (256, "c80100fe"), (65_535, "c8fffffe"), (65_536, "c900010000fe"),
    ]
    for (count, head) in extensions {
      try check(.extended(type: -2, content: Array(repeating: 9, count: count)), head, count + head.count / 2)
    }
  }

  @Test func readsNumbersThatAreLongerThanTheyNeedBe() throws {
    for hex in [
      "cc05", "cd0005", "ce00000005", "cf0000000000000005", "d005", "d10005", "d200000005", "d30000000000000005",
    ] {
      #expect(try Serializer.messagepack.decode(SerializedValue.self, from: Hex.bytes(hex)) == 5, "\(hex)")
      #expect(try Serializer.messagepack.decode(UInt8.self, from: Hex.bytes(hex)) == 5, "\(hex)")
      #expect(try Serializer.messagepack.decode(Double.self, from: Hex.bytes(hex)) == 5, "\(hex)")
    }
  }

  @Test func refusesTheByteThatIsNeverUsed() {
    for hex in ["c1", "91c1", "81c100", "81a0c1"] {
      let error = #expect(throws: SerializationError.self) {
        _ = try Serializer.messagepack.decode(SerializedValue.self, from: Hex.bytes(hex))
      }
      #expect(error?.reason == .malformed, "\(hex)")
    }
  }

  @Test func writesTimestampsInTheirShortestForm() throws {
    let cases: [(Int64, UInt32, String)] = [
      (0, 0, "d6ff00000000"), (4_294_967_295, 0, "d6ffffffffff"), (4_294_967_296, 0, "d7ff0000000100000000"),
      (1, 500_000_000, "d7ff7735940000000001"), (17_179_869_183, 999_999_999, "d7ffee6b27ffffffffff"),
      (17_179_869_184, 0, "c70cff000000000000000400000000"), (-1, 999_999_999, "c70cff3b9ac9ffffffffffffffffff"),
    ]
    for (seconds, nanoseconds, hex) in cases {
      let timestamp = try #require(MessagePackTimestamp(seconds: seconds, nanoseconds: nanoseconds))
      #expect(try Hex.text(document(timestamp, .messagepack)) == hex)
      #expect(try Serializer.messagepack.decode(MessagePackTimestamp.self, from: Hex.bytes(hex)) == timestamp)
    }
    #expect(MessagePackTimestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
    for hex in ["d5ff0000", "d7ffffffffffffffffff", "d6fe00000000"] {
      #expect(throws: SerializationError.self, "\(hex)") {
        _ = try Serializer.messagepack.decode(MessagePackTimestamp.self, from: Hex.bytes(hex))
      }
    }
  }
}
