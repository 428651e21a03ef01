import DriverInterface
import Serialization
import TaskWorkers
import WorkloadLoops

/// What a task of a workflow gets from those before it, as far as whoever runs it can check: so many results, all of its own request.
struct WorkflowInputs: Equatable, Sendable {
  /// How many results, by kind of what was asked for, then by the task's place in it.
  let counts: [[Int]]

  init(counts: [[Int]]) { self.counts = counts }

  /// What these recipes say.
  init(_ recipes: [WorkflowRecipe]) { counts = recipes.map(\.inputCounts) }

  /// What is wrong with the results that came with a task; nil when nothing is.
  func damage(of envelope: TaskEnvelope, _ task: BookedTask, _ encoding: PayloadEncoding) -> String? {
    guard let bytes = envelope.bytes(of: .input) else { return damage(of: nil, task, encoding) }
    guard let input = unsafe TaskInput(encoded: bytes.bytes) else { return "came with results that cannot be read" }
    return damage(of: input, task, encoding)
  }

  /// What is wrong with the results that came with a task; nil when nothing is.
  func damage(of input: TaskInput?, _ task: BookedTask, _ encoding: PayloadEncoding) -> String? {
    guard counts.indices.contains(task.kind), counts[task.kind].indices.contains(task.member) else {
      return "came under a name that nobody has given"
    }
    let expected = counts[task.kind][task.member]
    guard let input else { return expected == 0 ? nil : "came without the \(expected) results that it follows" }
    guard input.parts.count == expected else { return "came with other results than the \(expected) that it follows" }
    var reader = TaskReplyReader(encoding)
    for part in input.parts {
      let reply = part.bytes.withBody { reader.read($0) }
      guard reply?.stamp.number == task.number else { return "came with a result that is not of a task before it" }
    }
    return nil
  }
}

extension [UInt8] {
  /// Lends the bytes as a body.
  func withBody<Result>(_ use: (MessageBody) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBytes { buffer in
      let bytes = unsafe BorrowedBytes(buffer)
      return try use(unsafe MessageBody(start: bytes.start, count: bytes.count))
    }
  }
}
