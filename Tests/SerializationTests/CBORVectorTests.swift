import Distributions
import Testing

@testable import Serialization

/// The examples of RFC 8949, appendix A.
@Suite struct CBORVectorTests {
  /// What reads as the value, and is written as it.
  static let preferred: [(String, SerializedValue)] = [
    ("00", 0), ("01", 1), ("0a", 10), ("17", 23), ("1818", 24), ("1819", 25), ("1864", 100), ("1903e8", 1000),
    ("1a000f4240", 1_000_000), ("1b000000e8d4a51000", 1_000_000_000_000), ("1bffffffffffffffff", .unsigned(.max)),
    ("c249010000000000000000", .tagged(2, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))),
    ("3bffffffffffffffff", .negative(.max)),
    ("c349010000000000000000", .tagged(3, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))), ("20", -1), ("29", -10),
    ("3863", -100),
    ("3903e7", -1000), ("f90000", 0.0), ("f98000", .float(-0.0)), ("f93c00", 1.0), ("fb3ff199999999999a", 1.1),
    ("f93e00", 1.5), ("f97bff", 65504.0), ("fa47c35000", 100_000.0), ("fa7f7fffff", 3.4028234663852886e+38),
    ("fb7e37e43c8800759c", 1.0e+300), ("f90001", 5.960464477539063e-8), ("f90400", 0.00006103515625), ("f9c400", -4.0),
    ("fbc010666666666666", -4.1), ("f97c00", .float(.infinity)), ("f9fc00", .float(-.infinity)), ("f4", false),
    ("f5", true), ("f6", nil), ("f7", .simple(23)), ("f0", .simple(16)), ("f8ff", .simple(255)),
    ("c074323031332d30332d32315432303a30343a30305a", .tagged(0, "2013-03-21T20:04:00Z")),
    ("c11a514b67b0", .tagged(1, 1_363_896_240)), ("c1fb41d452d9ec200000", .tagged(1, 1363896240.5)),
    ("d74401020304", .tagged(23, .bytes([1, 2, 3, 4]))),
    ("d818456449455446", .tagged(24, .bytes([0x64, 0x49, 0x45, 0x54, 0x46]))),
    ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", .tagged(32, "http://www.example.com")), ("40", .bytes([])),
    ("4401020304", .bytes([1, 2, 3, 4])), ("60", ""), ("6161", "a"), ("6449455446", "IETF"), ("62225c", "\"\\"),
    ("62c3bc", "\u{fc}"), ("63e6b0b4", "\u{6c34}"), ("64f0908591", "\u{10151}"), ("80", []), ("83010203", [1, 2, 3]),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", .array((1...25).map { .integer($0) })), ("a0", [:]),
    ("a201020304", [1: 2, 3: 4]), ("a26161016162820203", ["a": 1, "b": [2, 3]]),
    ("826161a161626163", ["a", ["b": "c"]]),
    ("a56161614161626142616361436164614461656145", ["a": "A", "b": "B", "c": "C", "d": "D", "e": "E"]),
  ]

  /// What reads as the value, and is written shorter.
  static let accepted: [(String, SerializedValue)] = [
    ("fa7f800000", .float(.infinity)), ("faff800000", .float(-.infinity)), ("fb7ff0000000000000", .float(.infinity)),
    ("fbfff0000000000000", .float(-.infinity)), ("5f42010243030405ff", .bytes([1, 2, 3, 4, 5])),
    ("7f657374726561646d696e67ff", "streaming"), ("9fff", []), ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
    ("9f01820203820405ff", [1, [2, 3], [4, 5]]), ("83018202039f0405ff", [1, [2, 3], [4, 5]]),
    ("83019f0203ff820405", [1, [2, 3], [4, 5]]),
    ("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", .array((1...25).map { .integer($0) })),
    ("bf61610161629f0203ffff", ["a": 1, "b": [2, 3]]), ("826161bf61626163ff", ["a", ["b": "c"]]),
    ("bf6346756ef563416d7421ff", ["Fun": true, "Amt": -2]), ("1800", 0), ("1b0000000000000001", 1),
  ]

  @Test func readsAndWritesTheExamples() throws {
    for (hex, value) in Self.preferred {
      #expect(try Serializer.cbor.decode(SerializedValue.self, from: Hex.bytes(hex)) == value, "\(hex)")
      #expect(try Hex.text(document(value, .cbor)) == hex, "\(value)")
    }
  }

  @Test func readsWhatIsLongerThanItNeedBe() throws {
    for (hex, value) in Self.accepted {
      #expect(try Serializer.cbor.decode(SerializedValue.self, from: Hex.bytes(hex)) == value, "\(hex)")
    }
  }

  @Test func readsNotANumberOfEveryWidth() throws {
    for hex in ["f97e00", "fa7fc00000", "fb7ff8000000000000"] {
      #expect(try Serializer.cbor.decode(Double.self, from: Hex.bytes(hex)).isNaN)
    }
    #expect(try Hex.text(document(Double.nan, .cbor)) == "f97e00")
  }

  /// RFC 8949, appendix F: "Well-Formedness Errors and Examples".
  @Test func refusesWhatIsNotWellFormed() throws {
    let examples = """
      18 19 1a 1b 1901 1a0102 1b01020304050607 38 58 78 98 9a01ff00 b8 d8 f8 f900 fa0000 fb000000 41 61 5affffffff00 \
      5bffffffffffffffff010203 7affffffff00 7b7fffffffffffffff010203 81 818181818181818181 8200 a1 a20102 a100 a2000000 \
      c0 5f4100 7f6100 9f 9f0102 bf bf01020102 819f 9f8000 9f9f9f9f9fffffffff 9f819f819f9fffffff 1c 1d 1e 3c 3d 3e 5c 5d \
      5e 7c 7d 7e 9c 9d 9e bc bd be dc dd de fc fd fe f800 f801 f818 f81f 5f00ff 5f21ff 5f6100ff 5f80ff 5fa0ff 5fc000ff \
      5fe0ff 7f4100ff 5f5f4100ffff 7f7f6100ffff ff 81ff 8200ff a1ff a1ff00 a100ff a20000ff 9f81ff 9f829f819f9fffffffff \
      bf00ff bf000000ff 1f 3f df
      """
    for hex in examples.split(whereSeparator: \.isWhitespace) {
      #expect(throws: SerializationError.self, "\(hex)") {
        _ = try Serializer.cbor.decode(SerializedValue.self, from: Hex.bytes(String(hex)))
      }
      #expect(throws: SerializationError.self, "skipping \(hex)") {
        try Hex.bytes(String(hex)).withBorrowedBytes { (bytes) throws(SerializationError) in
          var reader = CBORReader(bytes)
          try reader.skipValue()
          try reader.finish()
        }
      }
    }
  }

  /// A tag says more about a value and does not hide it.
  @Test func readsTypedValuesBehindTags() throws {
    #expect(try Serializer.cbor.decode(Int.self, from: Hex.bytes("d9d9f7c11a514b67b0")) == 1_363_896_240)
    #expect(try Serializer.cbor.decode(String.self, from: Hex.bytes("d8206161")) == "a")
    #expect(try Serializer.cbor.decode([Double].self, from: Hex.bytes("c181c1f93c00")) == [1])
  }

  @Test func refusesTextThatIsNotUTF8() throws {
    for hex in ["61ff", "62c328", "7f61c361bcff", "63eda080"] {
      let error = #expect(throws: SerializationError.self) {
        _ = try Serializer.cbor.decode(String.self, from: Hex.bytes(hex))
      }
      #expect(error?.reason == .invalidText, "\(hex)")
    }
  }

  /// Every half-precision number there is, against the compiler's own conversion.
  @Test func halfPrecisionIsExact() {
    for bits in 0...UInt16.max {
      let value = HalfPrecision.value(bitPattern: bits)
      let expected = Float(Float16(bitPattern: bits))
      if expected.isNaN {
        #expect(value.isNaN)
      } else {
        #expect(value.bitPattern == expected.bitPattern)
        #expect(HalfPrecision.bitPattern(exactly: value) == bits)
      }
    }
    var random = SplitMix64(seed: 7)
    for _ in 0..<100_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard !value.isNaN else { continue }
      let isExact = Float(Float16(value)) == value
      #expect((HalfPrecision.bitPattern(exactly: value) != nil) == isExact, "\(value)")
    }
  }
}
