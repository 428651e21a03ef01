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

  @Test func refusesHostileCountsWithoutAllocating() {
    #expect(TaskInput(encoded: [2, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    #expect(TaskInput(encoded: [1, 0, 0, 0, 0]) == nil)
    #expect(TaskInput(encoded: [3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]) == nil)
  }
}
