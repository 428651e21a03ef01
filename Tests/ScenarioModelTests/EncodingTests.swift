import Testing

@testable import ScenarioModel

@Suite struct EncodingTests {
  private func group(_ workload: String) throws -> Scenario.ProducerGroup {
    try TestFiles("workload: { \(workload) }\nload: { constant: 1k/s, for: 1s }").load().workload.producerGroups[0]
  }

  @Test func payloadsTravelAsTheyAreUnlessTheFileSaysMore() throws {
    #expect(try group("payload: 128B").encoding.isPlain)
    #expect(try group("payload: { shape: bytes, size: 1MiB }").encoding.isPlain)
    #expect(try group("payload: 128B, compression: lz4").encoding == .init(compression: .lz4))
  }

  @Test func allSerializersButRawTakeRecordsWhenNothingIsSaid() throws {
    for serializer in Scenario.Serializer.allCases {
      let encoding = try group("payload: 128B, serializer: \(serializer.rawValue)").encoding
      #expect(encoding.serializer == serializer)
      #expect(encoding.shape == (serializer == .raw ? .bytes : .record))
    }
  }

  @Test func aShapeStandsBesideASizeThatMayBeDrawn() throws {
    let group = try group("payload: { shape: text, size: { lognormal: { p50: 128B, p99: 2KiB } } }, serializer: json")
    #expect(group.encoding.shape == .text)
    #expect(group.payload == .lognormal(p50: 128, p99: 2048))
    #expect(group.payloadByteCount == 256 << 10)
    #expect(try self.group("payload: { shape: numbers }, serializer: cbor").payload == .fixed(128))
  }

  @Test func theResolvedScenarioMeansTheSame() throws {
    let scenario = try TestFiles(
      "workload: { payload: { shape: numbers, size: 1KiB }, serializer: json, compression: zstd }\nload: { constant: 1k/s, for: 1s }"
    ).load()
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.workload.producerGroups[0].encoding == scenario.workload.producerGroups[0].encoding)
    #expect(again.resolvedJSON == scenario.resolvedJSON)
  }

  @Test func anAxisMayBeTheShape() throws {
    let text = """
      workload: { payload: { size: 512B }, serializer: json }
      matrix: { workload.payload.shape: [record, text, numbers] }
      load: { constant: 1k/s, for: 1s }
      """
    let shapes = try TestFiles(text).loadVariants().variants.map {
      $0.scenario.workload.producerGroups[0].encoding.shape
    }
    #expect(shapes == [.record, .text, .numbers])
  }

  static let mistakes: [(text: String, line: Int, column: Int, words: String)] = [
    ("workload: { payload: { shape: text, uniform: [64B, 128B] } }", 1, 37, "size: { uniform"),
    ("workload: { pattern: ring, payload: 64B, serializer: json }", 1, 54, "never encoded"),
    ("workload: { pattern: ring, payload: 64B, compression: lz4 }", 1, 55, "never encoded"),
    ("workload: { payload: { size: 1MiB }, compression: lz4 }", 1, 22, "use 256KiB or less"),
    ("time: virtual\nworkload: { serializer: json, service_time: 1ms }", 2, 11, "time: wall"),
  ]

  @Test(arguments: mistakes)
  func refusesWhatCannotHold(text: String, line: Int, column: Int, words: String) {
    let found = TestFiles(text + "\nload: { constant: 1k/s, for: 1s }").problems()
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.line == line && found.first?.column == column, "\(found)")
    #expect(found.first.map { "\($0.message) \($0.suggestion ?? "")".contains(words) } == true, "\(found)")
  }

  @Test func figuresOfEncodingNeedSomethingToEncode() {
    let rule = "trials: { count: 5, stop_early: { metric: encode_time.p99, ci_width: 5% } }\n"
    let load = "load: { constant: 1k/s, for: 1s }"
    #expect(TestFiles(rule + load).problems().count == 1)
    #expect(TestFiles(rule + "workload: { serializer: json }\n" + load).problems().isEmpty)
  }
}
