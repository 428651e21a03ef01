import Distributions
import Platform
import RingBuffers
import Synchronization
import Testing

@Suite struct ManyToManyRingStressTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(2, 2), (64, 64), (64, 41)])
  func manyToManyRingDeliversEachElementOnce(seed: UInt64, shape: (capacity: Int, limit: Int)) throws {
    for (producers, consumers) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      let ring = ManyToManyRing<UInt64>(
        capacity: shape.capacity, lengthLimit: shape.limit, startCursor: .max - 4_999)
      try exchange(
        producers: producers, consumers: consumers, seed: seed, makeProducer: { _ in ring.makeProducer() },
        makeConsumer: { ring.makeConsumer() }, close: { ring.close() })
      #expect(ring.isFinished && ring.count == 0)
    }
  }

  /// What was accepted before the close arrives; what was refused does not; nothing is in between.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func closeDuringTrafficLosesNothingThatWasAccepted(seed: UInt64) throws {
    let ring = ManyToManyRing<WideElement>(capacity: 16)
    let accepted = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let torn = Atomic<Int>(0)
    try concurrently(5) { index in
      var random = SplitMix64(seed: seed &+ UInt64(index))
      switch index {
      case 0, 1:
        var producer = ring.makeProducer()
        var strategy = Yielding()
        while true {
          if random.below(2) == 0 {
            guard producer.push(WideElement(random.next()), waiting: &strategy) else { return }
            accepted.wrappingAdd(1, ordering: .relaxed)
          } else {
            let count = producer.claim(upTo: 1 + random.below(8), waiting: &strategy)
            if count == 0 { return }
            for slot in 0..<count { producer.write(WideElement(random.next()), at: slot) }
            producer.publish()
            accepted.wrappingAdd(count, ordering: .relaxed)
          }
        }
      case 2, 3:
        var consumer = ring.makeConsumer()
        var strategy = Yielding()
        while true {
          let count = consumer.take(upTo: 1 + random.below(8), waiting: &strategy)
          if count == 0 { return }
          for slot in 0..<count where consumer.element(at: slot).value == nil {
            torn.wrappingAdd(1, ordering: .relaxed)
          }
          consumer.release()
          received.wrappingAdd(count, ordering: .relaxed)
        }
      default:
        var patience = Patience()
        let goal = 500 + random.below(3_000)
        while received.load(ordering: .relaxed) < goal, patience.wait() {}
        ring.close()
      }
    }
    #expect(accepted.load(ordering: .relaxed) == received.load(ordering: .relaxed), "seed \(seed)")
    #expect(torn.load(ordering: .relaxed) == 0 && ring.isFinished, "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func parkedEndsAreWokenBySpaceItemsAndClose(seed: UInt64) throws {
    let ring = ManyToManyRing<UInt64>(capacity: 2)
    let sum = Atomic<UInt64>(0)
    let running = Atomic<Int>(2)
    try concurrently(4) { index in
      if index < 2 {
        var producer = ring.makeProducer()
        var strategy = Parking()
        for value in 1...1_000 as ClosedRange<UInt64> { _ = producer.push(value, waiting: &strategy) }
        if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
      } else {
        var consumer = ring.makeConsumer()
        var strategy = SpinThenPark()
        while let value = consumer.pop(waiting: &strategy) { sum.wrappingAdd(value, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2 * 500_500, "seed \(seed)")
  }

  /// Two threads with one element each never fill a ring for two. A producer that was told the head before the tail used to see
  /// what had passed in between as length. No slot is used twice, so that nothing but the length can refuse.
  @Test func ringBelowItsLimitRefusesNothing() throws {
    let refused = Atomic<Int>(0)
    for _ in 0..<10 {
      let ring = ManyToManyRing<UInt64>(capacity: 65_536, lengthLimit: 2)
      try concurrently(2) { _ in
        var producer = ring.makeProducer()
        var consumer = ring.makeConsumer()
        for value in 0..<32_768 as Range<UInt64> {
          if !producer.tryPush(value) {
            refused.wrappingAdd(1, ordering: .relaxed)
          } else {
            while consumer.tryPop() == nil {}
          }
        }
      }
    }
    #expect(refused.load(ordering: .relaxed) == 0)
  }
}
