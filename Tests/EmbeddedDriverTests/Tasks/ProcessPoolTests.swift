import EmbeddedDriver
import MessageBroker
import Platform
import TaskWorkers
import Testing

/// The pool `processes` from the call to the result: the children are the executable `TaskPeer`, a `WorkerApplication`.
@Suite(.serialized) struct ProcessPoolTests {
  private func with(
    dying options: TaskOptions = TaskOptions(), _ settings: ApplicationSettings = ApplicationSettings(),
    prefetchMultiplier: Int = 4, _ body: (TaskApplication) throws -> Void
  ) throws {
    var registry = TaskRegistry()
    registry.register(Square.self)
    // Done by the children alone: here its options count.
    registry.register(Die.name, options: options) { _, _ in }
    registry.register(Dawdle.self)
    let application = try TaskApplication(registry: registry, broker: Broker(), settings: settings)
    let own = try ChildProcess.ownExecutablePath()
    let path = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "TaskPeer"
    let program = TaskChildProgram(executable: String(path), arguments: ["task-child"])
    let node = try application.startWorkers(
      WorkerNodeOptions {
        $0.pool = .processes(program)
        $0.prefetchMultiplier = prefetchMultiplier
      })
    defer { node.shutdown() }
    try body(application)
  }

  @Test func childrenDoTasksAndResultsComeBack() throws {
    try with { application in
      let handles = try (0..<50).map { try application.delay(Square(n: $0)) }
      for (number, handle) in handles.enumerated() {
        #expect(try handle.get(timeout: .seconds(60)) == number * number)
      }
    }
  }

  @Test func aTaskThatEndsItsProcessFailsAndTheNextOneRuns() throws {
    try with { application in
      let dead = try application.delay(Die())
      let square = try application.delay(Square(n: 4))
      do {
        _ = try dead.get(timeout: .seconds(60))
        Issue.record("the task survived")
      } catch let error as TaskResultError {
        #expect(error.failure?.typeName == WorkerErrorName.workerLost)
      }
      #expect(try square.get(timeout: .seconds(60)) == 16)
    }
  }

  @Test func aTaskThatEndsEveryProcessThatTakesItIsADeadLetter() throws {
    let options = TaskOptions {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
      $0.redeliveryLimit = 2
    }
    try with(dying: options, ApplicationSettings { $0.deadLetters = DeadLetterSettings() }) { application in
      let poison = try application.delay(Die())
      do {
        _ = try poison.get(timeout: .seconds(60))
        Issue.record("the task survived")
      } catch let error as TaskResultError {
        guard case .rejected(let failure) = error else { throw error }
        #expect(failure.typeName == WorkerErrorName.redeliveryLimitExceeded)
      }
      #expect(try application.delay(Square(n: 4)).get(timeout: .seconds(60)) == 16)
      let letters = try application.deadLetters()
      #expect(letters.map(\.task?.identifier) == [poison.identifier] && letters.map(\.reason) == ["rejected"])
    }
  }

  @Test func aHardTimeLimitKillsTheTask() throws {
    try with { application in
      let endless = try application.apply(Dawdle(), ApplyOptions { $0.timeLimit = .milliseconds(100) })
      let square = try application.delay(Square(n: 5))
      do {
        _ = try endless.get(timeout: .seconds(60))
        Issue.record("the task ended")
      } catch let error as TaskResultError {
        guard case .timeLimitExceeded = error else { throw error }
      }
      #expect(try square.get(timeout: .seconds(60)) == 25)
    }
  }
}

extension ProcessPoolTests {
  private func expect(_ answer: String, to command: ControlCommand, of application: TaskApplication) throws {
    #expect(try application.control(command, timeout: .seconds(60), count: 1) == ["worker1": .ok(answer)])
  }

  /// One child never ends its task, which is the one that the worker may have unacknowledged: what comes back meanwhile is another
  /// child's, and was taken beside it.
  @Test func aPoolGrowsAndShrinksWhileItWorks() throws {
    try with(prefetchMultiplier: 1) { application in
      let endless = try application.apply(Dawdle(), ApplyOptions { $0.timeLimit = .seconds(3600) })
      try expect("pool will have 2", to: .poolGrow(1), of: application)
      for number in 0..<20 {
        #expect(try application.delay(Square(n: number)).get(timeout: .seconds(60)) == number * number)
      }
      // The idle one goes; what is sent now waits for the other one.
      try expect("pool will have 1", to: .poolShrink(1), of: application)
      let square = try application.delay(Square(n: 5))
      let answers = try application.control(.stats, timeout: .seconds(60), count: 1)
      guard case .statistics(let statistics)? = answers["worker1"] else {
        Issue.record("no statistics")
        return
      }
      #expect(statistics.concurrency == 1 && !square.isReady)
      _ = try application.control(.revoke([endless.identifier], terminate: true), timeout: .seconds(60), count: 1)
      #expect(try square.get(timeout: .seconds(60)) == 25)
      #expect(endless.state == .revoked)
    }
  }
}

private struct Square: TaskDefinition {
  let n: Int
  func run(_ context: TaskContext) throws -> Int { n * n }
}

private struct Die: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int { 0 }
}

private struct Dawdle: TaskDefinition {
  static var options: TaskOptions { TaskOptions { $0.acksLate = true } }

  func run(_ context: TaskContext) throws -> Int { 0 }
}
