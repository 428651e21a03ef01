import Distributions
import Testing

@testable import TaskWorkers

@Suite struct RevocationListTests {
  private func task(_ number: Int) -> TaskIdentifier { TaskIdentifier(high: 1, low: UInt64(number)) }

  /// It used to stay for ever unless something else was called off later, and kept every task off the short way.
  @Test func aLookForgetsWhatWasCalledOffTooLongAgo() {
    var list = RevocationList(lifetime: .nanoseconds(100))
    list.insert(task(1), now: 5)
    let early = list.contains(task(1), now: 104)
    #expect(early && !list.isEmpty)
    let late = list.contains(task(2), now: 105)
    #expect(!late && list.isEmpty && list.identifiers.isEmpty)
  }

  @Test func timeAloneForgetsToo() {
    var list = RevocationList(lifetime: .nanoseconds(100))
    list.insert(task(1), now: 0)
    list.insert(task(2), now: 50)
    list.expire(now: 100)
    #expect(list.identifiers == [task(2)])
    list.expire(now: 150)
    #expect(list.isEmpty)
  }

  /// Each used to take memory.
  @Test func oneTaskCalledOffAgainAndAgainHasOnePlaceAndCountsFromTheLastTime() {
    var list = RevocationList(lifetime: .nanoseconds(1_000_000))
    list.insert(task(0), now: 0)
    for now in 1...100_000 as ClosedRange<Int64> { list.insert(task(1), now: now) }
    #expect(list.identifiers == [task(0), task(1)] && list.placeCount <= 70)
    list.expire(now: 1_050_000)
    #expect(list.identifiers == [task(1)])
    list.expire(now: 1_100_000)
    #expect(list.isEmpty)
  }

  @Test func theOldestMakesRoomAndIsCounted() {
    var list = RevocationList(capacity: 2)
    for (now, number) in [1, 2, 1, 3].enumerated() { list.insert(task(number), now: Int64(now)) }
    // The first was called off again, so that the second was older.
    #expect(list.identifiers == [task(1), task(3)] && list.forgottenCount == 1)
  }

  /// A dictionary of moments is the model.
  @Test(arguments: [1, 2, 3] as [UInt64]) func behavesLikeADictionaryOfMoments(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var list = RevocationList(capacity: 8, lifetime: .nanoseconds(20))
    var model: [(task: TaskIdentifier, moment: Int64)] = []
    for now in 0..<5000 as Range<Int64> {
      let task = task(random.below(12))
      model.removeAll { now >= $0.moment + 20 }
      if random.below(2) == 0 {
        list.insert(task, now: now)
        model.removeAll { $0.task == task }
        if model.count == 8 { model.removeFirst() }
        model.append((task, now))
      } else {
        let found = list.contains(task, now: now)
        #expect(found == model.contains { $0.task == task }, "seed \(seed), \(now)")
      }
      #expect(list.identifiers == model.map(\.task), "seed \(seed), \(now)")
    }
  }
}
