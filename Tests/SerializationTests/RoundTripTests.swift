import Serialization
import Testing

/// The formats with a writer and a reader of their own.
let nativeFormats: [Serializer] = [.json, .messagepack, .cbor, .raw]

/// What a format makes of a value.
func document<Value: SerializableValue>(_ value: Value, _ serializer: Serializer) throws -> [UInt8] {
  var bytes = ByteWriter()
  try serializer.encode(value, into: &bytes)
  return bytes.copied()
}

@Suite struct RoundTripTests {
  @Test(arguments: nativeFormats, [1, 2, 3] as [UInt64])
  func anyValueComesBackAsItWas(serializer: Serializer, seed: UInt64) throws {
    var values = RandomValues(for: serializer, seed: seed)
    for step in 0..<1500 {
      let value = values.value()
      let bytes = try document(value, serializer)
      let back = try serializer.decode(SerializedValue.self, from: bytes)
      #expect(back == value, "\(serializer), seed \(seed), step \(step)")
    }
  }

  @Test(arguments: nativeFormats)
  func aRecordComesBackAsItWas(serializer: Serializer) throws {
    let bytes = try document(TaskMessage.sample, serializer)
    #expect(try serializer.decode(TaskMessage.self, from: bytes) == .sample)
  }

  @Test(arguments: nativeFormats, [4, 5] as [UInt64])
  func typedValuesComeBackAsTheyWere(serializer: Serializer, seed: UInt64) throws {
    var values = RandomValues(for: serializer, seed: seed)
    for step in 0..<500 {
      let seedAndStep: Comment = "\(serializer), seed \(seed), step \(step)"
      let integer = values.integer()
      #expect(try roundTrip(integer, serializer) == integer, seedAndStep)
      #expect(try roundTrip(UInt64(bitPattern: integer), serializer) == UInt64(bitPattern: integer), seedAndStep)
      #expect(
        try roundTrip(Int8(truncatingIfNeeded: integer), serializer) == Int8(truncatingIfNeeded: integer), seedAndStep)
      let float = values.float()
      #expect(try roundTrip(float, serializer).bitPattern == float.bitPattern, seedAndStep)
      let single = Float(bitPattern: UInt32(truncatingIfNeeded: integer) & 0xFF7F_FFFF)
      #expect(try roundTrip(single, serializer).bitPattern == single.bitPattern, seedAndStep)
      let bytes = ByteString(values.bytes())
      #expect(try roundTrip(["x": bytes], serializer) == ["x": bytes], seedAndStep)
      let strings: [String?] = [values.string(), nil, values.string()]
      #expect(try roundTrip(strings, serializer) == strings, seedAndStep)
    }
  }

  private func roundTrip<Value: SerializableValue>(_ value: Value, _ serializer: Serializer) throws -> Value {
    try serializer.decode(Value.self, from: document(value, serializer))
  }

  /// Documents follow one another in the same memory; a failure takes back what it wrote.
  @Test(arguments: nativeFormats)
  func encodingAppendsOrLeavesAlone(serializer: Serializer) throws {
    var bytes = ByteWriter(limit: 100)
    try serializer.encode("one" as String, into: &bytes)
    let count = bytes.count
    #expect(throws: SerializationError.self) {
      try serializer.encode(String(repeating: "x", count: 100), into: &bytes)
    }
    #expect(bytes.count == count)
    try serializer.encode("two" as String, into: &bytes)
    #expect(try serializer.decode(String.self, from: [UInt8](bytes.copied()[count...])) == "two")
  }

  /// What one format has and another lacks is said, not dropped.
  @Test func whatAFormatCannotExpressIsRefused() throws {
    let refused: [(Serializer, SerializedValue)] = [
      (.json, .float(.infinity)), (.json, .float(.nan)), (.json, .negative(1 << 63)), (.json, .tagged(1, 2)),
      (.json, .extended(type: 1, content: [])), (.json, .simple(1)), (.json, [1: 2]),
      (.messagepack, .negative(1 << 63)), (.messagepack, .tagged(1, 2)), (.messagepack, .simple(1)),
      (.cbor, .extended(type: 1, content: [])), (.cbor, .simple(24)),
    ]
    for (serializer, value) in refused {
      let error = #expect(throws: SerializationError.self) {
        _ = try document(SerializedValue.array([value]), serializer)
      }
      #expect(error?.reason == .unsupported, "\(serializer) \(value)")
    }
  }

  /// Raw is the identity for plain bytes, and only for those.
  @Test func plainBytesAreTheirOwnRawDocument() throws {
    #expect(try document([1, 2, 3] as ByteString, .raw) == [1, 2, 3])
    #expect(try Serializer.raw.decode(ByteString.self, from: []) == [])
    #expect(try document([[1, 2, 3]] as [ByteString], .raw) == [1, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3])
    var limited = ByteWriter(limit: 2)
    #expect(throws: SerializationError.self) { try Serializer.raw.encode([1, 2, 3] as ByteString, into: &limited) }
    #expect(limited.count == 0)
  }

  /// The layout is a promise: other programs may read it.
  @Test func rawLayoutIsFixed() throws {
    let arguments = RenderArguments(customer: "ab", amount: 1, currency: "", isDraft: true)
    let layout: [UInt8] = [2, 0, 0, 0, 0x61, 0x62, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 1]
    #expect(try document(arguments, .raw) == layout)
    #expect(try document([nil, -2] as [Int?], .raw) == [2, 0, 0, 0, 0, 1, 0xFE] + [UInt8](repeating: 0xFF, count: 7))
    #expect(try document([true] as SerializedValue, .raw) == [8, 1, 0, 0, 0, 1, 1])
  }
}
