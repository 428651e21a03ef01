import Serialization
import Testing

@Suite struct SerializerTests {
  /// Messages that were stored by an older build are read by a newer one.
  @Test func codesNeverChange() {
    let codes = Serializer.allCases.map { "\($0.code) \($0.rawValue)" }.sorted()
    #expect(codes == ["1 json", "2 yaml", "3 messagepack", "4 plist", "5 cbor", "6 protobuf", "7 raw"])
    for serializer in Serializer.allCases { #expect(Serializer(code: serializer.code) == serializer) }
    #expect(Serializer(code: 0) == nil)
    #expect(Serializer(code: 8) == nil)
  }

  @Test func isFoundByItsContentType() {
    for serializer in Serializer.allCases { #expect(Serializer(contentType: serializer.contentType) == serializer) }
    #expect(Serializer(contentType: "Application/JSON; charset=utf-8") == .json)
    #expect(Serializer(contentType: "application/msgpack") == .messagepack)
    #expect(Serializer(contentType: "application/x-python-serialize") == nil)
    #expect(Serializer(contentType: "") == nil)
  }
}
