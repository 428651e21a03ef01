import DriverInterface
import TaskWorkers

/// The messages of one request on their way out, one after the other.
struct TaskOutgoing {
  /// The request's number.
  private(set) var correlation: UInt64 = 0
  private var messages: [TaskMessage] = []
  private var sentCount = 0

  /// Takes the messages of the next request; those before are all on their way.
  mutating func hold(_ messages: [TaskMessage]) {
    self.messages = messages
    sentCount = 0
  }

  /// Stages the first of them; false when nothing can be staged.
  mutating func offer<Base: ~Copyable>(to core: inout TaskClientCore<Base>, correlation: UInt64, now: Int64) -> Bool {
    self.correlation = correlation
    return stage(in: &core, now)
  }

  /// Hands over what is staged and stages the next one, until the subject takes no more.
  /// - Returns: one accepted when all are; what became of the first one when that is refused, and with it the request; else one
  ///   remaining. One that is refused later is offered again: those before it count on it.
  mutating func flush<Base: ~Copyable>(through core: inout TaskClientCore<Base>, now: Int64) -> FlushOutcome {
    while sentCount < messages.count {
      let outcome = core.flush(now: now)
      guard outcome.remainingCount == 0 else { return FlushOutcome(remainingCount: 1) }
      if outcome.acceptedCount == 1 {
        sentCount += 1
        guard sentCount < messages.count else { break }
        _ = stage(in: &core, now)
      } else if sentCount == 0 {
        messages = []
        return outcome
      } else {
        _ = stage(in: &core, now)
        return FlushOutcome(remainingCount: 1)
      }
    }
    return FlushOutcome(acceptedCount: 1)
  }

  private func stage<Base: ~Copyable>(in core: inout TaskClientCore<Base>, _ now: Int64) -> Bool {
    let message = messages[sentCount]
    do {
      switch try core.submit(message, route: message.eta > now ? 1 : 0, correlation: correlation, now: now) {
      case .staged: return true
      case .full: return false
      case .tooLarge: break
      }
    } catch {
      preconditionFailure("a task was refused after the plan allowed it: \(error)")
    }
    preconditionFailure("a task was refused after the plan allowed it")
  }
}
