import Platform
import TaskWorkers
import WorkloadLoops

/// What a worker whose tasks are booked is watched by: enters endings, and says what follows a task.
///
/// It hears of tasks that ran in the worker's lanes when they come back, on the worker's own thread: what a thread of a pool or a child says
/// of a task is in its outcome, and whether the task was begun twice is known to the worker alone.
final class TaskBookkeeper: WorkerObserver {
  private let books: TaskBooks
  private var reader: TaskReplyReader
  /// The task whose end came last.
  private var last = TaskIdentifier.none

  init(_ books: TaskBooks, _ encoding: PayloadEncoding) {
    self.books = books
    reader = TaskReplyReader(encoding)
  }

  func taskReceived(_ envelope: TaskEnvelope, now: Int64) {}
  func taskStarted(_ envelope: TaskEnvelope, now: Int64) {}
  /// It ends with whoever takes it next.
  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64) {}

  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64) {
    guard outcome.state.isFinal else { return }
    last = envelope.identifier
    guard books.isBooked[BookedTask(last).kind] else { return }
    let reply = outcome.state == .success ? reader.read(outcome.value) : nil
    let isDamaged = outcome.state == .success && reply?.stamp.number != BookedTask(last).number
    enter(
      last, isDamaged ? .damaged : TaskBooks.Entry.Ending(outcome),
      isRedelivered: outcome.flags.contains(.isRedelivered),
      start: reply?.startNanoseconds ?? 0, end: reply?.endNanoseconds ?? now)
  }

  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences {
    guard let ending = TaskEnding(outcome, name: message.task) else { return TaskConsequences() }
    // One that could not be sent ends here, without having come.
    if message.identifier != last { enter(message.identifier, .failed, isRedelivered: false, start: 0, end: now) }
    let consequences = books.desk.withLock { $0.consequences(of: message, ending, now: now) }
    for notice in consequences.notices {
      enter(notice.identifier, .cancelled, isRedelivered: false, start: 0, end: now)
    }
    return consequences
  }

  private func enter(
    _ identifier: TaskIdentifier, _ ending: TaskBooks.Entry.Ending, isRedelivered: Bool, start: Int64, end: Int64
  ) {
    let task = BookedTask(identifier)
    books.enter(
      TaskBooks.Entry(
        number: task.number, kind: UInt16(task.kind), member: UInt16(task.member), ending: ending,
        isRedelivered: isRedelivered, startNanoseconds: start, endNanoseconds: end))
  }
}

extension TaskBooks.Entry.Ending {
  /// How a task ended, by its outcome.
  init(_ outcome: TaskOutcome) {
    switch outcome.state {
    case .success: self = .succeeded
    case .revoked: self = outcome.errorType == WorkerErrorName.expired ? .expired : .revoked
    default: self = .failed
    }
  }
}
