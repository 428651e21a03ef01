import Platform

/// The results that an application's handles wait for: a ledger behind a lock, and what wakes those who wait.
///
/// Results are pushed: the thread that receives them names the waiters and wakes them. Nobody asks twice.
final class ResultDesk: Sendable {
  private typealias Ledger = ResultLedger<ReceivedOutcome>
  /// What a waiter is told.
  typealias Answer = Result<ReceivedOutcome, TaskResultError>

  private struct State {
    var ledger: Ledger
    var bells: [Ledger.Waiter: any ResultBell] = [:]
    var malformedCount: UInt64 = 0
    var isClosed = false
  }

  private let state: Guarded<State>

  init(limits: ResultLedger<ReceivedOutcome>.Limits) {
    state = Guarded(State(ledger: ResultLedger(limits: limits)))
  }

  /// A handle holds these tasks, the result of each for so many nanoseconds; false when they are too many.
  func hold(_ lifetimes: [TaskIdentifier: Int64]) -> Bool {
    state.withLock { state in
      for (count, task) in lifetimes.enumerated() where !state.ledger.hold(task.key, lifetimeNanoseconds: task.value) {
        for held in lifetimes.prefix(count) { state.ledger.release(held.key) }
        return false
      }
      return true
    }
  }

  /// A handle lets go of these tasks.
  func release(_ tasks: [TaskIdentifier]) {
    state.withLock { state in for task in tasks { state.ledger.release(task) } }
  }

  /// A message about a task has come.
  func note(_ outcome: ReceivedOutcome, of task: TaskIdentifier, now: Int64) {
    tell(.success(outcome)) { $0.note(outcome.state, of: task, outcome: outcome, now: now) }
  }

  /// A message has come that is about no task.
  func noteMalformed() { state.withLock { $0.malformedCount += 1 } }

  /// Nobody wants to know any more.
  func forget(_ task: TaskIdentifier) { tell(.failure(.forgotten)) { $0.forget(task) } }

  /// What time does.
  func expire(now: Int64) { tell(.failure(.timedOut)) { $0.expire(now: now) } }

  /// No more results are taken in: who waits for one is told, now and later.
  func close() {
    let bells = state.withLock { state in
      state.isClosed = true
      defer { state.bells = [:] }
      for waiter in state.bells.keys { _ = state.ledger.withdraw(waiter) }
      return Array(state.bells.values)
    }
    for bell in bells { bell.ring(.failure(.closed)) }
  }

  /// What is known of a task.
  func state(of task: TaskIdentifier) -> TaskState { state.withLock { $0.ledger.state(of: task) } }

  /// Counts, for those who watch an application.
  var statistics: ResultStatistics {
    state.withLock { state in
      ResultStatistics(
        held: state.ledger.entryCount, unclaimed: state.ledger.unclaimedCount, repeated: state.ledger.repeatedCount,
        expired: state.ledger.expiredCount, malformed: state.malformedCount)
    }
  }

  /// Notes that `bell` is to ring for a task's outcome, until `deadline` at the latest.
  /// - Returns: the answer, if there is one at once, and else the name of the wait.
  func wait(
    for task: TaskIdentifier, until deadline: Int64?, bell: any ResultBell
  ) -> (answer: Answer?, waiter: UInt64) {
    state.withLock { state in
      let (finding, waiter) = state.ledger.wait(for: task, until: deadline)
      switch finding {
      case .ended(let outcome): return (.success(outcome), waiter)
      case .unknown: return (.failure(.forgotten), waiter)
      case .expired: return (.failure(.expired), waiter)
      case .waiting:
        guard !state.isClosed else {
          _ = state.ledger.withdraw(waiter)
          return (.failure(.closed), waiter)
        }
        state.bells[waiter] = bell
        return (nil, waiter)
      }
    }
  }

  /// Ends a wait from its own side; false when its bell has rung, or is about to.
  func withdraw(_ waiter: UInt64) -> Bool {
    state.withLock { state in
      state.bells[waiter] = nil
      return state.ledger.withdraw(waiter)
    }
  }

  /// Rings, outside of the lock, for those whom a change of the ledger names.
  private func tell(_ answer: Answer, _ change: (inout Ledger) -> Ledger.Notice) {
    let bells = state.withLock { state in
      change(&state.ledger).waiters.compactMap { state.bells.removeValue(forKey: $0) }
    }
    for bell in bells { bell.ring(answer) }
  }
}

/// What tells a waiter.
protocol ResultBell: Sendable {
  /// Called once.
  func ring(_ answer: ResultDesk.Answer)
}
