import DriverInterface
import Serialization
import Testing

@testable import TaskWorkers

/// What happens to others while one queue has no room, and to tasks whose queue is not there at all. The clock is the test's.
@Suite(.timeLimit(.minutes(1))) struct FullQueueTests {
  private let soon = Duration.milliseconds(1)

  /// A queue without workers used to hold up all calls of its application.
  @Test func aFullQueueHoldsUpNobodyWhoSendsToAnother() throws {
    let world = try ApplicationWorld {
      $0.queues = ["slow"]
      $0.sendTimeout = .milliseconds(20)
    }
    world.transport.broker.blocked = ["slow"]
    let slow = ApplyOptions { $0.queue = "slow" }
    let first = try world.application.apply(Add(x: 1, y: 1), slow)
    #expect(throws: TaskSendError.self) { try world.application.apply(Add(x: 2, y: 2), slow) }
    let sum = try world.application.delay(Add(x: 2, y: 3))
    world.run()
    #expect(try sum.get(timeout: soon) == 5)
    #expect(first.state == .pending && world.transport.broker.count("slow") == 0)
    world.transport.broker.blocked = []
    world.run()
    #expect(world.transport.broker.count("slow") == 1)
  }

  @Test func whatEachFullQueueHoldsBackIsToldWhenTheApplicationCloses() throws {
    let world = try ApplicationWorld {
      $0.queues = ["slow", "slower"]
      $0.sendTimeout = .milliseconds(5)
    }
    world.transport.broker.blocked = ["slow", "slower"]
    let sums = try ["slow", "slower"].map { queue in
      try world.application.apply(Add(x: 1, y: 1), ApplyOptions { $0.queue = queue })
    }
    world.application.close()
    for sum in sums {
      let error = #expect(throws: TaskResultError.self) { try sum.get(timeout: soon) }
      #expect(error?.failure?.typeName == WorkerErrorName.notSent)
    }
  }

  /// A retry that found no room used to hold up every next step of a chain.
  @Test func aFullQueueHoldsUpNothingThatAWorkerSendsElsewhere() throws {
    let world = try ApplicationWorld()
    world.transport.broker.blocked = ["tasks.eta"]
    let late = try world.application.delay(Break(text: "later"))
    world.run()
    let chain = Workflow.chain(.task(try Add(x: 1, y: 2).signature()), .task(try Multiply(by: 2).signature()))
    let product = try world.application.apply(chain, as: Int.self)
    world.run()
    #expect(try product.get(timeout: soon) == 6)
    world.transport.broker.blocked = []
    for _ in 0..<4 { world.wait(.seconds(2)) }
    #expect(try late.get(timeout: soon) == 2)
  }

  /// It used to keep the worker from acknowledging anything, until it had taken all that it may.
  @Test func whatWaitsForAFullQueueKeepsNoOtherTaskUnacknowledged() throws {
    let world = try ApplicationWorld { $0.queues = ["slow"] }
    world.transport.broker.blocked = ["slow"]
    let next = Workflow.task(try Multiply(by: 2).signature(ApplyOptions { $0.queue = "slow" }))
    let held = try world.application.apply(.chain(.task(try Late(n: 1).signature()), next), as: Int.self)
    world.run()
    let others = try (0..<30).map { try world.application.delay(Late(n: $0)) }
    world.run()
    for (number, other) in others.enumerated() { #expect(try other.get(timeout: soon) == number) }
    #expect(held.state == .pending)
    world.transport.broker.blocked = []
    world.run()
    #expect(world.transport.broker.tasks("slow").map(\.task) == ["Multiply"])
  }

  /// A queue may be deleted while something waits for room in it.
  @Test func whoWaitsForATaskWhoseQueueGoesMeanwhileIsTold() throws {
    let world = try ApplicationWorld { $0.queues = ["slow"] }
    world.transport.broker.blocked = ["slow"]
    let next = Workflow.task(try Multiply(by: 2).signature(ApplyOptions { $0.queue = "slow" }))
    let lost = try world.application.apply(.chain(.task(try Late(n: 1).signature()), next), as: Int.self)
    world.run()
    world.transport.broker.queues["slow"] = nil
    world.run()
    let error = #expect(throws: TaskResultError.self) { try lost.get(timeout: soon) }
    #expect(error?.failure?.typeName == WorkerErrorName.notSent)
  }

  /// Nobody used to hear of it.
  @Test(arguments: [nil, Duration.seconds(1)])
  func whoWaitsForATaskBehindAnotherIsToldThatItsQueueIsNotThere(countdown: Duration?) throws {
    let world = try ApplicationWorld()
    let report = try Mourn().signature()
    let lost = try Multiply(by: 2).signature(
      ApplyOptions {
        $0.queue = "nowhere"
        $0.countdown = countdown
        $0.linkError = [report]
      })
    let steps = Workflow.chain(.task(try Add(x: 1, y: 1).signature()), .task(lost))
    let product = try world.application.apply(steps, as: Int.self)
    let total = try world.application.apply(
      .chord(header: [.task(try Add(x: 1, y: 2).signature()), steps], body: .task(try Total().signature())),
      as: Int.self)
    world.run()
    let error = #expect(throws: TaskResultError.self) { try product.get(timeout: soon) }
    #expect(error?.failure?.typeName == WorkerErrorName.notSent && "\(error as Any)".contains("nowhere"))
    let told = product.sibling(product.children[0], as: String.self)
    #expect(try told.get(timeout: soon).hasPrefix(WorkerErrorName.notSent))
    let failure = #expect(throws: TaskResultError.self) { try total.get(timeout: soon) }
    #expect(failure?.failure?.typeName == ChordFailure.typeName)
  }

  /// It used to be acknowledged, and gone.
  @Test(arguments: [false, true]) func aTaskWhoseNextAttemptCannotWaitAnywhereFails(isLate: Bool) {
    let world = TaskWorld()
    let options = TaskOptions {
      $0.acksLate = isLate
      $0.autoretryFor = [TestFailure.self]
    }
    world.registry.register("again", options: options) { _, _ in throw TestFailure() }
    world.broker.queues["tasks.eta"] = nil
    world.apply("again")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.failure] && outcomes.first?.errorType == "TestFailure")
    #expect(worker.endpoint.unacknowledgedCount == 0)
    let counters = worker.counters
    #expect(counters.retried == 0 && counters.failed == 1 && counters.messagesUnsent == 1)
  }

  @Test func aTaskWhoseTimeHasNotComeAndThatCannotWaitAnywhereFails() throws {
    let world = TaskWorld()
    world.registry.register("work") { _, _ in }
    world.broker.queues["tasks.eta"] = nil
    let later = Signature(
      "work", arguments: SerializedBytes([], serializer: .raw), options: ApplyOptions { $0.countdown = .seconds(9) })
    let message = later.message(identifier: TaskIdentifier(high: 1, low: 1), now: world.now)
    world.publish(try message.encoded(), to: "tasks", correlation: 4)
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.errorType) == [WorkerErrorName.notSent])
    #expect(outcomes.first?.errorText.contains("tasks.eta") == true)
    #expect(worker.endpoint.unacknowledgedCount == 0)
  }
}

struct Late: TaskDefinition {
  let n: Int
  static let options = TaskOptions { $0.acksLate = true }

  func run(_ context: TaskContext) throws -> Int { n }
}
