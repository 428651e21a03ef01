import Glibc
import Platform
import RingBuffers
import Synchronization
import Testing

@Suite struct GrowingRingStressTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(2, 1...1), (64, 1...4), (1_000, 2...64)])
  func growingRingDeliversEachElementOnceWhileItGrowsAndShrinks(
    seed: UInt64, shape: (limit: Int, capacities: ClosedRange<Int>)
  ) throws {
    for (producers, consumers) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      let ring = GrowingRing<UInt64>(
        lengthLimit: shape.limit, capacities: shape.capacities, startCursor: .max - 4_999)
      let tally = Tally(producers: producers)
      let running = Atomic<Int>(producers)
      try concurrently(producers + consumers + 1) { index in
        if index == producers + consumers {
          while !ring.isFinished {
            ring.trim()
            sched_yield()
          }
        } else if index < producers {
          var producer = ring.makeProducer()
          produce(&producer, number: index, seed: seed)
          if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
        } else {
          var consumer = ring.makeConsumer()
          consume(&consumer, into: tally, seed: seed &+ UInt64(index))
        }
      }
      #expect(tally.isComplete, "seed \(seed), \(producers) to \(consumers): \(tally.summary)")
      #expect(ring.isFinished && ring.count == 0)
    }
  }

  /// One thread has at most one element in the ring. Who counted from the head used to count what came and went meanwhile.
  @Test func producerNeverCountsMoreThanThereEverWas() throws {
    let ring = GrowingRing<UInt64>(lengthLimit: 1_000)
    let most = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
    try concurrently(2) { index in
      var producer = ring.makeProducer()
      if index == 0 {
        var consumer = ring.makeConsumer()
        for value in 0..<1_000_000 as Range<UInt64> {
          while !producer.tryPush(value) {}
          while consumer.tryPop() == nil {}
        }
        isOver.store(true, ordering: .relaxed)
      } else {
        while !isOver.load(ordering: .relaxed) { most.max(producer.currentCount(), ordering: .relaxed) }
      }
    }
    #expect(most.load(ordering: .relaxed) <= 1)
  }
}
