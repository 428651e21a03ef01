import Distributions
import Platform
import Testing

@testable import Serialization

/// Documents that lie: none of them may trap, and none may cost much more than its limits say.
@Suite struct HostileInputTests {
  /// Everything that a stranger's bytes go through: with a type, without one, and passed over.
  private func read(_ bytes: [UInt8], _ serializer: Serializer, limits: DecodingLimits = DecodingLimits()) {
    _ = try? serializer.decode(SerializedValue.self, from: bytes, limits: limits)
    _ = try? serializer.decode(TaskMessage.self, from: bytes, limits: limits)
    _ = try? serializer.decode([[String: [ByteString?]]].self, from: bytes, limits: limits)
    _ = try? serializer.decode(MessagePackTimestamp.self, from: bytes, limits: limits)
    bytes.withBorrowedBytes { view in
      switch serializer {
      case .json: skip(JSONReader(view, limits: limits))
      case .messagepack: skip(MessagePackReader(view, limits: limits))
      case .cbor: skip(CBORReader(view, limits: limits))
      default: skip(RawReader(view, limits: limits))
      }
    }
  }

  private func skip<Reader: DocumentReader & ~Copyable>(_ reader: consuming Reader) {
    _ = try? reader.skipValue()
    _ = try? reader.text()
    _ = try? reader.extended()
  }

  /// The library would add each further content to a copy of all before it.
  @Test func aProtobufValueWithTwoContentsIsRefused() throws {
    let once = try document([true], .protobuf)
    #expect(try Serializer.protobuf.decode(SerializedValue.self, from: once) == [true])
    #expect(throws: SerializationError.self) {
      _ = try Serializer.protobuf.decode(SerializedValue.self, from: once + once)
    }
  }

  /// Each key used to be written twice: 2^100 steps.
  @Test func mapsThatAreKeysOfMapsAreWrittenOnce() throws {
    var value: SerializedValue = 1
    for _ in 0..<100 { value = .map([SerializedValue.Entry(key: value, value: 2)]) }
    #expect(try document(value, .yaml).count > 100)
  }

  @Test(arguments: nativeFormats)
  func everyTruncationIsRefused(serializer: Serializer) throws {
    var values = RandomValues(for: serializer, seed: 21)
    for _ in 0..<60 {
      let value = SerializedValue.array([values.value(depth: 2), values.value(depth: 2)])
      let bytes = try document(value, serializer)
      guard bytes.count < 3000 else { continue }
      for length in 0..<bytes.count {
        let cut = Array(bytes[..<length])
        #expect(throws: SerializationError.self) { _ = try serializer.decode(SerializedValue.self, from: cut) }
        if length < 400 { read(cut, serializer) }
      }
    }
    let message = try document(TaskMessage.sample, serializer)
    for length in 0..<message.count {
      let cut = Array(message[..<length])
      #expect(throws: SerializationError.self) { _ = try serializer.decode(TaskMessage.self, from: cut) }
    }
  }

  @Test(arguments: nativeFormats, [31, 32] as [UInt64])
  func noMutationTraps(serializer: Serializer, seed: UInt64) throws {
    var values = RandomValues(for: serializer, seed: seed)
    let limits = DecodingLimits(depth: 50, length: 1 << 20, allocation: 1 << 20)
    for round in 0..<100 {
      let original =
        try round % 2 == 0 ? document(TaskMessage.sample, serializer) : document(values.value(depth: 3), serializer)
      for _ in 0..<20 {
        var bytes = original
        for _ in 0...values.random.below(4) where !bytes.isEmpty {
          let place = values.random.below(bytes.count)
          switch values.random.below(4) {
          case 0: bytes.remove(at: place)
          case 1: bytes.insert(UInt8(truncatingIfNeeded: values.random.next()), at: place)
          case 2: bytes[place] ^= 1 << UInt8(values.random.below(8))
          default: bytes[place] = [0xFF, 0x7F, 0x80, 0x00, 0xDD, 0x5B, 0x9F, 0x22][values.random.below(8)]
          }
        }
        read(bytes, serializer, limits: limits)
      }
    }
  }

  @Test(arguments: nativeFormats, [41] as [UInt64])
  func noRandomBytesTrap(serializer: Serializer, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let limits = DecodingLimits(depth: 50, length: 1 << 20, allocation: 1 << 20)
    for _ in 0..<3000 {
      read((0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, serializer, limits: limits)
    }
  }

  /// Heads that claim up to 2^64 - 1 bytes or elements.
  static let claims: [(Serializer, String)] = [
    (.messagepack, "dbffffffff"), (.messagepack, "c6ffffffff"), (.messagepack, "ddffffffff"),
    (.messagepack, "dfffffffff"),
    (.messagepack, "c9ffffffff01"), (.messagepack, "dd7fffffff00"), (.cbor, "7bffffffffffffffff"),
    (.cbor, "5bffffffffffffffff"), (.cbor, "9bffffffffffffffff"), (.cbor, "bbffffffffffffffff"),
    (.cbor, "9b7fffffffffffffff00"), (.cbor, "5f5bffffffffffffffff"), (.cbor, "9affffffff00"), (.raw, "08ffffffff"),
    (.raw, "09ffffffff"), (.raw, "06ffffffff"), (.raw, "08ffffff0300"),
  ]

  @Test(arguments: claims)
  func claimedLengthsAreNotBelieved(serializer: Serializer, hex: String) {
    #expect(throws: SerializationError.self) { _ = try serializer.decode(SerializedValue.self, from: Hex.bytes(hex)) }
    read(Hex.bytes(hex), serializer)
  }

  /// Counted where an allocator counts: run the tests with LD_PRELOAD=libjemalloc.so.2.
  @Test(.enabled(if: AllocationCounters.areAvailable))
  func claimedLengthsAllocateNoMoreThanTheLimit() throws {
    let limits = DecodingLimits(allocation: 1 << 16)
    for (serializer, hex) in Self.claims {
      let bytes = Hex.bytes(hex) + Array(repeating: 0, count: 1 << 16)
      let before = try #require(AllocationCounters.currentThreadAllocatedByteCount())
      _ = try? serializer.decode(SerializedValue.self, from: bytes, limits: limits)
      _ = try? serializer.decode([[Int64]].self, from: bytes, limits: limits)
      let after = try #require(AllocationCounters.currentThreadAllocatedByteCount())
      #expect(after - before < 4 << 16, "\(serializer) \(hex)")
    }
  }

  @Test(arguments: nativeFormats)
  func allocationIsLimited(serializer: Serializer) throws {
    let values: [SerializedValue] = [
      .array(Array(repeating: true, count: 1000)), .string(String(repeating: "x", count: 2000)),
      .map((0..<100).map { .init(key: .string("\($0)"), value: nil) }), .array(Array(repeating: [], count: 500)),
    ]
    for value in values {
      let bytes = try document(value, serializer)
      let error = #expect(throws: SerializationError.self) {
        _ = try serializer.decode(SerializedValue.self, from: bytes, limits: DecodingLimits(allocation: 1000))
      }
      #expect(error?.reason == .allocationLimit(1000), "\(serializer) \(value.kind)")
      #expect(try serializer.decode(SerializedValue.self, from: bytes) == value)
    }
  }

  @Test(arguments: nativeFormats)
  func lengthIsLimited(serializer: Serializer) throws {
    for count in [100, 101] {
      let bytes = try document(String(repeating: "x", count: count) as String, serializer)
      let decode = { try serializer.decode(String.self, from: bytes, limits: DecodingLimits(length: 100)) }
      if count == 100 {
        #expect(try decode().utf8.count == 100)
      } else {
        let error = #expect(throws: SerializationError.self) { _ = try decode() }
        #expect(error?.reason == .lengthLimit(100), "\(serializer)")
      }
    }
  }

  @Test(arguments: nativeFormats)
  func depthIsLimited(serializer: Serializer) throws {
    for depth in [10, 11] {
      var value: SerializedValue = nil
      for level in 0..<depth { value = level % 2 == 0 ? [value] : ["k": value] }
      let bytes = try document(value, serializer)
      let decode = { try serializer.decode(SerializedValue.self, from: bytes, limits: DecodingLimits(depth: 10)) }
      if depth == 10 {
        #expect(try decode() == value)
      } else {
        let error = #expect(throws: SerializationError.self) { _ = try decode() }
        #expect(error?.reason == .depthLimit(10))
      }
    }
  }

  /// A megabyte of opening brackets: the stack holds, whether the value is read or passed over.
  @Test func bottomlessNestingIsRefused() {
    let openings: [(Serializer, [UInt8])] = [
      (.json, [0x5B]), (.json, Array("{\"a\":".utf8)), (.messagepack, [0x91]), (.messagepack, [0x81, 0xA0]),
      (.cbor, [0x81]),
      (.cbor, [0x9F]), (.cbor, [0xC1]), (.cbor, [0xBF, 0x60]), (.raw, [8, 1, 0, 0, 0]),
      (.raw, [10, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]
    for (serializer, opening) in openings {
      let bytes = Array(repeatElement(opening, count: (1 << 20) / opening.count).joined())
      let error = #expect(throws: SerializationError.self) {
        _ = try serializer.decode(SerializedValue.self, from: bytes)
      }
      #expect(error?.reason == .depthLimit(128), "\(serializer) \(opening)")
      read(bytes, serializer)
    }
  }
}
