import DriverInterface
import Glibc
import Serialization
import TaskWorkers

/// One record out of this many is treated badly.
private let badOneIn = 40

/// Runs some records twice and says nothing of it: what no child of a pool may do.
struct RepeatingHandler: LaneHandler, ~Copyable {
  private var tasks: TaskLaneHandler
  private var count = 0

  init(_ tasks: consuming TaskLaneHandler) { self.tasks = tasks }

  mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    tasks.run(body, context, into: &result)
    count += 1
    guard count % badOneIn == 0 else { return }
    result.removeAll()
    tasks.run(body, context, into: &result)
  }
}

/// Dies with some records, when their work is done and before anybody hears of it.
struct DyingHandler: LaneHandler, ~Copyable {
  private var tasks: TaskLaneHandler
  /// Whether it dies with each that is run again, too.
  private let diesAgain: Bool
  private var count = 0

  init(_ tasks: consuming TaskLaneHandler, again diesAgain: Bool) {
    self.tasks = tasks
    self.diesAgain = diesAgain
  }

  mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    tasks.run(body, context, into: &result)
    if !context.isRedelivered { count += 1 }
    if context.isRedelivered ? diesAgain : count % badOneIn == 0 { kill(getpid(), SIGKILL) }
  }
}

/// Gives the answer to some records in place of that to the next one.
struct ConfusedHandler: LaneHandler, ~Copyable {
  private var tasks: TaskLaneHandler
  private var count = 0
  private var kept: [UInt8] = []

  init(_ tasks: consuming TaskLaneHandler) { self.tasks = tasks }

  mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    tasks.run(body, context, into: &result)
    count += 1
    if count % badOneIn == 0 {
      result.removeAll()
      result.append(kept)
    }
    kept = result.copied()
  }
}
