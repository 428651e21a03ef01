import Distributions
import Testing

@testable import TaskWorkers

@Suite struct ResultLedgerTests {
  private let task = TaskIdentifier(high: 1, low: 1)
  private let other = TaskIdentifier(high: 1, low: 2)

  private func ledger(_ change: (inout ResultLedger<Int>.Limits) -> Void = { _ in }) -> ResultLedger<Int> {
    var limits = ResultLedger<Int>.Limits()
    change(&limits)
    return ResultLedger(limits: limits)
  }

  private func isWaiting(_ finding: ResultLedger<Int>.Finding) -> Bool {
    if case .waiting = finding { true } else { false }
  }

  private func ended(_ finding: ResultLedger<Int>.Finding) -> Int? {
    if case .ended(let value) = finding { value } else { nil }
  }

  private func isExpired(_ finding: ResultLedger<Int>.Finding) -> Bool {
    if case .expired = finding { true } else { false }
  }

  private func isUnknown(_ finding: ResultLedger<Int>.Finding) -> Bool {
    if case .unknown = finding { true } else { false }
  }

  @Test func tellsEveryWaiterOnceAndLaterOnesAtOnce() {
    var results = ledger()
    #expect(results.hold(task) == true)
    let first = results.wait(for: task, until: nil)
    let second = results.wait(for: task, until: 50)
    #expect(isWaiting(first.finding) && isWaiting(second.finding))
    let notice = results.note(.success, of: task, outcome: 42, now: 0)
    #expect(notice.waiters == [first.waiter, second.waiter] && notice.outcome == 42)
    #expect(results.expire(now: 1000).waiters == [])
    #expect(ended(results.wait(for: task, until: nil).finding) == 42)
    #expect(results.state(of: task) == .success)
  }

  @Test func theFirstFinalOutcomeCountsAndTheSecondIsCounted() {
    var results = ledger()
    #expect(results.hold(task) == true)
    _ = results.note(.failure, of: task, outcome: 1, now: 0)
    #expect(results.note(.success, of: task, outcome: 2, now: 0).waiters.isEmpty)
    #expect(results.outcome(of: task) == 1 && results.state(of: task) == .failure)
    #expect(results.repeatedCount == 1)
  }

  @Test func showsWhatIsUnderWay() {
    var results = ledger()
    #expect(results.state(of: task) == .pending)
    #expect(results.hold(task) == true)
    for state in [TaskState.received, .started, .retry, .started] {
      #expect(results.note(state, of: task, outcome: 0, now: 0).waiters.isEmpty)
      #expect(results.state(of: task) == state)
      #expect(results.outcome(of: task) == nil)
    }
  }

  @Test func aDeadlineEndsItsWaiterAndNoOther() {
    var results = ledger()
    let areHeld = [results.hold(task), results.hold(other)]
    #expect(areHeld == [true, true])
    let early = results.wait(for: task, until: 10)
    let late = results.wait(for: other, until: 20)
    #expect(results.expire(now: 9).waiters == [])
    #expect(results.expire(now: 10).waiters == [early.waiter])
    #expect(results.nextDeadline == 20)
    #expect(results.note(.success, of: task, outcome: 1, now: 11).waiters == [])
    #expect(results.note(.success, of: other, outcome: 2, now: 12).waiters == [late.waiter])
    #expect(results.waiterCount == 0)
  }

  @Test func aWithdrawnWaiterIsNotTold() {
    var results = ledger()
    #expect(results.hold(task) == true)
    let waiter = results.wait(for: task, until: nil).waiter
    #expect(results.withdraw(waiter) == true)
    #expect(results.withdraw(waiter) == false)
    #expect(results.note(.success, of: task, outcome: 1, now: 0).waiters == [])
  }

  @Test func forgetEndsTheWaitWithoutAnOutcome() {
    var results = ledger()
    #expect(results.hold(task) == true)
    let waiter = results.wait(for: task, until: nil).waiter
    let notice = results.forget(task)
    #expect(notice.waiters == [waiter] && notice.outcome == nil)
    #expect(results.note(.success, of: task, outcome: 1, now: 0).waiters == [])
    #expect(results.unclaimedCount == 1 && results.entryCount == 0)
    #expect(isUnknown(results.wait(for: task, until: nil).finding))
  }

  @Test func anEntryGoesWithItsLastHolder() {
    var results = ledger()
    let areHeld = [results.hold(task), results.hold(task)]
    #expect(areHeld == [true, true])
    results.release(task)
    _ = results.note(.success, of: task, outcome: 1, now: 0)
    #expect(results.outcome(of: task) == 1)
    results.release(task)
    #expect(results.entryCount == 0)
  }

  @Test func outcomesThatNobodyAskedForExpire() {
    var results = ledger()
    #expect(results.hold(task, lifetimeNanoseconds: 100) == true)
    _ = results.note(.success, of: task, outcome: 1, now: 5)
    _ = results.expire(now: 104)
    #expect(results.outcome(of: task) == 1)
    _ = results.expire(now: 105)
    #expect(results.outcome(of: task) == nil && results.expiredCount == 1)
    #expect(isExpired(results.wait(for: task, until: nil).finding))
    #expect(results.state(of: task) == .success)
  }

  @Test func outcomesThatSomebodyHasSeenExpireWithoutBeingMissed() {
    var results = ledger()
    let areHeld = [
      results.hold(task, lifetimeNanoseconds: 100), results.hold(other, lifetimeNanoseconds: 100),
    ]
    #expect(areHeld == [true, true])
    _ = results.wait(for: task, until: nil)
    for held in [task, other] { _ = results.note(.success, of: held, outcome: 1, now: 0) }
    #expect(ended(results.wait(for: other, until: nil).finding) == 1)
    _ = results.expire(now: 100)
    #expect(results.outcome(of: task) == nil && results.outcome(of: other) == nil && results.expiredCount == 0)
  }

  /// Each has a lifetime of its own, and the order of arrival is not that of expiry.
  @Test(arguments: [1, 2, 3] as [UInt64]) func everyOutcomeLivesAsLongAsItsOwnLifetime(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var results = ledger()
    var expected: [TaskIdentifier: Int64] = [:]
    for now in 0..<2000 as Range<Int64> {
      let identifier = TaskIdentifier(high: seed, low: UInt64(now))
      let lifetime: Int64 = [10, 100, 1000, .max][random.below(4)]
      #expect(results.hold(identifier, lifetimeNanoseconds: lifetime) == true)
      _ = results.note(.success, of: identifier, outcome: 1, now: now)
      expected[identifier] = lifetime == .max ? .max : now + lifetime
      if random.below(3) == 0 {
        results.release(identifier)
        expected[identifier] = nil
      }
      guard random.below(16) == 0 else { continue }
      _ = results.expire(now: now)
      let wrong = expected.filter { (results.outcome(of: $0.key) == nil) != ($0.value <= now) }
      #expect(wrong.isEmpty, "seed \(seed), \(now)")
    }
    #expect(results.arrivalCount <= 2 * (results.entryCount + 1) + 64)
  }

  @Test func refusesMoreTasksThanItsLimit() {
    var results = ledger { $0.entryCount = 1 }
    #expect(results.hold(task) == true)
    #expect(results.hold(other) == false)
    #expect(results.hold(task) == true)
  }

  @Test func memoryDoesNotGrowWithTheNumberOfResults() {
    var results = ledger()
    for number in 0..<10_000 as Range<UInt64> {
      let identifier = TaskIdentifier(high: 2, low: number)
      #expect(results.hold(identifier, lifetimeNanoseconds: 1 << 40) == true)
      _ = results.note(.success, of: identifier, outcome: 1, now: 0)
      results.release(identifier)
    }
    #expect(results.entryCount == 0 && results.arrivalCount <= 128)
  }
}
