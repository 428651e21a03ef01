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

  /// Those without room used to be dropped after half a minute, and nobody counted them.
  @Test func tasksWhoseTimeHasNotComeOutliveANodeWhoseQueueHasNoRoom() throws {
    var registry = TaskRegistry()
    registry.register(Patient.self)
    let application = try TaskApplication(
      registry: registry, broker: Broker(), settings: ApplicationSettings { $0.queueLength = 8 })
    let first = try application.startWorkers(WorkerNodeOptions { $0.name = "first" })
    let later = ApplyOptions { $0.countdown = .seconds(3600) }
    let handles = try (0..<100).map { _ in try application.apply(Patient(), later) }
    try waitForScheduled(handles, at: "first", application)
    first.shutdown(.cold())
    #expect((80...100).contains(application.stayingEtaCount), "the queues have room for 16, and the worker for 4")
    let second = try application.startWorkers(WorkerNodeOptions { $0.name = "second" })
    #expect(application.stayingEtaCount == 0)
    try waitForScheduled(handles, at: "second", application)
    second.shutdown(.cold())
    let count = application.stayingEtaCount
    application.close()
    #expect(count >= 80 && application.lostEtaCount == count && application.stayingEtaCount == 0)
    #expect(handles.count { $0.state == .failure } == count)
    let failure = #expect(throws: TaskResultError.self) {
      try handles.first { $0.state == .failure }?.get(timeout: .zero)
    }
    #expect(failure?.failure?.typeName == WorkerErrorName.notSent)
  }

  private func waitForScheduled(
    _ handles: [TaskHandle<Bool>], at worker: String, _ application: TaskApplication
  ) throws {
    let expected = Set(handles.map(\.identifier))
    var found: Set<TaskIdentifier> = []
    while found != expected {
      let answers = try application.control(.scheduled, destination: [worker], timeout: .seconds(30))
      guard case .tasks(let tasks)? = answers[worker] else {
        Issue.record("\(answers)")
        return
      }
      found = Set(tasks.map(\.id))
      #expect(tasks.count == found.count, "none is there twice")
    }
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
