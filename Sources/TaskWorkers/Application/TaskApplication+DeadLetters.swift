import DriverInterface
import Platform
import Serialization

/// A message that no worker could do anything with.
public struct DeadLetter: Sendable, Equatable {
  /// The task; nil when the message is none.
  public var task: TaskMessage?
  /// The message as it is.
  public var bytes: [UInt8]
  /// The queue that it left.
  public var queue: String
  /// Why it left, in the words of `x-death`: `rejected` by a worker, of which the task's waiter and the event task-rejected know more;
  /// `expired`, `maxlen` or `delivery_limit` by the queue's own rules.
  public var reason: String
}

/// What becomes of a dead letter that was looked at.
public enum DeadLetterVerdict: Sendable {
  /// It stays where it is.
  case keep
  /// It goes for good.
  case remove
  /// It goes back into the queue that it left, as a message that never came back from there; a task is marked as redelivered, since
  /// attempts at it may have been made. Whoever waited for it has its first outcome.
  case sendAgain
}

extension TaskApplication {
  /// The dead letters, the oldest first; they stay where they are.
  /// - Parameter limit: How many to look at, from 1 to 10,000.
  public func deadLetters(limit: Int = 100) throws(TaskSendError) -> [DeadLetter] {
    try sortDeadLetters(limit: limit) { _ in .keep }
  }

  /// Looks at dead letters, the oldest first, and does with each what `verdict` says. Those that are being looked at are out of others'
  /// sight; one that was sent again and has come back meanwhile stays for the next time.
  /// - Parameter limit: How many to look at, from 1 to 10,000.
  /// - Returns: those that it has looked at.
  /// - Throws: `TaskSendError.unavailable` without `ApplicationSettings.deadLetters`, or when the driver shows none; what kept one from
  ///   being sent again, which then stays, and so do those behind it.
  @discardableResult
  public func sortDeadLetters(
    limit: Int = 100, _ verdict: (DeadLetter) -> DeadLetterVerdict
  ) throws(TaskSendError) -> [DeadLetter] {
    precondition((1...10_000).contains(limit), "the limit is from 1 to 10,000, got \(limit)")
    guard let queue = settings.deadLetters?.queue else {
      throw .unavailable(
        DriverError(.notSupported, "the application keeps no dead letters: set ApplicationSettings.deadLetters"))
    }
    let reader: any DeadLetterReader
    do { reader = try transport.openDeadLetters(of: queue, limit: limit) } catch { throw .unavailable(error) }
    var letters: [DeadLetter] = []
    var sentAgain = Set<DeadLetter.Sameness>()
    var problem: TaskSendError?
    var count = 1
    while problem == nil, letters.count < limit, count > 0 {
      count = reader.take(now: time.now()) { received in
        guard problem == nil, letters.count < limit else { return false }
        let letter = DeadLetter(received)
        guard !sentAgain.contains(letter.sameness) else { return false }
        letters.append(letter)
        switch verdict(letter) {
        case .keep: return false
        case .remove: return true
        case .sendAgain:
          problem = problemSendingAgain(letter)
          sentAgain.insert(letter.sameness)
          return problem == nil
        }
      }
    }
    if let problem { throw problem }
    return letters
  }

  private func problemSendingAgain(_ letter: DeadLetter) -> TaskSendError? {
    do {
      try sendAgain(letter)
      return nil
    } catch { return error }
  }

  private func sendAgain(_ letter: DeadLetter) throws(TaskSendError) {
    var writer = ByteWriter(capacity: letter.bytes.count, limit: max(letter.bytes.count, 1))
    writer.append(letter.bytes)
    if let task = letter.task { EnvelopePatch.markRedelivered(&writer, flags: task.flags) }
    try publish(
      OutgoingMessage(
        bytes: writer.copied(), destination: .route(exchange: "", key: letter.queue),
        priority: letter.task?.priority ?? 0))
  }
}

extension DeadLetter {
  /// What is the same of a letter that was sent again and has come back.
  fileprivate enum Sameness: Hashable {
    case task(TaskIdentifier)
    case bytes([UInt8])
  }

  fileprivate var sameness: Sameness { task.map { .task($0.identifier) } ?? .bytes(bytes) }

  fileprivate init(_ received: ReceivedDeadLetter) {
    bytes = received.body.copy
    task = TaskEnvelope(received.body).map { TaskMessage($0) }
    queue = received.queue
    reason = received.reason
  }
}
