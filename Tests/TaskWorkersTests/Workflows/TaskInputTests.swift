import Testing

@testable import TaskWorkers

@Suite struct TaskInputTests {
  private let inputs: [TaskInput] = [
    .single(TaskInput.Part(serializerCode: 3, compressionCode: 1, bytes: [1, 2, 3])),
    .single(TaskInput.Part(serializerCode: 0, bytes: [])),
    .group([]),
    .group([
      TaskInput.Part(serializerCode: 2, bytes: [9]), TaskInput.Part(serializerCode: 7, compressionCode: 2, bytes: []),
    ]),
  ]

  @Test func comesBackAsItWasWritten() {
    for input in inputs { #expect(TaskInput(encoded: input.encoded()) == input) }
  }

  @Test func refusesWhatIsNotWhole() {
    for input in inputs {
      let bytes = input.encoded()
      for count in 0..<bytes.count { #expect(TaskInput(encoded: bytes.prefix(count)) == nil) }
      #expect(TaskInput(encoded: bytes + [0]) == nil)
    }
  }

  /// Nothing of an input is decoded before all of it is known to be accepted.
  @Test func saysWhetherAllPartsHaveCodesOfASet() {
    func areIn(_ codes: [UInt8], _ input: TaskInput) -> Bool {
      input.encoded().withMessageBody { TaskInput.contentTypes(ofEncoded: $0, areIn: CodeSet(codes: codes)) }
    }
    for input in inputs {
      let codes = input.parts.map(\.serializerCode)
      #expect(areIn(codes, input))
      for code in codes { #expect(!areIn(codes.filter { $0 != code }, input)) }
    }
    #expect(!areIn([1, 2, 3, 4, 5, 6, 7], .single(TaskInput.Part(serializerCode: 200, bytes: []))))
    // Of what is cut off the whole parts are looked at, and no byte behind the end.
    for count in 1..<11 {
      let cut = Array(inputs[0].encoded().prefix(count))
      #expect(cut.withMessageBody { TaskInput.contentTypes(ofEncoded: $0, areIn: CodeSet(codes: [])) })
    }
  }

  @Test func refusesHostileCountsWithoutAllocating() {
    #expect(TaskInput(encoded: [2, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    #expect(TaskInput(encoded: [1, 0, 0, 0, 0]) == nil)
    #expect(TaskInput(encoded: [3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]) == nil)
  }
}
