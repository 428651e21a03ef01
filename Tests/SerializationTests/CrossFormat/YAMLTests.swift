import Serialization
import Testing

@Suite struct YAMLTests {
  private func read(_ text: String) throws -> SerializedValue {
    try Serializer.yaml.decode(SerializedValue.self, from: Array(text.utf8))
  }

  @Test func writesBlocksThatPeopleRead() throws {
    let value: SerializedValue = [
      "name": "resize", "sizes": [1, 2.5, 1e20], "none": nil, "yes": "no", "empty": [], "nested": ["a": ["b": true]],
      "bytes": .bytes([1, 2, 3]), "text": "a: b\n",
    ]
    let text = String(decoding: try Serializer.yaml.document(value), as: UTF8.self)
    #expect(
      text == """
        name: resize
        sizes:
          - 1
          - 2.5
          - 1.0e+20
        none: null
        "yes": "no"
        empty: []
        nested:
          a:
            b: true
        bytes: !!binary "AQID"
        text: "a: b\\n"

        """)
    #expect(try read(text) == value)
  }

  @Test func readsTheCoreSchema() throws {
    #expect(
      try read("[~, null, true, False, 0x1F, 0o17, +12, -0, 1., .5, 1e3]")
        == [nil, nil, true, false, 31, 15, 12, 0, .float(1), .float(0.5), .float(1000)])
    #expect(
      try read("[.inf, -.INF, 18446744073709551615, 1_000, 1:30, yes, 0x, 1e, -, '1', !!str 1, !!float 1]")
        == [
          .float(.infinity), .float(-.infinity), .unsigned(.max), "1_000", "1:30", "yes", "0x", "1e", "-", "1", "1", 1,
        ])
  }

  /// A few lines of aliases can stand for more values than memory holds, and keys of aliases are slow before that.
  @Test func refusesAliasesButNotTextThatLooksLikeThem() throws {
    let error = #expect(throws: SerializationError.self) { try read("a: &x [1]\nb: *x\n") }
    #expect(error?.reason == .unsupported)
    var bomb = "a0: &a0 [x, x]\n"
    for level in 1...40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(throws: SerializationError.self) { try read(bomb + "? *a40\n: 1\n") }
    #expect(try read("[\"*a\", '&b', 2 * 3 & 4]") == ["*a", "&b", "2 * 3 & 4"])
    #expect(try read("- &anchor 1") == [1])
  }

  @Test func isLimitedBeforeTheLibraryAllocates() throws {
    let document = Array("[\(String(repeating: "a,", count: 10_000))a]".utf8)
    #expect(throws: SerializationError.self) {
      try Serializer.yaml.decode(SerializedValue.self, from: document, limits: .init(allocation: 1 << 20))
    }
    #expect(throws: SerializationError.self) { try read(String(repeating: "[", count: 100_000)) }
    #expect(throws: SerializationError.self) { try read(String(repeating: "- ", count: 100_000)) }
    #expect(throws: SerializationError.self) { try read("") }
    #expect(throws: SerializationError.self) { try read("1\n---\n2") }
    #expect(throws: SerializationError.self) { try read("!!timestamp 2026-01-01") }
  }
}
