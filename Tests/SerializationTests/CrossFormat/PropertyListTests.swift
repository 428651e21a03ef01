import Distributions
import Foundation
import Serialization
import Testing

@Suite struct PropertyListTests {
  /// Foundation reads what ours wrote; ours reads what Foundation wrote, by way of the bridge, in `CrossFormatTests`.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func foundationReadsOurs(seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    for step in 0..<100 {
      let record = SampleRecord(&values)
      let document = Data(try Serializer.plist.document(record))
      #expect(
        try PropertyListDecoder().decode(SampleRecord.self, from: document) == record, "seed \(seed), step \(step)")
    }
  }

  /// Objects that refer to each other: a few bytes for a value without end, or for 2^60 values.
  @Test func sharedObjectsCountEachTime() throws {
    let loop = plist(objects: [[0xA1, 0]])
    let depth = #expect(throws: SerializationError.self) {
      try Serializer.plist.decode(SerializedValue.self, from: loop)
    }
    #expect(depth?.reason == .depthLimit(128))
    let bomb = plist(objects: (0..<60).map { [0xA2, UInt8($0 + 1), UInt8($0 + 1)] } + [[0x09]])
    let size = #expect(throws: SerializationError.self) {
      try Serializer.plist.decode(SerializedValue.self, from: bomb, limits: .init(allocation: 1 << 20))
    }
    #expect(size?.reason == .allocationLimit(1 << 20))
  }

  /// Foundation's decoder has no limits of its own.
  @Test func sharedObjectsCountForCodableTypesToo() throws {
    let rows = plist(objects: [[0xA4, 1, 1, 1, 1], [0xA4, 2, 2, 2, 2], [0x10, 7]])
    let limited = DecodingLimits(allocation: 1 << 20)
    #expect(
      try Serializer.plist.decode(codable: [[Int]].self, from: rows, limits: limited)
        == Array(repeating: [7, 7, 7, 7], count: 4))
    let bomb = plist(objects: (0..<60).map { [0xA2, UInt8($0 + 1), UInt8($0 + 1)] } + [[0x09]])
    let size = #expect(throws: SerializationError.self) {
      try Serializer.plist.decode(codable: [[Bool]].self, from: bomb, limits: limited)
    }
    #expect(size?.reason == .allocationLimit(1 << 20))
    let dates = [Date(timeIntervalSince1970: 1_784_900_000.25)]
    #expect(
      try Serializer.plist.decode(codable: [Date].self, from: try Serializer.plist.document(codable: dates)) == dates)
  }

  /// Foundation's decoder crashed on documents that are damaged in the right place: a text whose end lies behind the end of all.
  @Test func damagedDocumentsOfCodableTypesAreRefused() throws {
    let document = try Serializer.plist.document(codable: TaskMessage.sample)
    #expect(try Serializer.plist.decode(codable: TaskMessage.self, from: document) == TaskMessage.sample)
    var random = SplitMix64(seed: 7)
    for _ in 0..<3_000 {
      var damaged = document
      let start = random.below(document.count)
      let count = random.below(document.count - start)
      // As the fuzzer does it: a part of the document over another, or a single byte.
      let place = random.below(document.count - count)
      damaged.replaceSubrange(place..<place + count, with: document[start..<start + count])
      damaged[random.below(document.count)] = UInt8(random.below(256))
      _ = try? Serializer.plist.decode(codable: TaskMessage.self, from: damaged)
    }
  }

  @Test func whatFoundationWritesInItsOwnWayIsRead() throws {
    struct Extra: Codable, Equatable {
      var url: URL
      var price: Decimal
      var moments: [Date?]
      var data: Data
    }
    let extra = Extra(
      url: try #require(URL(string: "https://example.org/a?b")), price: Decimal(12.5),
      moments: [Date(timeIntervalSince1970: 1_784_900_000.25), nil], data: Data([1, 2, 3]))
    #expect(
      try Serializer.plist.decode(codable: Extra.self, from: try Serializer.plist.document(codable: extra)) == extra)
  }

  @Test func datesSetsAndUniqueIdsAreRefusedByName() {
    for (object, name) in [([0x33, 0, 0, 0, 0, 0, 0, 0, 0], "a date"), ([0x80, 1], "a unique id"), ([0xC0], "a set")] {
      let error = #expect(throws: SerializationError.self) {
        try Serializer.plist.decode(SerializedValue.self, from: plist(objects: [object.map { UInt8($0) }]))
      }
      #expect(error?.underlying.map { "\($0)" } == "plist cannot carry \(name)")
    }
  }

  /// A document of objects whose references and offsets take one byte each.
  private func plist(objects: [[UInt8]]) -> [UInt8] {
    var document = Array("bplist00".utf8)
    var offsets: [UInt8] = []
    for object in objects {
      offsets.append(UInt8(document.count))
      document += object
    }
    let table = UInt8(document.count)
    document += offsets + [0, 0, 0, 0, 0, 0, 1, 1]
    for number in [UInt8(objects.count), 0, table] { document += [0, 0, 0, 0, 0, 0, 0, number] }
    return document
  }
}
