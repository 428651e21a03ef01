import Distributions
import Serialization
import Testing

@Suite struct CrossFormatTests {
  /// Every value comes back from every format that can carry it, to the bit; every other format says that it cannot.
  @Test(arguments: Serializer.allCases, [1, 2, 3, 4] as [UInt64])
  func anyValueSurvivesOrIsRefused(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    var carried = 0
    for step in 0..<1500 {
      let value = values.value(depth: step % 4)
      let place: Comment = "\(serializer), seed \(seed), step \(step): \(value)"
      if serializer.carries(value) {
        carried += 1
        do {
          let document = try serializer.document(value)
          let back = try serializer.decode(SerializedValue.self, from: document)
          #expect(back.isIdentical(to: value), "\(place) -> \(back)")
        } catch {
          Issue.record("\(place): \(error)")
        }
      } else if !value.hasBytes || serializer != .json {
        let error = #expect(throws: SerializationError.self, place) { try serializer.document(value) }
        #expect(error?.reason == .unsupported, place)
      }
    }
    #expect(carried > 300)
  }

  /// The same with only those kinds that all formats but JSON carry, so that values get large.
  @Test(arguments: Serializer.allCases.filter { $0 != .json }, [5, 6] as [UInt64])
  func largeValuesSurvive(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    values.kinds = [.bool, .integer, .unsigned, .float, .string, .bytes, .array, .array, .array, .map, .map, .map]
    for step in 0..<60 {
      let value = values.value(depth: 7)
      guard serializer.carries(value) else { continue }
      let back = try serializer.decode(SerializedValue.self, from: try serializer.document(value))
      #expect(back.isIdentical(to: value), "\(serializer), seed \(seed), step \(step)")
    }
  }

  @Test(arguments: Serializer.allCases, [1, 2, 3] as [UInt64])
  func recordsSurviveEveryFormat(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    for step in 0..<300 {
      let record = SampleRecord(&values)
      let document = try serializer.document(record)
      let back = try serializer.decode(SampleRecord.self, from: document)
      #expect(back == record, "\(serializer), seed \(seed), step \(step)")
    }
  }

  @Test(arguments: Serializer.allCases, [1, 2, 3] as [UInt64])
  func recordsSurviveEveryFormatByTheBridge(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    for step in 0..<100 {
      let record = SampleRecord(&values)
      guard serializer != .raw else {
        #expect(throws: SerializationError.self) { try serializer.document(codable: record) }
        continue
      }
      let document = try serializer.document(codable: record)
      let back = try serializer.decode(codable: SampleRecord.self, from: document)
      #expect(back == record, "\(serializer), seed \(seed), step \(step)")
    }
  }

  /// A worker with the fast form understands a client with the bridge, and the other way around.
  @Test(arguments: Serializer.allCases.filter { $0 != .raw }, [1, 2, 3] as [UInt64])
  func bridgeAndFastFormReadEachOther(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    for step in 0..<100 {
      let record = SampleRecord(&values)
      let place: Comment = "\(serializer), seed \(seed), step \(step)"
      #expect(try serializer.decode(SampleRecord.self, from: serializer.document(codable: record)) == record, place)
      #expect(try serializer.decode(codable: SampleRecord.self, from: serializer.document(record)) == record, place)
    }
  }

  /// No document of a format, cut or changed anywhere, is more than an error to its reader.
  @Test(arguments: Serializer.allCases, [1, 2] as [UInt64])
  func noMutationTraps(serializer: Serializer, seed: UInt64) throws {
    var values = AnyValues(seed: seed)
    for _ in 0..<40 {
      let document = try serializer.document(SampleRecord(&values))
      for _ in 0..<25 {
        var mutated = document
        for _ in 0..<Int.random(in: 1...3, using: &values.random) {
          mutated[Int.random(in: 0..<mutated.count, using: &values.random)] = UInt8(
            truncatingIfNeeded: values.random.next())
        }
        if Bool.random(using: &values.random) {
          mutated.removeLast(Int.random(in: 1..<mutated.count, using: &values.random))
        }
        _ = try? serializer.decode(SampleRecord.self, from: mutated)
        _ = try? serializer.decode(SerializedValue.self, from: mutated)
        _ = try? serializer.decode(codable: SampleRecord.self, from: mutated)
      }
    }
  }

  @Test(arguments: Serializer.allCases)
  func outputOverTheLimitOfItsWriterIsAnErrorAndLeavesNothing(serializer: Serializer) throws {
    let value: [String] = (0..<100).map { "text number \($0)" }
    var bytes = ByteWriter(limit: 200)
    bytes.append(7)
    let error = #expect(throws: SerializationError.self) { try serializer.encode(value, into: &bytes) }
    #expect(error?.reason == .sizeLimit(200))
    #expect(bytes.copied() == [7])
  }

  @Test(arguments: Serializer.allCases.filter { $0 != .raw })
  func nestingOverTheLimitIsAnError(serializer: Serializer) throws {
    var value = SerializedValue.array([])
    for _ in 0..<9 { value = .array([value]) }
    let document = try serializer.document(value)
    #expect(try serializer.decode(SerializedValue.self, from: document, limits: .init(depth: 10)) == value)
    let error = #expect(throws: SerializationError.self) {
      try serializer.decode(SerializedValue.self, from: document, limits: .init(depth: 9))
    }
    #expect(error?.reason == .depthLimit(9))
  }
}
