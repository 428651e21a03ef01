import Distributions
import Testing

@testable import Serialization

@Suite struct JSONTests {
  private func value(_ text: String) throws -> SerializedValue {
    try Serializer.json.decode(SerializedValue.self, from: Array(text.utf8))
  }

  private func text(_ value: some SerializableValue) throws -> String {
    String(decoding: try document(value, .json), as: UTF8.self)
  }

  @Test func readsWhatTheGrammarAllows() throws {
    let cases: [(String, SerializedValue)] = [
      (" [ ] ", []), ("{}", [:]), ("[1 , 2\t,\r\n3]", [1, 2, 3]), ("{\"a\" : {\"b\":[{}]}}", ["a": ["b": [[:]]]]),
      ("null", nil), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("-1", -1), ("0.0", 0.0),
      ("-0.0", .float(-0.0)),
      ("1e2", 100.0), ("1E+2", 100.0), ("25e-1", 2.5), ("1.5e3", 1500.0), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .unsigned(1 << 63)),
      ("18446744073709551615", .unsigned(.max)), ("18446744073709551616", 18446744073709551616.0),
      ("-9223372036854775809", -9223372036854775809.0), ("1e-400", 0.0), ("0e99999999999999999999", 0.0),
      ("\"\"", ""), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"), ("\"\\u0041\\u00e9\\u20AC\"", "Aé€"),
      ("\"\\ud834\\udd1e\"", "𝄞"), ("\"𝄞é\u{7f}\"", "𝄞é\u{7f}"), ("\"\\u0000\"", "\0"), ("{\"\\u0061\":1}", ["a": 1]),
      ("{\"a\":1,\"a\":2}", ["a": 1, "a": 2]),
    ]
    for (text, expected) in cases { #expect(try value(text) == expected, "\(text)") }
  }

  @Test func refusesWhatTheGrammarDoesNotAllow() {
    let cases = [
      "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}",
      "{a:1}", "{1:1}", "{\"a\" 1}", "[1]]", "1 2", "nul", "nulL", "True", "tru", "01", "-", "-a", "+1", ".5", "1.",
      "1.e1",
      "1e", "1e+", "0x1", "1_000", "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "\"", "\"a", "'a'", "\"\\",
      "\"\\x\"",
      "\"\\u12\"", "\"\\u12g4\"", "\"\\ud834\"", "\"\\ud834\\u0041\"", "\"\\udd1e\"", "\"\\ud834x\"", "\"\n\"",
      "\"\t\"", "\"\0\"",
      "// x\n1", "/* x */1", "\u{FEFF}1", "[1}", "{\"a\":1]", "\u{a0}1", "--1", "1-", "[\"a\":1]", "{\"a\",1}",
    ]
    for text in cases {
      #expect(throws: SerializationError.self, "\(text)") { _ = try value(text) }
      #expect(throws: SerializationError.self, "skipping \(text)") {
        try Array(text.utf8).withBorrowedBytes { (bytes) throws(SerializationError) in
          var reader = JSONReader(bytes)
          try reader.skipValue()
          try reader.finish()
        }
      }
    }
  }

  @Test func refusesTextThatIsNotUTF8() {
    for bytes in [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x28, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xC3, 0x22],
    ] as [[UInt8]] {
      let error = #expect(throws: SerializationError.self) { _ = try Serializer.json.decode(String.self, from: bytes) }
      #expect(error?.reason == .invalidText)
    }
  }

  @Test func writesWithoutNeedlessCharacters() throws {
    #expect(try text(["a": [1, -2, nil, true], "b": [:]] as SerializedValue) == #"{"a":[1,-2,null,true],"b":{}}"#)
    #expect(
      try text("\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é𝄞" as String)
        == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7f}é𝄞\"")
    #expect(try text([Int64.min, .max]) == "[-9223372036854775808,9223372036854775807]")
    #expect(try text([0, 9, 10, 99, 100, UInt64.max]) == "[0,9,10,99,100,18446744073709551615]")
    #expect(
      try text([1.0, -0.0, 0.5, 1234.56, 1e21, 1e-7, .leastNonzeroMagnitude, 0.1 + 0.2])
        == "[1.0,-0.0,0.5,1234.56,1e+21,1e-07,5e-324,0.30000000000000004]")
    #expect(try text([0.1, 1] as [Float]) == "[0.1,1.0]")
    #expect(
      try text(RenderArguments(customer: "", amount: 1, currency: "E", isDraft: false))
        == #"{"customer":"","amount":1.0,"currency":"E","is_draft":false}"#)
  }

  /// Escapes at every place of strings of every short length: the search goes by words of eight.
  @Test func findsEscapesWhereverTheyAre() throws {
    for length in 0...20 {
      for place in 0..<max(length, 1) {
        for special in ["\"", "\\", "\n", "é", "\u{1f}", "!", "#", "]"] {
          var string = String(repeating: "x", count: length)
          if length > 0 {
            string.replaceSubrange(
              string.index(string.startIndex, offsetBy: place)...string.index(string.startIndex, offsetBy: place),
              with: special)
          }
          #expect(try Serializer.json.decode(String.self, from: document(string, .json)) == string)
          #expect(
            try Serializer.json.decode([String: String].self, from: document([string: string], .json)) == [
              string: string
            ])
        }
      }
    }
  }

  /// The nearest number to a decimal, against the standard library's; many lie close to the middle between two.
  @Test(arguments: [11, 12] as [UInt64])
  func readsTheNearestNumber(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for step in 0..<20_000 {
      let digits = random.next() >> UInt64(random.below(64))
      let exponent = random.below(80) - 40
      let text = "\(digits)e\(exponent)"
      #expect(
        try Serializer.json.decode(Double.self, from: Array(text.utf8)) == Double(text)!,
        "\(text), seed \(seed), step \(step)")
      #expect(try Serializer.json.decode(Float.self, from: Array("0.\(digits)".utf8)) == Float("0.\(digits)")!)
    }
    for text in [
      "9007199254740993", "9007199254740992.5", "1.00000000000000011102230246251565404", "4503599627370496.5",
      "4503599627370497.5", "9007199254740993e3", "1e23", "8.5e22", "2.2250738585072011e-308",
    ] {
      #expect(try Serializer.json.decode(Double.self, from: Array(text.utf8)) == Double(text)!, "\(text)")
    }
  }

  @Test(arguments: [13] as [UInt64])
  func writesWhatReadsAsTheSameNumber(seed: UInt64) throws {
    var values = RandomValues(for: .json, seed: seed)
    for step in 0..<20_000 {
      let value = values.float()
      let text = try text(value)
      #expect(Double(text)!.bitPattern == value.bitPattern, "\(text), seed \(seed), step \(step)")
    }
  }

  @Test func bytesAreBase64() throws {
    let examples = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (plain, encoded) in examples {
      #expect(try text(ByteString(Array(plain.utf8))) == "\"\(encoded)\"")
      #expect(
        try Serializer.json.decode(ByteString.self, from: Array("\"\(encoded)\"".utf8)) == ByteString(Array(plain.utf8))
      )
    }
    #expect(try Serializer.json.decode(ByteString.self, from: Array(#""\/\/+\u0041""#.utf8)) == [0xFF, 0xFF, 0x80])
    for text in [
      "\"Zg\"", "\"Zg=\"", "\"Zh==\"", "\"Zm9=\"", "\"Z===\"", "\"====\"", "\"Z g=\"", "\"Zg==Zg==\"", "\"Zm-v\"",
    ] {
      #expect(throws: SerializationError.self, "\(text)") {
        _ = try Serializer.json.decode(ByteString.self, from: Array(text.utf8))
      }
    }
  }

  @Test func namesThePlaceOfAMistake() {
    let error = #expect(throws: SerializationError.self) { _ = try value("[1, 2, x]") }
    #expect(error?.description == "byte 7: these bytes are not of the format")
  }
}
