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
