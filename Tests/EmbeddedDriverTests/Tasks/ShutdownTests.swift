import EmbeddedDriver
import MessageBroker
import Platform
import Serialization
import Synchronization
import TaskWorkers
import Testing

/// Shutting down a node in the middle of a task, as its users see it.
@Suite(.timeLimit(.minutes(1))) struct ShutdownTests {
  private func application() throws -> TaskApplication {
    var registry = TaskRegistry()
    registry.register(Patient.self)
    registry.register(Hasty.self)
    return try TaskApplication(registry: registry, broker: Broker())
  }

  /// The task on a thread asks whether it should stop; the one behind it in the same batch has not begun.
  @Test func aColdShutdownGivesBackTheLateTaskThatRunsAndThoseBehindIt() throws {
    let application = try application()
    let node = try application.startWorkers()
    let begun = Patient.begunCount.load(ordering: .relaxed)
    let handles = try (0..<3).map { _ in try application.delay(Patient()) }
    while Patient.begunCount.load(ordering: .relaxed) == begun { spinHint() }
    node.shutdown(.cold())
    #expect(handles.allSatisfy { $0.state == .pending })
    Patient.mayEnd.store(true, ordering: .relaxed)
    let next = try application.startWorkers()
    for handle in handles { _ = try handle.get(timeout: .seconds(30)) }
    next.shutdown()
    application.close()
  }

  @Test func aColdShutdownTellsTheWaiterOfAnEarlyTaskThatItIsLost() throws {
    let application = try application()
    let node = try application.startWorkers()
    let begun = Hasty.begunCount.load(ordering: .relaxed)
    let handle = try application.delay(Hasty())
    while Hasty.begunCount.load(ordering: .relaxed) == begun { spinHint() }
    node.shutdown(.cold())
    let failure = #expect(throws: TaskResultError.self) { try handle.get(timeout: .seconds(30)) }
    #expect(failure?.failure?.typeName == WorkerErrorName.workerLost)
    application.close()
  }
}

/// Ends only when it is asked to, or may.
private struct Patient: TaskDefinition {
  static let begunCount = Atomic<Int>(0)
  static let mayEnd = Atomic<Bool>(false)
  static var options: TaskOptions { TaskOptions { $0.acksLate = true } }

  func run(_ context: TaskContext) throws -> Bool {
    Self.begunCount.wrappingAdd(1, ordering: .relaxed)
    while !Self.mayEnd.load(ordering: .relaxed) { try context.checkStop() }
    return true
  }
}

/// Ends only when it is asked to.
private struct Hasty: TaskDefinition {
  static let begunCount = Atomic<Int>(0)

  func run(_ context: TaskContext) throws -> Bool {
    Self.begunCount.wrappingAdd(1, ordering: .relaxed)
    while true { try context.checkStop() }
  }
}
