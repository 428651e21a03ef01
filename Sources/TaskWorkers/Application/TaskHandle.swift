import Platform
import Serialization

/// Tasks whose results an application keeps for as long as somebody holds this, and they have not expired.
final class HeldTasks: Sendable {
  let desk: ResultDesk
  let clock: any TimeSource
  /// Content types of results that may be decoded.
  let accepted: Set<Serializer>
  private let tasks: [TaskIdentifier]

  /// Holds the tasks, the result of each for so many nanoseconds; nil when they are too many.
  init?(
    _ lifetimes: [TaskIdentifier: Int64], in desk: ResultDesk, clock: any TimeSource,
    accepting accepted: Set<Serializer>
  ) {
    guard desk.hold(lifetimes) else { return nil }
    self.desk = desk
    self.clock = clock
    self.accepted = accepted
    tasks = Array(lifetimes.keys)
  }

  deinit { desk.release(tasks) }

  /// When a wait that begins now is over.
  func deadline(_ timeout: Duration?) -> Int64? { timeout.map { clock.now().advanced(upTo: $0.wholeNanoseconds) } }
}

/// A task that was sent: what the field calls its result.
///
/// The result is pushed to it and kept until the last copy of the handle goes, or until it expires (`TaskOptions.resultExpires`).
public struct TaskHandle<Output: Sendable>: Sendable {
  /// The task.
  public let identifier: TaskIdentifier
  /// The tasks that follow this one as its links, in their order.
  public let children: [TaskIdentifier]
  /// The tasks before this one in its workflow, the nearest first: of a chain's last task all others.
  public let parents: [TaskIdentifier]
  private let held: HeldTasks

  init(_ identifier: TaskIdentifier, children: [TaskIdentifier] = [], parents: [TaskIdentifier] = [], held: HeldTasks) {
    self.identifier = identifier
    self.children = children
    self.parents = parents
    self.held = held
  }

  /// What is known of the task: PENDING when nothing is. STARTED and RETRY are heard of with `TaskOptions.trackStarted` alone.
  public var state: TaskState { held.desk.state(of: identifier) }

  /// Whether the task has ended.
  public var isReady: Bool { state.isFinal }

  /// What is known of another task of the same workflow.
  public func state(of task: TaskIdentifier) -> TaskState { held.desk.state(of: task) }

  /// The same task's result as another type: for links and parents.
  public func sibling<Other: Sendable>(_ task: TaskIdentifier, as type: Other.Type) -> TaskHandle<Other> {
    TaskHandle<Other>(task, held: held)
  }

  /// Throws the result away; who waits for it waits no longer.
  public func forget() { held.desk.forget(identifier) }

  /// Waits for the result on this thread.
  /// - Parameter timeout: How long at most; nil for as long as it takes.
  public func get(timeout: Duration? = nil) throws(TaskResultError) -> Output {
    try value(of: try held.desk.wait(for: identifier, timeout: timeout))
  }

  /// Waits for the result without keeping a thread.
  /// - Parameter timeout: How long at most, to about 10 ms; nil for as long as it takes.
  public func value(timeout: Duration? = nil) async throws(TaskResultError) -> Output {
    try value(of: try await held.desk.wait(for: identifier, until: held.deadline(timeout)))
  }

  private func value(of outcome: ReceivedOutcome) throws(TaskResultError) -> Output {
    guard let bytes = outcome.value else {
      let failure = outcome.failure ?? TaskFailure(task: .none, name: "", typeName: "", text: "")
      throw TaskResultError(outcome.state, failure)
    }
    guard held.accepted.contains(bytes.serializer) else { throw .contentDisallowed(bytes.serializer) }
    return try TaskContent.decode(Output.self, from: bytes)
  }
}

/// The results of a group, in the order of its members.
public struct GroupResult<Output: Sendable>: Sendable {
  /// The members' results.
  public let members: [TaskHandle<Output>]

  /// What is known of each member.
  public var states: [TaskState] { members.map(\.state) }
  /// How many members have succeeded.
  public var completedCount: Int { states.count { $0 == .success } }
  /// Whether all members have ended.
  public var isReady: Bool { members.allSatisfy(\.isReady) }
  /// Whether all members have succeeded.
  public var isSuccessful: Bool { states.allSatisfy { $0 == .success } }
  /// Whether a member has failed.
  public var hasFailed: Bool { states.contains { $0.isFinal && $0 != .success } }

  /// Waits for all members on this thread; throws the error of the first one, in their order, that has none.
  /// - Parameter timeout: How long at most for all of them together.
  public func get(timeout: Duration? = nil) throws(TaskResultError) -> [Output] {
    let clock = ContinuousClock()
    let end = timeout.map { clock.now.advanced(by: $0) }
    var outputs: [Output] = []
    outputs.reserveCapacity(members.count)
    for member in members { outputs.append(try member.get(timeout: end.map { clock.now.duration(to: $0) })) }
    return outputs
  }

  /// The same without keeping a thread.
  public func value(timeout: Duration? = nil) async throws(TaskResultError) -> [Output] {
    let clock = ContinuousClock()
    let end = timeout.map { clock.now.advanced(by: $0) }
    var outputs: [Output] = []
    outputs.reserveCapacity(members.count)
    for member in members { outputs.append(try await member.value(timeout: end.map { clock.now.duration(to: $0) })) }
    return outputs
  }

  /// Throws all results away.
  public func forget() { for member in members { member.forget() } }
}
