import EmbeddedDriver
import MessageBroker
import Platform
import Synchronization
import TaskWorkers
import Testing

/// What a node says of tasks that one of its threads has taken behind the one that it executes.
@Suite(.timeLimit(.minutes(1))) struct TakenTasksTests {
  private func answer(_ command: ControlCommand, _ application: TaskApplication) throws -> ControlReply.Answer? {
    try application.control(command, destination: ["worker1"], timeout: .seconds(30))["worker1"]
  }

  @Test func theyAreReservedAndCanBeCalledOff() throws {
    var registry = TaskRegistry()
    registry.register(Gated.self)
    let application = try TaskApplication(registry: registry, broker: Broker())
    // As many as a thread takes at once.
    let handles = try (0..<4).map { try application.delay(Gated(waits: $0 == 0)) }
    let node = try application.startWorkers()
    while !Gated.hasBegun.load(ordering: .relaxed) { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    let identifiers = handles.map(\.identifier)
    guard case .tasks(let active)? = try answer(.active, application),
      case .tasks(let reserved)? = try answer(.reserved, application),
      case .standings(let standings)? = try answer(.queryTask(identifiers), application)
    else {
      Issue.record("the node does not say what it has")
      return
    }
    #expect(active.map(\.id) == [identifiers[0]])
    #expect(reserved.map(\.id) == Array(identifiers.dropFirst()) && reserved.allSatisfy { $0.name == "Gated" })
    #expect(standings.map(\.place) == [.active, .reserved, .reserved, .reserved])
    _ = try answer(.revoke([identifiers[2]], terminate: false), application)
    Gated.mayEnd.store(true, ordering: .relaxed)
    for place in [0, 1, 3] { #expect(try handles[place].get(timeout: .seconds(30)) == true) }
    #expect(throws: TaskResultError.self) { try handles[2].get(timeout: .seconds(30)) }
    #expect(handles[2].state == .revoked)
    node.shutdown()
    application.close()
  }
}

/// Ends when it may.
private struct Gated: TaskDefinition {
  static let hasBegun = Atomic<Bool>(false)
  static let mayEnd = Atomic<Bool>(false)
  static var name: String { "Gated" }
  let waits: Bool

  func run(_ context: TaskContext) -> Bool {
    guard waits else { return true }
    Self.hasBegun.store(true, ordering: .relaxed)
    while !Self.mayEnd.load(ordering: .relaxed) { PrecisionSleep.sleep(nanoseconds: 100_000) }
    return true
  }
}
