import DriverInterface
import Platform

/// What an application hears from one of its workers: keeps what is being executed, publishes events, and says what follows a task.
///
/// Called on the worker's thread. Without events, what runs on that thread is shown by `running`; what is done elsewhere costs a short
/// lock, which inspection alone ever contends.
final class SeatObserver: WorkerObserver, Sendable {
  private struct Current {
    var task = TaskIdentifier.none
    var retries: UInt32 = 0
    var since: Int64 = 0
    /// Kept when the task is over, so that the next name finds its memory.
    var name: [UInt8] = []
  }

  /// One for each task that is being executed; those without a task are free.
  private let current = Guarded<[Current]>([])
  /// What runs on the worker's own thread.
  let running: RunningTask? = RunningTask()
  private let application: TaskApplication
  private let hostname: String
  private let events: EventSwitch

  /// What is heard of the workers of one node; of one that there is no node for, if nobody says whose switch it goes by.
  init(_ application: TaskApplication, hostname: String, events: EventSwitch? = nil) {
    self.application = application
    self.hostname = hostname
    self.events = events ?? application.events.makeSwitch()
  }

  /// While events are on.
  var hearsTasks: Bool { events.isOn }

  /// The tasks that are being executed.
  var active: [TaskSummary] {
    let elsewhere = told
    guard let sight = running?.sight, !elsewhere.contains(where: { $0.id == sight.identifier }) else {
      return elsewhere
    }
    let name = application.registry.entries[sight.index].name
    return elsewhere + [TaskSummary(id: sight.identifier, name: name, retries: sight.retries, moment: sight.since)]
  }

  /// The tasks that came with those and have not had their turn.
  var reserved: [TaskSummary] {
    (running?.waiting ?? []).filter { $0.index >= 0 }.map { sight in
      TaskSummary(id: sight.identifier, name: application.registry.entries[sight.index].name, retries: sight.retries)
    }
  }

  /// Those that it was told of.
  private var told: [TaskSummary] {
    current.withLock { current in
      current.filter { $0.task != .none }.map { entry in
        TaskSummary(
          id: entry.task, name: String(decoding: entry.name, as: UTF8.self), retries: entry.retries,
          moment: entry.since)
      }
    }
  }

  func taskReceived(_ envelope: TaskEnvelope, now: Int64) {
    if events.isOn { publish(.taskReceived, envelope, now) }
  }

  func taskStarted(_ envelope: TaskEnvelope, now: Int64) {
    current.withLock { current in
      let place = current.firstIndex { $0.task == .none } ?? current.count
      if place == current.count { current.append(Current()) }
      current[place].task = envelope.identifier
      current[place].retries = envelope.retries
      current[place].since = now
      current[place].name.removeAll(keepingCapacity: true)
      unsafe current[place].name.append(contentsOf: envelope.name.bytes)
    }
    if events.isOn { publish(.taskStarted, envelope, now) }
  }

  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64) { forget(envelope) }

  /// It is no longer being executed.
  private func forget(_ envelope: TaskEnvelope) {
    current.withLock { current in
      guard let place = current.firstIndex(where: { $0.task == envelope.identifier }) else { return }
      current[place].task = .none
    }
  }

  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64) {
    forget(envelope)
    guard events.isOn, let kind = TaskEvent.Kind(ending: outcome.state) else { return }
    publish(kind, envelope, now) { event in
      if outcome.state == .success {
        event.runtimeNanoseconds = runtimeNanoseconds
      } else {
        event.exception = outcome.exception
      }
      guard outcome.state == .revoked else { return }
      event.isExpired = outcome.errorType == WorkerErrorName.expired
      event.isTerminated = event.isExpired != true && runtimeNanoseconds > 0
    }
  }

  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences {
    guard let ending = TaskEnding(outcome, name: message.task) else { return TaskConsequences() }
    var consequences = application.workflows.withLock { $0.consequences(of: message, ending, now: now) }
    for index in consequences.messages.indices { application.complete(&consequences.messages[index]) }
    if events.isOn {
      for message in consequences.messages {
        application.events.publish(TaskEvent(sent: message, hostname: hostname, timestamp: now), now: now)
      }
    }
    return consequences
  }

  private func publish(
    _ kind: TaskEvent.Kind, _ envelope: TaskEnvelope, _ now: Int64, _ change: (inout TaskEvent) -> Void = { _ in }
  ) {
    var event = TaskEvent(
      kind, hostname: hostname, timestamp: now, task: envelope.identifier, name: envelope.name.text,
      retries: envelope.retries)
    if kind == .taskReceived {
      event.root = envelope.identifier(of: .rootID)
      event.parent = envelope.identifier(of: .parentID)
    }
    change(&event)
    application.events.publish(event, now: now)
  }
}

extension TaskEvent.Kind {
  /// The event of a task that ended, or whose attempt did.
  init?(ending state: TaskState) {
    switch state {
    case .success: self = .taskSucceeded
    case .failure: self = .taskFailed
    case .rejected: self = .taskRejected
    case .revoked: self = .taskRevoked
    case .retry: self = .taskRetried
    case .pending, .received, .started: return nil
    }
  }
}

extension TaskOutcome {
  /// Type and text of the error.
  fileprivate var exception: String { errorText.isEmpty ? errorType : "\(errorType): \(errorText)" }
}
