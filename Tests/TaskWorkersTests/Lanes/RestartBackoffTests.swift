import Testing

@testable import TaskWorkers

@Suite struct RestartBackoffTests {
  @Test func aChildThatCompletedSomethingIsReplacedAtOnce() {
    var backoff = RestartBackoff(failedStartLimit: 3)
    for now in 1...1000 as ClosedRange<Int64> {
      let next = backoff.childEnded(wasReady: true, completedSomething: true, now: now)
      #expect(next == now)
    }
  }

  @Test func fruitlessChildrenWaitTwiceAsLongEachTime() {
    var backoff = RestartBackoff(failedStartLimit: 3)
    let waits = (0..<14).map { _ in backoff.childEnded(wasReady: true, completedSomething: false, now: 0) ?? -1 }
    #expect(
      waits.map { $0 / 1_000_000 } == [0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000, 5000, 5000])
    let next = backoff.childEnded(wasReady: true, completedSomething: true, now: 7)
    #expect(next == 7)
  }

  /// A poisonous record used to hold its lane for almost a minute.
  @Test func aRecordThatIsRunAgainWaitsForATenthOfASecondAtMost() {
    var backoff = RestartBackoff(failedStartLimit: 3)
    let waits = (0..<20).map { _ in
      backoff.childEnded(wasReady: true, completedSomething: false, isReplayed: true, now: 0) ?? -1
    }
    #expect(waits.map { $0 / 1_000_000 } == [0, 10, 20, 40, 80] + [Int64](repeating: 100, count: 15))
    // A child that dies of nothing is another matter.
    let next = backoff.childEnded(wasReady: true, completedSomething: false, now: 7)
    #expect(next == 5_000_000_007)
  }

  @Test(arguments: [1, 2, 5])
  func givesUpAfterSoManyFailedStartsInARow(limit: Int) {
    var backoff = RestartBackoff(failedStartLimit: limit)
    for round in 0..<2 {
      for attempt in 1..<max(limit, 1) {
        let next = backoff.childEnded(wasReady: false, completedSomething: false, now: 0)
        #expect(next != nil, "round \(round), attempt \(attempt)")
      }
      if round == 0 { _ = backoff.childEnded(wasReady: true, completedSomething: false, now: 0) }
    }
    let last = backoff.childEnded(wasReady: false, completedSomething: false, now: 0)
    #expect(last == nil)
  }
}
