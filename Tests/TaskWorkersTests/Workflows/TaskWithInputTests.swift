import DriverInterface
import Serialization
import Testing

@testable import TaskWorkers

@Suite struct TaskWithInputTests {
  private func envelope<Result>(
    _ input: TaskInput?, _ body: (TaskEnvelope) throws -> Result
  ) throws -> Result {
    var message = TaskMessage("a", identifier: .none, arguments: Signature.named("a").arguments)
    message.input = input
    let bytes = try message.encoded()
    return try unsafe bytes.withUnsafeBytes { buffer in
      let view = unsafe MessageBody(start: buffer.baseAddress!, count: buffer.count)
      return try body(try #require(TaskEnvelope(view)))
    }
  }

  private func value<Value>(_ input: TaskInput?, as type: Value.Type) throws -> Value {
    try envelope(input) { try TaskInput.value(of: $0, as: type) }
  }

  private func part(_ value: Int, _ serializer: Serializer) throws -> TaskInput.Part {
    TaskInput.Part(try TaskContent.encode(value, serializer: serializer, compression: .none))
  }

  @Test func aCallbackGetsTheResultBeforeIt() throws {
    #expect(try value(.single(try part(42, .messagepack)), as: Int.self) == 42)
    #expect(try value(.single(try part(42, .messagepack)), as: Int?.self) == 42)
  }

  @Test func aChordsBodyGetsAListWhateverEachMemberWasSerializedWith() throws {
    let parts = [try part(1, .messagepack), try part(2, .json), try part(3, .raw)]
    #expect(try value(.group(parts), as: [Int].self) == [1, 2, 3])
    #expect(try value(.group(parts), as: [Int]?.self) == [1, 2, 3])
    #expect(try value(.group([]), as: [Int].self) == [])
    #expect(try value(.group(parts), as: TaskInput.self) == .group(parts))
  }

  private func decodedCount(_ parts: [TaskInput.Part], _ limits: DecodingLimits) throws -> Int {
    let contents = try InputContents(parts, limits: limits)
    return parts.indices.count { (try? contents.decode(String.self, at: $0)) != nil }
  }

  /// Each part by itself is within the limit: a message has room for thousands of them.
  @Test func whatDecodingMayTakeIsSharedByAllPartsOfAMessage() throws {
    let text = String(repeating: "x", count: 1000)
    for serializer in [Serializer.messagepack, .cbor] {
      let part = TaskInput.Part(try TaskContent.encode(text, serializer: serializer, compression: .none))
      #expect(try decodedCount([part], DecodingLimits(allocation: 1000)) == 1)
      #expect(try decodedCount([part, part, part, part], DecodingLimits(allocation: 4000)) == 4)
      #expect(try decodedCount([part, part, part, part], DecodingLimits(allocation: 3996)) == 0)
    }
  }

  /// A large part takes nothing from a small one, and the other way round.
  @Test func sharesAreBySize() throws {
    let parts = try [10, 10_000, 10].map { count in
      TaskInput.Part(
        try TaskContent.encode(String(repeating: "x", count: count), serializer: .messagepack, compression: .zstd))
    }
    #expect(try decodedCount(parts, DecodingLimits(allocation: 10_100)) == 3)
    #expect(try decodedCount(parts, DecodingLimits(allocation: 9_000)) == 0)
    #expect(try decodedCount(parts, DecodingLimits(allocation: .max)) == 3)
    #expect(try decodedCount([TaskInput.Part(serializerCode: 3, bytes: [])], DecodingLimits()) == 0)
  }

  @Test func partsThatAreTooLargeTogetherAreRefused() throws {
    let text = String(repeating: "x", count: 1000)
    for compression in [Compression.none, .zlib, .zstd, .lz4] {
      let part = TaskInput.Part(try TaskContent.encode(text, serializer: .messagepack, compression: compression))
      let parts = Array(repeating: part, count: 10)
      #expect(try decodedCount(parts, DecodingLimits(length: 10_030)) == 10)
      #expect(throws: TaskResultError.self) { _ = try decodedCount(parts, DecodingLimits(length: 10_029)) }
    }
  }

  @Test func aTaskThatIsSentAloneHasNoInput() throws {
    #expect(try value(nil, as: Int?.self) == nil)
    #expect(throws: MissingTaskInput.self) { try value(nil, as: Int.self) }
  }

  @Test(arguments: Serializer.allCases) func anErrbackGetsTheFailure(serializer: Serializer) throws {
    let failure = TaskFailure(task: TaskIdentifier(high: 1, low: 2), name: "a", typeName: "ValueError", text: "bad")
    #expect(try value(.single(TaskInput.Part(failure, serializer)), as: TaskFailure.self) == failure)
  }

  @Test func anInputOfAnotherTypeIsRefused() throws {
    let text = TaskInput.single(
      TaskInput.Part(try TaskContent.encode("x", serializer: .messagepack, compression: .none)))
    #expect(throws: TaskResultError.self) { try value(text, as: Int.self) }
    #expect(throws: TaskResultError.self) { try value(.group([try part(1, .messagepack)]), as: Int.self) }
  }
}
