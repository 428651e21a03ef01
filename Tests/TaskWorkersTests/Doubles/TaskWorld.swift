import DriverInterface
import Platform
import Serialization
import Synchronization
import TaskWorkers

/// A client, a worker and a keeper over arrays, with a clock that the test moves.
final class TaskWorld {
  typealias Worker = WorkerCore<MemoryEndpoint, SimulatedClock>

  let broker = MemoryBroker()
  let clock = SimulatedClock()
  let replies: UInt64
  var registry = TaskRegistry()
  var options = WorkerOptions(queue: "tasks")
  private var identifiers = TaskIdentifierSource(seed: 3)
  private var lastCorrelation: UInt64 = 0

  init() {
    broker.declare("tasks")
    broker.declare("tasks.eta")
    replies = broker.declare("replies")
  }

  var now: Int64 { clock.now() }

  func wait(_ duration: Duration) {
    clock.advance(
      to: clock.now() + Int64(duration.components.seconds) * 1_000_000_000
        + duration.components.attoseconds / 1_000_000_000)
  }

  func worker(prefetch: Int = 1000) -> Worker {
    WorkerCore(
      endpoint: MemoryEndpoint(broker, consuming: "tasks", prefetch: prefetch), registry: registry, options: options,
      time: clock)
  }

  func keeper(countLimit: Int = 1000) -> EtaKeeper<MemoryEndpoint> {
    EtaKeeper(
      endpoint: MemoryEndpoint(broker, consuming: "tasks.eta", routes: ["tasks"]), now: now, countLimit: countLimit)
  }

  /// Sends a task as a client does; returns its identity.
  @discardableResult
  func apply(
    _ task: String, _ arguments: [UInt8] = [], serializer: Serializer = .raw,
    _ change: (inout ApplyOptions) -> Void = { _ in }
  ) -> TaskIdentifier {
    let signature = Signature(
      task, arguments: SerializedBytes(arguments, serializer: serializer), options: ApplyOptions(change))
    let message = signature.message(
      identifier: identifiers.next(), options: registry[task]?.options, now: now)
    send(message)
    return message.identifier
  }

  func send(_ message: TaskMessage) {
    lastCorrelation += 1
    guard let bytes = try? message.encoded() else { preconditionFailure("the test's message cannot be written") }
    publish(bytes, to: message.eta > now ? "tasks.eta" : "tasks", correlation: lastCorrelation)
  }

  func publish(_ bytes: [UInt8], to queue: String, correlation: UInt64 = 0) {
    _ = broker.publish(
      MemoryBroker.Message(bytes: bytes, correlation: correlation, replyTo: correlation == 0 ? 0 : replies), to: queue)
  }

  /// What the client has heard since it last asked.
  func outcomes() -> [SeenOutcome] { broker.takeOutcomes("replies") }
}

/// What handlers have seen, in order.
final class Journal: Sendable {
  private let entries = Guarded<[String]>([])

  func note(_ text: String) { entries.withLock { $0.append(text) } }
  var all: [String] { entries.withLock { $0 } }
}

struct TestFailure: Error, CustomStringConvertible {
  var description: String { "as the test wanted" }
}
struct OtherFailure: Error {}
