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
