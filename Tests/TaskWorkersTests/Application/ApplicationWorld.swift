import DriverInterface
import Platform
import Serialization

@testable import TaskWorkers

/// An application, a worker and a keeper over arrays, with a clock that the test moves; everything runs on the test's thread.
final class ApplicationWorld {
  let transport: MemoryTransport
  let application: TaskApplication
  private let pump: ResultPump
  private var worker: any TaskSeat
  private let keeper: any TaskSeat
  let observer: SeatObserver

  init(_ change: (inout ApplicationSettings) -> Void = { _ in }) throws {
    var registry = TaskRegistry()
    registry.register(Add.self)
    registry.register(Multiply.self)
    registry.register(Total.self)
    registry.register(Break.self)
    registry.register(Mourn.self)
    registry.register(Plain.self)
    registry.register(Fill.self)
    registry.register(Measure.self)
    registry.register(Brief.self)
    registry.register(Lasting.self)
    registry.register(Late.self)
    registry.register(Quiet.self)
    registry.register(Tell.self)
    var settings = ApplicationSettings(change)
    settings.seed = settings.seed ?? 5
    transport = MemoryTransport()
    var made: ResultPump?
    application = try TaskApplication(registry, transport, transport.clock, settings) { pump in
      made = pump
      return nil
    }
    guard let made else { preconditionFailure("an application makes its pump") }
    pump = made
    var options = WorkerOptions(queue: "tasks")
    options.acceptContent = application.settings.acceptContent
    worker = transport.openWorker(registry, options, prefetch: 8, children: nil)
    keeper = transport.openKeeper(queue: "tasks")
    observer = SeatObserver(application, hostname: "worker1")
    worker.observe(observer)
  }

  /// Runs until nothing is left to do at this moment.
  func run() {
    let now = transport.clock.now()
    while worker.step(limit: 4, now: now) + keeper.step(limit: 4, now: now) + pump.step() > 0 {}
  }

  /// Lets time pass, and runs.
  func wait(_ duration: Duration) {
    transport.clock.advance(to: transport.clock.now() + duration.wholeNanoseconds)
    run()
  }

  var scheduled: [TaskSummary] { keeper.scheduled }

  func revoke(_ task: TaskIdentifier) { worker.revoke(task, terminate: false, now: transport.clock.now()) }
}

/// The ends of a `MemoryBroker`.
final class MemoryTransport: TaskTransport, @unchecked Sendable {
  // Unchecked, because: tests with it have one thread.
  let broker = MemoryBroker()
  let clock = SimulatedClock()
  private var inboxCount = 0
  /// How many messages each inbox was to have room for.
  private(set) var inboxLimits: [Int] = []

  func declare(_ topology: Topology) {
    for queue in topology.queues where broker.queues[queue.name] == nil {
      broker.declare(queue.name)
      broker.limits[queue.name] = queue.maxLength
    }
  }

  func openOutbox() -> any TaskOutbox { EndpointOutbox(MemoryEndpoint(broker, consuming: "")) }

  func openInbox(_ bindings: [InboxBinding], limit: Int) -> any TaskInbox {
    inboxCount += 1
    inboxLimits.append(limit)
    let name = "inbox-\(inboxCount)"
    let address = broker.declare(name)
    return EndpointInbox(MemoryEndpoint(broker, consuming: name, prefetch: .max), address: address)
  }

  func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) -> any TaskSeat {
    let endpoint = MemoryEndpoint(broker, consuming: options.queue, prefetch: prefetch)
    return WorkerSeat(WorkerCore(endpoint: endpoint, registry: registry, options: options, time: clock))
  }

  func openKeeper(queue: String) -> any TaskSeat {
    let endpoint = MemoryEndpoint(broker, consuming: WorkerOptions.etaQueue(of: queue), routes: [queue])
    return KeeperSeat(EtaKeeper(endpoint: endpoint, now: clock.now(), countLimit: 1000))
  }
}

// MARK: - Tasks

struct Add: TaskDefinition, Equatable {
  let x: Int
  let y: Int

  func run(_ context: TaskContext) throws -> Int { x + y }
}

struct Multiply: TaskWithInput {
  let by: Int

  func run(_ input: Int, _ context: TaskContext) throws -> Int { input * by }
}

struct Total: TaskWithInput {
  func run(_ input: [Int], _ context: TaskContext) throws -> Int { input.reduce(0, +) }
}

struct ValueError: Error, CustomStringConvertible {
  let description: String
}

struct Break: TaskDefinition {
  let text: String
  static var options: TaskOptions {
    TaskOptions {
      $0.maxRetries = 2
      $0.autoretryFor = [PatienceError.self]
      $0.retryBackoff = .seconds(1)
      $0.retryJitter = false
    }
  }

  func run(_ context: TaskContext) throws -> Int {
    if text == "later", context.retries < 2 { throw PatienceError() }
    guard text == "later" else { throw ValueError(description: text) }
    return context.retries
  }
}

struct PatienceError: Error {}

struct Mourn: TaskWithInput {
  func run(_ input: TaskFailure, _ context: TaskContext) throws -> String { "\(input.typeName): \(input.text)" }
}

struct Plain: TaskWithInput {
  func run(_ input: Int?, _ context: TaskContext) throws -> Int { input ?? -1 }
}

struct Fill: TaskDefinition {
  let count: Int
  static var options: TaskOptions { TaskOptions { $0.serializer = .messagepack } }

  func run(_ context: TaskContext) throws -> String { String(repeating: "x", count: count) }
}

/// Its result expires soon.
struct Brief: TaskDefinition {
  static var options: TaskOptions { TaskOptions { $0.resultExpires = .seconds(1) } }
  func run(_ context: TaskContext) throws -> Int { 7 }
}

/// Its result does not expire.
struct Lasting: TaskDefinition {
  static var options: TaskOptions { TaskOptions { $0.resultExpires = .zero } }
  func run(_ context: TaskContext) throws -> Int { 8 }
}

struct Measure: TaskWithInput {
  func run(_ input: String, _ context: TaskContext) throws -> Int { input.utf8.count }
}
