import Testing

@testable import TaskWorkers

/// Where tasks with a routing key go, whoever sends them and whenever.
@Suite struct RoutingKeyTests {
  private func world(exchange: String = "") throws -> ApplicationWorld {
    try ApplicationWorld {
      $0.queues = ["mail"]
      $0.exchange = exchange
    }
  }

  private func add(_ change: (inout ApplyOptions) -> Void) throws -> Workflow {
    .task(try Add(x: 1, y: 1).signature(ApplyOptions(change)))
  }

  @Test(arguments: ["", "work"])
  func aTaskWithACountdownWaitsAtTheQueueOfItsKey(exchange: String) throws {
    let world = try world(exchange: exchange)
    let options = ApplyOptions {
      $0.routingKey = "mail"
      $0.countdown = .seconds(10)
    }
    _ = try world.application.apply(Add(x: 1, y: 1), options)
    #expect(world.transport.broker.tasks("mail.eta").map(\.queue) == ["mail"])
    #expect(world.transport.broker.count("tasks.eta") == 0)
  }

  @Test func whatFollowsATaskGoesByItsKey() throws {
    let world = try world()
    let next = Workflow.task(try Multiply(by: 2).signature(ApplyOptions { $0.routingKey = "mail" }))
    let late = Workflow.task(
      try Multiply(by: 2).signature(
        ApplyOptions {
          $0.routingKey = "mail"
          $0.countdown = .seconds(10)
        }))
    for follower in [next, late] {
      _ = try world.application.apply(.chain(try add { _ in }, follower), as: Int.self)
    }
    world.run()
    #expect(world.transport.broker.tasks("mail").map(\.task) == ["Multiply"])
    #expect(world.transport.broker.tasks("mail.eta").map(\.task) == ["Multiply"])
  }

  /// Nobody knows where such a key leads, so that no keeper can hold the task for it.
  @Test func aTaskThatIsToWaitForAKeyThatIsNoQueueIsRefused() throws {
    let world = try world(exchange: "work")
    let options = ApplyOptions {
      $0.routingKey = "elsewhere"
      $0.countdown = .seconds(10)
    }
    #expect(throws: TaskSendError.self) { try world.application.apply(Add(x: 1, y: 1), options) }
    let late = Workflow.task(try Multiply(by: 2).signature(options))
    let result = try world.application.apply(.chain(try add { _ in }, late), as: Int.self)
    world.run()
    #expect(result.state == .failure)
  }
}
