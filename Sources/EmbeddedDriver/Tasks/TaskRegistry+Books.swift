import DriverInterface
import Serialization
import TaskWorkers
import WorkloadLoops

extension TaskRegistry {
  /// The built-in tasks of a plan whose tasks are booked, one for each of its kinds that is no workflow.
  init(_ tasks: WorkloadPlan.TaskPlan, _ bodies: [TaskBody], _ encoding: PayloadEncoding, _ books: TaskBooks) {
    self.init()
    for (kind, body) in zip(tasks.kinds, bodies) where kind.workflow == nil {
      register(kind.name, options: TaskOptions(kind, encoding)) { invocation, writer in
        let task = BookedTask(invocation.identifier)
        if let words = books.damage(of: invocation.envelope, task, encoding) {
          throw body.damage(task.number, words)
        }
        try body.run(
          invocation.arguments, serializer: invocation.serializer, attempt: Int(invocation.envelope.retries),
          member: task.member, into: &writer, checkStop: { try invocation.checkStop() })
      }
    }
  }
}

extension TaskBooks {
  /// What is wrong with the results that a task got from those before it: each must be one of the same request, and all must be there.
  fileprivate func damage(of envelope: TaskEnvelope, _ task: BookedTask, _ encoding: PayloadEncoding) -> String? {
    let expected = recipes[task.kind].inputCounts[task.member]
    guard let bytes = envelope.bytes(of: .input) else {
      return expected == 0 ? nil : "came without the \(expected) results that it follows"
    }
    guard let input = unsafe TaskInput(encoded: bytes.bytes), input.parts.count == expected else {
      return "came with other results than the \(expected) that it follows"
    }
    var reader = TaskReplyReader(encoding)
    for part in input.parts {
      let reply = unsafe part.bytes.withUnsafeBytes { bytes -> TaskReply? in
        guard let start = bytes.baseAddress else { return nil }
        return unsafe reader.read(MessageBody(start: start, count: bytes.count))
      }
      guard reply?.stamp.number == task.number else { return "came with a result that is not of a task before it" }
    }
    return nil
  }
}
