import Serialization
import Testing

/// What a record of a type makes of a document that somebody else wrote.
@Suite(.serialized) struct RecordTests {
  static let named: [Serializer] = [.json, .messagepack, .cbor]

  private func decode(_ value: SerializedValue, _ serializer: Serializer) throws -> RenderArguments {
    try serializer.decode(RenderArguments.self, from: document(value, serializer))
  }

  @Test(arguments: named)
  func fieldsComeInAnyOrderAndUnknownOnesArePassedOver(serializer: Serializer) throws {
    let value: SerializedValue = [
      "is_draft": true, "new": [["deep": [1, 2.5, nil, "\u{1}\"x"]], [:], []], "currency": "EUR", "amount": 3,
      "curren": "no", "": 0, "customer": "Ada",
    ]
    let expected = RenderArguments(customer: "Ada", amount: 3, currency: "EUR", isDraft: true)
    #expect(try decode(value, serializer) == expected)
  }

  @Test(arguments: named)
  func ofAFieldThatComesTwiceTheLastCounts(serializer: Serializer) throws {
    #expect(try decode(["currency": "EUR", "currency": "USD"], serializer).currency == "USD")
  }

  @Test(arguments: named)
  func aMissingFieldIsNamed(serializer: Serializer) throws {
    let error = #expect(throws: SerializationError.self) {
      _ = try serializer.decode(TaskMessage.self, from: document([:] as SerializedValue, serializer))
    }
    #expect(error?.reason == .missingField("id"))
    #expect("\(error!)".contains("the record has no field 'id'"))
  }

  @Test(arguments: named)
  func aFieldOfAnotherKindIsAMismatchAtItsPlace(serializer: Serializer) throws {
    let bytes = try document(["currency": 7] as SerializedValue, serializer)
    let error = #expect(throws: SerializationError.self) {
      _ = try serializer.decode(RenderArguments.self, from: bytes)
    }
    #expect(error?.reason == .typeMismatch)
    #expect(error?.offset == bytes.count - (serializer == .json ? 2 : 1))
  }

  @Test(arguments: named)
  func keysThatAreNoTextArePassedOver(serializer: Serializer) throws {
    guard serializer != .json else { return }
    #expect(try decode([7: [1, 2], nil: 1, "amount": 2, [1]: 3], serializer).amount == 2)
  }

  @Test(arguments: named)
  func numbersOutOfRangeAreRefused(serializer: Serializer) throws {
    let refused: [(SerializedValue, any SerializableValue.Type)] = [
      (128, Int8.self), (-129, Int8.self), (-1, UInt8.self), (256, UInt8.self), (.unsigned(1 << 63), Int64.self),
      (-1, UInt64.self), (70_000, UInt16.self),
    ]
    for (value, type) in refused {
      let bytes = try document(value, serializer)
      let error = #expect(throws: SerializationError.self) { _ = try serializer.decode(type, from: bytes) }
      #expect(error?.reason == .outOfRange, "\(value) as \(type)")
    }
    #expect(try serializer.decode(Int8.self, from: document(-128 as SerializedValue, serializer)) == -128)
    #expect(try serializer.decode(UInt64.self, from: document(UInt64.max, serializer)) == .max)
    #expect(try serializer.decode(Double.self, from: document(3 as SerializedValue, serializer)) == 3)
  }

  @Test(arguments: named)
  func somethingAfterTheValueIsRefused(serializer: Serializer) throws {
    let error = #expect(throws: SerializationError.self) {
      _ = try serializer.decode(Bool.self, from: document(true, serializer) + [0x31])
    }
    #expect(error?.reason == .trailingBytes)
  }
}
