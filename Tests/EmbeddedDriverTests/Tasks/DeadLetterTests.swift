import DriverInterface
import EmbeddedDriver
import MessageBroker
import Platform
import Serialization
import Synchronization
import TaskWorkers
import Testing

/// What nobody could do, kept where it can be looked at: over the embedded broker, from the call to the dead letter and back.
@Suite(.timeLimit(.minutes(1))) struct DeadLetterTests {
  private let broker = Broker()

  private func application(
    knowing tasks: Set<String> = ["Poison", "Twice"], _ change: (inout ApplicationSettings) -> Void = { _ in }
  ) throws -> TaskApplication {
    var registry = TaskRegistry()
    if tasks.contains("Poison") { registry.register(Poison.self) }
    if tasks.contains("Twice") { registry.register(Twice.self) }
    return try TaskApplication(
      registry: registry, broker: broker,
      settings: ApplicationSettings {
        $0.deadLetters = DeadLetterSettings()
        change(&$0)
      })
  }

  /// Publishes as somebody does who knows nothing of tasks.
  private func publish(_ bytes: [UInt8], to queue: String) throws {
    var session = try broker.openSession()
    let route = try session.route(exchange: "", key: queue)
    let outcome = session.publish(bytes, route: route, now: MonotonicClock.now())
    #expect(outcome == .accepted)
    _ = session.flush()
  }

  private func wait(until isSo: () throws -> Bool) rethrows {
    let end = MonotonicClock.now() + 50_000_000_000
    while try !isSo(), MonotonicClock.now() < end { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    #expect(try isSo())
  }

  private func rejection<Output>(of handle: TaskHandle<Output>) -> String? {
    do {
      _ = try handle.get(timeout: .seconds(30))
      return nil
    } catch {
      guard case .rejected(let failure) = error else { return nil }
      return failure.typeName
    }
  }

  /// Two workers are shut down in the middle of it, which is as often as it may come back.
  @Test func aPoisonTaskEndsAmongTheDeadLetters() throws {
    let application = try application()
    let poison = try application.delay(Poison())
    for round in 1...2 {
      let node = try application.startWorkers()
      wait { Poison.begunCount.load(ordering: .relaxed) == round }
      #expect(try application.deadLetters().isEmpty)
      node.shutdown(.cold())
    }
    let node = try application.startWorkers()
    #expect(rejection(of: poison) == WorkerErrorName.redeliveryLimitExceeded)
    try wait { try application.deadLetters().count == 1 }
    let letter = try #require(try application.deadLetters().first)
    #expect(letter.task?.identifier == poison.identifier && letter.task?.task == "Poison")
    #expect(letter.queue == "tasks" && letter.reason == "rejected")
    #expect(Poison.begunCount.load(ordering: .relaxed) == 2)
    node.shutdown()
    application.close()
  }

  @Test func whatCannotBeDoneIsKeptInItsOrderAndLookingChangesNothing() throws {
    let application = try application { $0.acceptContent = [.json] }
    let node = try application.startWorkers()
    let unknown = try application.apply(
      Signature("Nobody", arguments: SerializedBytes([0x7B, 0x7D], serializer: .json)), as: Int.self)
    #expect(rejection(of: unknown) == WorkerErrorName.notRegistered)
    let unaccepted = try application.delay(Twice(n: 2))
    #expect(rejection(of: unaccepted) == WorkerErrorName.contentDisallowed)
    let limited = try application.apply(
      Twice(n: 2),
      ApplyOptions {
        $0.serializer = .json
        $0.timeLimit = .seconds(1)
      })
    #expect(rejection(of: limited) == WorkerErrorName.timeLimitUnsupported)
    try publish([1, 2, 3], to: "tasks")
    try wait { try application.deadLetters().count == 4 }
    try publish([4, 5, 6], to: "tasks.eta")
    try wait { try application.deadLetters().count == 5 }
    for _ in 0..<3 {
      let letters = try application.deadLetters()
      #expect(letters.map(\.task?.task) == ["Nobody", "Twice", "Twice", nil, nil])
      #expect(letters.map(\.queue) == ["tasks", "tasks", "tasks", "tasks", "tasks.eta"])
      #expect(letters.suffix(2).map(\.bytes) == [[1, 2, 3], [4, 5, 6]])
      #expect(try application.deadLetters(limit: 2).map(\.task?.task) == ["Nobody", "Twice"])
    }
    node.shutdown()
    application.close()
  }

  /// The worker that did not know the task is followed by one that does.
  @Test func aDeadLetterCanBeSentAgainOrRemoved() throws {
    let old = try application(knowing: [])
    let first = try old.startWorkers()
    let handles = try (1...3).map { try old.delay(Twice(n: $0)) }
    for handle in handles { #expect(rejection(of: handle) == WorkerErrorName.notRegistered) }
    first.shutdown()
    try wait { try old.deadLetters().count == 3 }
    let new = try application(knowing: ["Twice"]) { $0.sendsEvents = true }
    let events = try new.listen(to: "task.succeeded")
    let seen = try new.sortDeadLetters { letter in
      switch letter.task?.identifier {
      case handles[0].identifier: .remove
      case handles[1].identifier: .sendAgain
      default: .keep
      }
    }
    #expect(seen.map(\.task?.identifier) == handles.map(\.identifier))
    let node = try new.startWorkers()
    let done = try #require(events.next(timeout: .seconds(30)))
    #expect(done.task == handles[1].identifier)
    #expect(try new.deadLetters().map(\.task?.identifier) == [handles[2].identifier])
    node.shutdown()
    new.close()
    old.close()
  }

  @Test func aLetterWhoseQueueIsGoneStaysAndItsSenderHearsWhy() throws {
    let application = try application(knowing: []) { $0.queues = ["more"] }
    let node = try application.startWorkers(WorkerNodeOptions { $0.queues = ["more"] })
    let handle = try application.apply(Twice(n: 1), ApplyOptions { $0.queue = "more" })
    #expect(rejection(of: handle) == WorkerErrorName.notRegistered)
    node.shutdown()
    try wait { try application.deadLetters().count == 1 }
    _ = try broker.deleteQueue("more")
    #expect(throws: TaskSendError.self) { try application.sortDeadLetters { _ in .sendAgain } }
    #expect(try application.deadLetters().count == 1)
    application.close()
  }

  @Test func theOldestDeadLetterMakesRoom() throws {
    let application = try application(knowing: []) { settings in
      settings.deadLetters = DeadLetterSettings {
        $0.exchange = "graveyard"
        $0.queue = "graves"
        $0.queueLength = 2
      }
    }
    let node = try application.startWorkers()
    let handles = try (1...3).map { try application.delay(Twice(n: $0)) }
    for handle in handles { #expect(rejection(of: handle) == WorkerErrorName.notRegistered) }
    node.shutdown()
    #expect(try application.deadLetters().map(\.task?.identifier) == handles.suffix(2).map(\.identifier))
    application.close()
  }

  @Test func withoutDeadLettersThereAreNoneToLookAt() throws {
    let application = try application { $0.deadLetters = nil }
    #expect(throws: TaskSendError.self) { try application.deadLetters() }
    application.close()
  }
}

/// Ends only when it is asked to.
private struct Poison: TaskDefinition {
  static let begunCount = Atomic<Int>(0)
  static var options: TaskOptions {
    TaskOptions {
      $0.acksLate = true
      $0.redeliveryLimit = 1
    }
  }

  func run(_ context: TaskContext) throws -> Bool {
    Self.begunCount.wrappingAdd(1, ordering: .relaxed)
    while true { try context.checkStop() }
  }
}

private struct Twice: TaskDefinition {
  let n: Int
  func run(_ context: TaskContext) throws -> Int { 2 * n }
}
