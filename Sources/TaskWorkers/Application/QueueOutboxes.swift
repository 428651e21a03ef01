import DriverInterface
import Platform

/// The ways out of an application: one for each of its queues, so that a message that one of them has no room for holds up nobody who
/// sends to another, and one for all else.
final class QueueOutboxes: TaskOutbox {
  private struct State {
    /// By queue, each opened when it is first needed.
    var own: [String: any TaskOutbox] = [:]
    /// The common one, and those.
    var all: [any TaskOutbox]
  }

  private let transport: any TaskTransport
  private let queues: Set<String>
  private let common: any TaskOutbox
  private let state: Guarded<State>

  /// Ways out to these queues, to what waits for its time there, and elsewhere.
  init(_ transport: any TaskTransport, queues: [String]) throws(DriverError) {
    self.transport = transport
    self.queues = Set(queues + queues.map(WorkerOptions.etaQueue(of:)))
    common = try transport.openOutbox()
    state = Guarded(State(all: [common]))
  }

  func tryPublish(_ message: OutgoingMessage, now: Int64) throws(TaskSendError) -> Bool {
    try outbox(to: message.destination).tryPublish(message, now: now)
  }

  func drain(now: Int64) -> Int { all.reduce(0) { $0 + $1.drain(now: now) } }

  var held: OutgoingMessage? { allHeld.first }

  /// The messages that wait for room, one for a queue at most.
  var allHeld: [OutgoingMessage] { all.compactMap(\.held) }

  private var all: [any TaskOutbox] { state.withLock { $0.all } }

  private func outbox(to destination: OutgoingMessage.Destination) -> any TaskOutbox {
    // A queue's name is its key on every exchange.
    guard case .route(_, let key) = destination, queues.contains(key) else { return common }
    return state.withLock { state in
      if let known = state.own[key] { return known }
      // A driver that has no more of them: then these queues share one.
      guard let opened = try? transport.openOutbox() else { return common }
      state.own[key] = opened
      state.all.append(opened)
      return opened
    }
  }
}
