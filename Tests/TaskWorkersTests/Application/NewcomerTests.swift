import Serialization
import Testing

@testable import TaskWorkers

private enum Mail {
  struct Send: TaskDefinition {
    func run(_ context: TaskContext) throws -> Int { 1 }
  }
}

private enum Chat {
  struct Send: TaskDefinition {
    func run(_ context: TaskContext) throws -> Int { 2 }
  }
}

/// What somebody does first who comes from another task queue.
@Suite(.timeLimit(.minutes(1))) struct NewcomerTests {
  private let soon = Duration.milliseconds(1)

  /// The second used to take the messages of the first.
  @Test func twoTypesOfOneNameStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      var registry = TaskRegistry()
      registry.register(Mail.Send.self)
      registry.register(Chat.Send.self)
    }
  }

  @Test func aTypeMayBeRegisteredTwiceAndAHandlerReplaced() {
    var registry = TaskRegistry()
    registry.register(Mail.Send.self)
    registry.register(Mail.Send.self)
    registry.register("Send", options: TaskOptions { $0.priority = 3 }) { _, _ in }
    #expect(registry.entries.map(\.name) == ["Send", "Send.map"])
    #expect(registry["Send"]?.options.priority == 3)
  }

  /// It used to fail once its work was done, since nothing is not `Codable`.
  @Test(arguments: Serializer.allCases.filter { $0 != .raw }, [Compression.none, .lz4])
  func aTaskMayReturnNothing(serializer: Serializer, compression: Compression) throws {
    let world = try ApplicationWorld()
    let options = ApplyOptions {
      $0.serializer = serializer
      $0.compression = compression
    }
    let quiet = try world.application.apply(Quiet(), options)
    world.run()
    try quiet.get(timeout: soon)
    #expect(quiet.state == .success)
  }

  /// How many members a group has is often the data's to say. It used to stop the program.
  @Test(arguments: [0, 2]) func aGroupThatIsSentAsATaskSaysWhatToDo(count: Int) throws {
    let world = try ApplicationWorld()
    let group = Workflow.group(try (0..<count).map { .task(try Add(x: $0, y: $0).signature()) })
    let error = #expect(throws: TaskSendError.self) { try world.application.apply(group, as: Int.self) }
    #expect(error?.description.contains("applyGroup") == true)
    let results = try world.application.applyGroup(group, as: Int.self)
    world.run()
    #expect(try results.get(timeout: soon) == (0..<count).map { 2 * $0 })
  }

  /// It used to wait as long as the options say, three minutes by default.
  @Test func aRetryWhoseMomentIsPastDoesNotWait() throws {
    let world = try ApplicationWorld()
    let tried = try world.application.apply(Tell(), ApplyOptions { $0.headers = ["wait": "-5"] })
    world.run()
    #expect(try tried.get(timeout: soon) == ["1", "-5"])
  }

  /// Typed tasks used to be unable to read them.
  @Test func aTaskReadsTheHeadersOfItsCallInEveryAttempt() throws {
    let world = try ApplicationWorld()
    let told = try world.application.apply(Tell(), ApplyOptions { $0.headers = ["tenant": "acme", "trace": "7"] })
    world.run()
    #expect(try told.get(timeout: soon) == ["1", "acme", "7"])
    let plain = try world.application.delay(Tell())
    world.run()
    #expect(try plain.get(timeout: soon) == ["1"])
  }
}

/// Its result, which is nothing, is compressed.
struct Quiet: TaskDefinition {
  static let options = TaskOptions { $0.compression = .zstd }
  func run(_ context: TaskContext) throws {}
}

struct Tell: TaskDefinition {
  func run(_ context: TaskContext) throws -> [String] {
    let wait = context.headers["wait"].flatMap { Int($0) } ?? 0
    if context.retries == 0 { throw context.retry(countdown: .seconds(wait)) }
    return ["\(context.retries)"] + context.headers.sorted { $0.key < $1.key }.map(\.value)
  }
}
