import DriverInterface
import Serialization
import TaskWorkers

/// A broker of arrays for tests of one thread: exact, slow, and everything can be looked at.
final class MemoryBroker {
  struct Message {
    var bytes: [UInt8]
    var correlation: UInt64 = 0
    var replyTo: UInt64 = 0
    var priority: UInt8 = 0
    var returnCount = 0
  }

  /// Queues by name; those that are not there are unroutable.
  var queues: [String: [Message]] = [:]
  /// Most messages in a queue; more are rejected.
  var limits: [String: Int] = [:]
  /// Queues without room whose publishers wait: an end point holds back what is for them.
  var blocked: Set<String> = []
  /// What was refused for good.
  var deadLetters: [Message] = []
  /// Queues by address.
  private(set) var names: [UInt64: String] = [:]

  /// Declares a queue; returns its address.
  @discardableResult
  func declare(_ name: String) -> UInt64 {
    queues[name] = []
    let address = UInt64(names.count + 1)
    names[address] = name
    return address
  }

  func count(_ queue: String) -> Int { queues[queue]?.count ?? 0 }

  /// Puts a message at the end of a queue; false when it is full.
  func publish(_ message: Message, to queue: String) -> Bool {
    guard count(queue) < limits[queue] ?? .max else { return false }
    queues[queue]?.append(message)
    return true
  }

  /// What was said about tasks in a queue, taken out of it.
  func takeOutcomes(_ queue: String) -> [SeenOutcome] {
    let messages = queues[queue] ?? []
    queues[queue] = []
    return messages.compactMap { message in message.bytes.withMessageBody { TaskOutcome($0).map { SeenOutcome($0) } } }
  }

  /// The tasks in a queue.
  func tasks(_ queue: String) -> [TaskMessage] { (queues[queue] ?? []).compactMap(\.bytes.taskMessage) }
}

/// A copy of an outcome.
struct SeenOutcome: Equatable {
  var state: TaskState
  var identifier: TaskIdentifier
  var correlation: UInt64
  var retries: UInt32
  var value: [UInt8]
  var errorType: String
  var errorText: String
  var isRedelivered: Bool

  init(_ outcome: TaskOutcome) {
    state = outcome.state
    identifier = outcome.identifier
    correlation = outcome.correlation
    retries = outcome.retries
    value = outcome.state == .success ? unsafe [UInt8](outcome.value.bytes) : []
    errorType = outcome.errorType
    errorText = outcome.errorText
    isRedelivered = outcome.flags.contains(.isRedelivered)
  }
}

extension SeenOutcome {
  /// The message that a lane's worker writes for a task that returned.
  static func success(of message: TaskMessage, _ value: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    OutcomeWriter.begin(&writer, for: message.identifier, retries: message.retries)
    writer.append(value)
    OutcomeWriter.succeed(
      &writer, serializerCode: message.arguments.serializer.code, compressionCode: Compression.none.code, flags: [])
    return writer.copied()
  }

  /// The one for a task that wants another attempt.
  static func retry(of message: TaskMessage) -> [UInt8] {
    var writer = ByteWriter()
    OutcomeWriter.begin(&writer, for: message.identifier, retries: message.retries)
    OutcomeWriter.retry(&writer, after: nil, errorType: "TestFailure", text: "", flags: [])
    return writer.copied()
  }
}
