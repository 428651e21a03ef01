import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// Rate limits that several workers keep together.
@Suite struct SharedRateLimitTests {
  private let world = TaskWorld()

  /// Two workers of one queue with tasks, each of which takes half of them.
  private func withTwoWorkers(
    _ count: Int, sharing limits: SharedRateLimits?,
    _ body: (inout TaskWorld.Worker, inout TaskWorld.Worker) -> Void
  ) {
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("2/s") }) { _, _ in }
    world.options.rateLimits = limits
    for _ in 0..<count { world.apply("limited") }
    var first = world.worker(prefetch: count / 2)
    var second = world.worker(prefetch: count / 2)
    body(&first, &second)
  }

  /// Lets both work until they have nothing to do at this moment; returns how many tasks they have done.
  private func work(_ first: inout TaskWorld.Worker, _ second: inout TaskWorld.Worker) -> Int {
    while first.step(limit: 10, now: world.now) + second.step(limit: 10, now: world.now) > 0 {}
    return world.outcomes().count
  }

  @Test func workersTogetherStartNoMoreThanTheLimitThatTheyShare() {
    withTwoWorkers(8, sharing: SharedRateLimits()) { first, second in
      #expect(work(&first, &second) == 1)
      for _ in 0..<7 {
        #expect(min(first.nextMoment ?? .max, second.nextMoment ?? .max) == world.now + 500_000_000)
        world.wait(.milliseconds(499))
        #expect(work(&first, &second) == 0)
        world.wait(.milliseconds(1))
        #expect(work(&first, &second) == 1)
      }
      #expect(first.counters.succeeded + second.counters.succeeded == 8)
    }
  }

  @Test func workersWithLimitsOfTheirOwnStartAsMuchEach() {
    withTwoWorkers(8, sharing: nil) { first, second in
      for _ in 0..<4 {
        #expect(work(&first, &second) == 2)
        world.wait(.milliseconds(500))
      }
    }
  }

  /// Threads hear of changes one after the other, and some of them late: they used to bring the former limit back, with a token in it.
  @Test func aWorkerThatHearsLateOfAFormerLimitDoesNotBringItBack() {
    let limits = SharedRateLimits()
    withTwoWorkers(8, sharing: limits) { first, second in
      #expect(work(&first, &second) == 1)
      limits.set(RateLimit("1/h"), of: "limited")
      limits.set(RateLimit("1/s"), of: "limited")
      // The new limit has its token, once, and it is the limit of the one that has heard of nothing.
      #expect(work(&first, &second) == 1)
      #expect(second.nextMoment == world.now + 1_000_000_000)
      for _ in 0..<2 {
        let known = [first.noticeRateLimit(of: "limited"), second.noticeRateLimit(of: "limited")]
        #expect(known == [true, true])
        #expect(work(&first, &second) == 0)
      }
      world.wait(.seconds(1))
      #expect(work(&first, &second) == 1)
      limits.set(nil, of: "limited")
      #expect(work(&first, &second) == 5)
      let unknown = first.noticeRateLimit(of: "unknown")
      #expect(!unknown)
    }
  }

  @Test func aWorkerThatComesLaterKeepsTheLimitThatWasSetBefore() {
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("2/s") }) { _, _ in }
    world.registry.register("free") { _, _ in }
    let limits = SharedRateLimits()
    world.options.rateLimits = limits
    var first = world.worker(prefetch: 4)
    limits.set(nil, of: "limited")
    limits.set(RateLimit("1/s"), of: "free")
    _ = first.noticeRateLimit(of: "free")
    var second = world.worker(prefetch: 4)
    for _ in 0..<4 { for task in ["limited", "free"] { world.apply(task) } }
    #expect(work(&first, &second) == 5)
    world.wait(.seconds(1))
    #expect(work(&first, &second) == 1)
  }

  /// Each worker is told of a new limit; the second one that is told does not make a token of it.
  @Test func aNewLimitIsThatOfAllWhoShareItAndBeginsOnce() {
    withTwoWorkers(8, sharing: SharedRateLimits()) { first, second in
      #expect(work(&first, &second) == 1)
      _ = first.setRateLimit(RateLimit("1/s"), of: "limited")
      #expect(work(&first, &second) == 1)
      _ = second.setRateLimit(RateLimit("1/s"), of: "limited")
      #expect(work(&first, &second) == 0)
      world.wait(.seconds(1))
      #expect(work(&first, &second) == 1)
      _ = first.setRateLimit(nil, of: "limited")
      _ = second.setRateLimit(nil, of: "limited")
      world.wait(.nanoseconds(1))
      #expect(work(&first, &second) == 5)
      // And again.
      _ = first.setRateLimit(RateLimit("1/s"), of: "limited")
      _ = second.setRateLimit(RateLimit("1/s"), of: "limited")
      for _ in 0..<4 { world.apply("limited") }
      #expect(work(&first, &second) == 1)
    }
  }
}
