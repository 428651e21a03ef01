import EmbeddedDriver
import MessageBroker
import TaskWorkers

/// The stored properties are the arguments, `run` does the work.
struct SendMail: TaskDefinition {
  let to: String
  let text: String

  static let options = TaskOptions {
    $0.autoretryFor = [ServerIsBusy.self]
    $0.maxRetries = 5
    $0.retryBackoff = .milliseconds(20)
    $0.timeLimit = .seconds(10)
  }

  func run(_ context: TaskContext) throws -> Int {
    if context.retries == 0 { throw ServerIsBusy() }
    return text.utf8.count
  }
}

struct ServerIsBusy: Error {}

/// Takes what the tasks before it have returned.
struct CountBytes: TaskWithInput {
  func run(_ input: [Int], _ context: TaskContext) throws -> Int { input.reduce(0, +) }
}

@main
struct Shop: WorkerApplication {
  static func register(in registry: inout TaskRegistry) {
    registry.register(SendMail.self)
    registry.register(CountBytes.self)
  }

  static func run(_ registry: TaskRegistry) throws {
    let application = try TaskApplication(registry: registry, broker: Broker())
    let children = try childProgram()
    let node = try application.startWorkers(
      WorkerNodeOptions {
        $0.pool = .processes(children)
        $0.concurrency = 2
      })

    let mail = try application.delay(SendMail(to: "ada@example.org", text: "Hello, Ada"))
    print("sent", try mail.get(timeout: .seconds(30)), "bytes")

    let mails = try ["ada", "grace"].map { name in
      Workflow.task(try SendMail(to: "\(name)@example.org", text: "Hello, \(name)").signature())
    }
    let letter = Workflow.chord(header: mails, body: .task(try CountBytes().signature()))
    print("sent", try application.apply(letter, as: Int.self).get(timeout: .seconds(30)), "bytes to all")

    node.shutdown()
    application.close()
  }
}
