import DriverInterface
import Serialization
import TaskWorkers
import WorkloadLoops

extension TaskBooks {
  /// Bytes of a result, at most.
  static let resultByteCount = 512

  /// Checks that the messages of every workflow are small enough: a task's holds all that follow it, and one behind a group all results.
  /// - Throws: `DriverError`, when one is larger than `limit`.
  static func check(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan, limit: Int) throws(DriverError) {
    guard tasks.kinds.count <= BookedTask.kindLimit else {
      throw DriverError(
        .notSupported, "\(tasks.kinds.count) kinds of tasks; up to \(BookedTask.kindLimit) may be booked")
    }
    for kind in tasks.kinds.indices where tasks.kinds[kind].workflow != nil {
      let largest = try largestMessage(of: kind, plan, tasks)
      guard largest <= limit else {
        throw DriverError(
          .notSupported,
          "the workflow \(tasks.kinds[kind].name) needs messages of up to \(largest) bytes; the subject takes up to \(limit) "
            + "bytes: give its tasks a smaller payload")
      }
    }
  }

  /// Bytes of the largest message of all tasks of a plan, at most.
  /// - Throws: `DriverError`, when one cannot be made.
  static func largestMessage(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan) throws(DriverError) -> Int {
    var largest = 0
    for kind in tasks.kinds.indices { largest = max(largest, try largestMessage(of: kind, plan, tasks)) }
    return largest
  }

  private static func largestMessage(
    of kind: Int, _ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan
  ) throws(DriverError) -> Int {
    let encoding = plan.producers[0].encoding
    let clientByteCount = plan.producers.map(\.payloadByteCount).max() ?? 0
    let recipe = WorkflowRecipe(kind, of: tasks)
    let sizes = recipe.kinds.map { kind in
      let byteCount = tasks.kinds[kind].payloadSizes == nil ? clientByteCount : tasks.kinds[kind].payloadByteCount
      return encoding == .plain ? byteCount : PayloadEncoding.largestByteCount(of: byteCount)
    }
    return try largestMessage(of: recipe, sizes, tasks)
  }

  private static func largestMessage(
    of recipe: WorkflowRecipe, _ sizes: [Int], _ tasks: WorkloadPlan.TaskPlan
  ) throws(DriverError) -> Int {
    var identifiers = TaskIdentifierSource(seed: 1)
    // Without arguments: these are added.
    let heads = recipe.workflow { member in
      var signature = Signature(
        tasks.kinds[recipe.kinds[member]].name, arguments: SerializedBytes([], serializer: .raw))
      signature.identifier = BookedTask(SequenceNumber(stream: 0, sequence: 0), kind: 0, member: member).identifier(
        salt: 0)
      return signature
    }.compiled(identifiers: &identifiers).heads
    var largest = zip(recipe.inputCounts, sizes).reduce(0) { max($0, $1.0 * resultByteCount + $1.1) }
    for head in heads {
      do {
        let message = head.message(identifier: identifiers.next(), now: 0)
        largest = max(largest, try message.encoded().count + head.members(sizes))
      } catch {
        throw DriverError(.notSupported, "a workflow of tasks \(head.task) has no message: \(error)")
      }
    }
    return largest
  }
}

extension Signature {
  /// Bytes of the arguments of all tasks that it holds, itself included.
  fileprivate func members(_ sizes: [Int]) -> Int {
    let own = identifier.map { sizes[BookedTask($0).member] } ?? 0
    return (members + chain + chord).reduce(own) { $0 + $1.members(sizes) }
  }
}
