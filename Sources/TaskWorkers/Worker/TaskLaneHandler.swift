public import DriverInterface
public import Platform
public import Serialization

/// Makes the attempts of a pool's worker: in a lane's thread, or in a child process.
public struct TaskLaneHandler: LaneHandler, ~Copyable {
  private var runner: TaskRunner
  private let environment: LaneEnvironment
  private var attempt: UInt64 = 0

  /// A handler of the tasks in `registry`.
  /// - Parameter clock: What time it is.
  public init(registry: TaskRegistry, clock: any TimeSource) {
    environment = LaneEnvironment()
    runner = TaskRunner(TaskTable(registry), environment: TaskEnvironment(clock: clock, lane: environment))
  }

  public mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    if let bundle = MessageBundle(body) { return runBatch(bundle, context, into: &result) }
    // The worker has checked both; a child that knows other tasks than its parent is a fault of the program.
    guard let envelope = TaskEnvelope(body) else { preconditionFailure("a record of a lane is a task") }
    environment.context = context
    attempt += 1
    let isRedelivered = context.isRedelivered || envelope.flags.contains(.isRedelivered)
    let index = runner.table.index(of: envelope.name)
    if index >= 0 {
      _ = runner.run(envelope, index, isRedelivered: isRedelivered, attempt: attempt, softDeadline: .max)
    } else {
      runner.write(.rejected, WorkerErrorName.notRegistered, for: envelope, isRedelivered: isRedelivered)
    }
    result.append(runner.outcome.bytes)
  }

  /// Makes an attempt of each of several messages of one task, all at once.
  private mutating func runBatch(_ bundle: MessageBundle, _ context: LaneContext, into result: inout ByteWriter) {
    var bundle = bundle
    var members: [TaskRunner.Member] = []
    while let message = bundle.next() {
      guard let envelope = TaskEnvelope(message) else { preconditionFailure("a record of a lane is tasks") }
      members.append(
        .init(
          envelope: envelope, isRedelivered: context.isRedelivered || envelope.flags.contains(.isRedelivered)))
    }
    guard let first = members.first else { return }
    environment.context = context
    attempt += 1
    let index = runner.table.index(of: first.envelope.name)
    let endings = index >= 0 ? runner.run(members, index, attempt: attempt, softDeadline: .max) : []
    MessageBundle.begin(members.count, in: &result)
    for (place, member) in members.enumerated() {
      if index >= 0 {
        _ = runner.write(endings[place], for: member.envelope, index, isRedelivered: member.isRedelivered)
      } else {
        runner.write(
          .rejected, WorkerErrorName.notRegistered, for: member.envelope, isRedelivered: member.isRedelivered)
      }
      MessageBundle.append(runner.outcome.bytes, to: &result)
    }
  }
}

/// Where a lane's handler finds what is said about the attempt that it makes.
final class LaneEnvironment: @unchecked Sendable {
  // Unchecked, because: written between attempts by the thread that makes them; what it points at are atomics.
  var context: LaneContext?
}
