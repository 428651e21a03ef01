import DriverInterface
import Serialization
import TaskWorkers
import WorkloadLoops

/// The built-in task of one kind as workers call it, wherever they run it: one message at a time, or several at once.
struct BuiltInTask: Sendable {
  let body: TaskBody
  /// How its arguments and results travel.
  let encoding: PayloadEncoding
  /// What tasks get from those before them, where a task's identity says which one it is; nil where each is one by itself.
  let inputs: WorkflowInputs?
  /// Where the beginnings of attempts are counted, if they are.
  let tally: TaskTally?

  /// Makes one attempt.
  /// - Throws: what the task fails with.
  func run(_ invocation: borrowing TaskInvocation, into writer: inout ByteWriter) throws {
    tally?.noteBeginning()
    var member = 0
    if let inputs {
      let task = BookedTask(invocation.identifier)
      if let words = inputs.damage(of: invocation.envelope, task, encoding) { throw body.damage(task.number, words) }
      member = task.member
    }
    try body.run(
      invocation.arguments, serializer: invocation.serializer, attempt: Int(invocation.envelope.retries),
      member: member, into: &writer, checkStop: { try invocation.checkStop() })
  }

  /// Does several tasks at once: checks what each was sent, does the work of the longest, and answers each.
  /// - Throws: what all fail with that were sent well, because they are told to stop.
  func run(_ batch: inout TaskBatch) throws {
    let start = body.begin()
    let items = batch.items
    var checked: [(index: Int, part: TaskBody.Part)] = []
    for (index, item) in items.enumerated() {
      tally?.noteBeginning()
      do { checked.append((index, try check(item))) } catch { batch.fail(index, with: error) }
    }
    try body.work(for: checked.map(\.part), since: start) { try batch.checkStop() }
    for (index, part) in checked {
      var writer = ByteWriter(capacity: TaskReply.byteCount)
      do {
        try body.answer(
          part, since: start, serializer: items[index].arguments.serializer, attempt: items[index].retries,
          into: &writer)
        batch.succeed(index, with: writer.copied())
      } catch {
        batch.fail(index, with: error)
      }
    }
  }

  private func check(_ item: TaskBatch.Item) throws -> TaskBody.Part {
    var member = 0
    if let inputs {
      let task = BookedTask(item.identifier)
      if let words = inputs.damage(of: item.input, task, encoding) { throw body.damage(task.number, words) }
      member = task.member
    }
    return try item.arguments.bytes.withBody { bytes throws in
      try body.check(bytes, serializer: item.arguments.serializer, member: member)
    }
  }
}
