import Foundation
import Serialization
import Testing

/// What a format cannot carry is refused by name, never changed in silence.
@Suite struct UnsupportedValueTests {
  private func refusal(of value: SerializedValue, by serializer: Serializer) -> String {
    let error = #expect(throws: SerializationError.self) { try serializer.document(value) }
    #expect(error?.reason == .unsupported)
    return error?.underlying.map { "\($0)" } ?? ""
  }

  @Test func treeFormatsSayWhatTheyCannotCarry() {
    #expect(refusal(of: [nil], by: .plist) == "plist cannot carry null")
    #expect(refusal(of: [1: 2], by: .plist) == "plist cannot carry a map key other than text")
    #expect(refusal(of: [1: 2], by: .protobuf) == "protobuf cannot carry a map key other than text")
    #expect(refusal(of: .tagged(1, 2), by: .protobuf) == "protobuf cannot carry a value with a tag")
    #expect(refusal(of: .simple(7), by: .yaml) == "yaml cannot carry a simple value without a name")
    #expect(refusal(of: .negative(.max), by: .plist) == "plist cannot carry a whole number below the smallest of Int64")
    #expect(refusal(of: [1: 2, "1": 3], by: .yaml) == "yaml cannot carry two keys that read '1'")
    #expect(refusal(of: "\u{FEFF}a", by: .yaml) == "yaml cannot carry text that begins with a byte order mark")
  }

  @Test func jsonHasNeitherInfinitiesNorOtherKeysThanText() {
    for value: SerializedValue in [
      .float(.nan), .float(.infinity), [1: 2], .tagged(1, 2), .extended(type: 1, content: []),
    ] {
      _ = refusal(of: value, by: .json)
    }
    #expect(throws: SerializationError.self) { try Serializer.json.document(codable: Double.nan) }
  }

  @Test func rawRefusesCodableTypesButTakesData() throws {
    let error = #expect(throws: SerializationError.self) { try Serializer.raw.document(codable: [1, 2]) }
    #expect(error?.underlying.map { "\($0)" } == "raw cannot carry a Codable type, which reads by name")
    #expect(try Serializer.raw.document(codable: Data([1, 2, 3])) == [1, 2, 3])
    #expect(try Serializer.raw.decode(codable: Data.self, from: [1, 2, 3]) == Data([1, 2, 3]))
  }

  @Test(arguments: [Serializer.messagepack, .cbor, .yaml, .protobuf])
  func wholeNumbersBeyond64BitsAreRefused(serializer: Serializer) throws {
    let error = #expect(throws: SerializationError.self) { try serializer.document(codable: [Int128.max]) }
    #expect(error?.reason == .unsupported)
    #expect(throws: SerializationError.self) { try serializer.document(codable: [Int128.min]) }
    #expect(throws: SerializationError.self) { try serializer.document(codable: [UInt128.max]) }
    let largest = try serializer.document(codable: [Int128(UInt64.max)])
    #expect(try serializer.decode(codable: [UInt64].self, from: largest) == [.max])
    let smallest = try serializer.document(codable: [Int128(Int64.min)])
    #expect(try serializer.decode(codable: [Int64].self, from: smallest) == [.min])
  }

  /// Text in base64 is what JSON makes of bytes; a type that knows reads it back.
  @Test func jsonsBytesAreBase64() throws {
    let document = try Serializer.json.document(ByteString([1, 2, 255]))
    #expect(String(decoding: document, as: UTF8.self) == "\"AQL/\"")
    #expect(try Serializer.json.decode(ByteString.self, from: document) == [1, 2, 255])
    #expect(try Serializer.json.decode(codable: Data.self, from: document) == Data([1, 2, 255]))
  }
}
