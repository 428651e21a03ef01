import EmbeddedDriver
import MessageBroker
import TaskWorkers

/// Tasks of somebody else's package: sent, chained, collected, and done by workers in the same process.
enum TaskExample {
  struct Square: TaskDefinition {
    let n: Int
    func run(_ context: TaskContext) throws -> Int { n * n }
  }

  struct Total: TaskWithInput {
    func run(_ input: [Int], _ context: TaskContext) throws -> Int { input.reduce(0, +) }
  }

  static func run() throws {
    var registry = TaskRegistry()
    registry.register(Square.self)
    registry.register(Total.self)
    let application = try TaskApplication(registry: registry, broker: Broker())
    let node = try application.startWorkers()
    let nine = try application.delay(Square(n: 3)).get(timeout: .seconds(10))
    precondition(nine == 9, "a task returns its result")
    let squares = try (1...3).map { Workflow.task(try Square(n: $0).signature()) }
    let chord = Workflow.chord(header: squares, body: .task(try Total().signature()))
    let sum = try application.apply(chord, as: Int.self).get(timeout: .seconds(10))
    precondition(sum == 14, "a chord's body gets all results")
    node.shutdown()
    application.close()
  }
}
