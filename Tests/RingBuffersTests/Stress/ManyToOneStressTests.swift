import RingBuffers
import Synchronization
import Testing

/// The two ways to one consumer: a common ring, and a lane for each producer.
@Suite struct ManyToOneStressTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func ringsToOneConsumerDeliverEachElementOnceAndInOrder(seed: UInt64, capacity: Int) throws {
    for producers in 1...3 {
      let ring = ManyToOneRing<UInt64>(capacity: capacity, startCursor: .max - 4_999)
      try exchange(
        producers: producers, seed: seed, makeProducer: { _ in ring.makeProducer() },
        makeConsumer: { ring.makeConsumer() }, close: { ring.close() })
      #expect(ring.count == 0)
      let lanes = SweptLanes<UInt64>(laneCount: 4, laneCapacity: capacity)
      try exchange(
        producers: producers, seed: seed, makeProducer: { lanes.makeProducer(lane: $0) },
        makeConsumer: { lanes.makeConsumer() }, close: { lanes.close() })
      #expect(lanes.count == 0)
    }
  }

  /// Three permits for four slots: a push after a pop used to look, with the head of before the pop, like a full ring.
  @Test func ringThatIsNeverFullNeverRefuses() throws {
    let ring = ManyToOneRing<UInt64>(capacity: 4, startCursor: .max - 4_999)
    let permits = Atomic<Int>(3)
    let refusedCount = Atomic<Int>(0)
    let pushCount = 50_000
    try concurrently(3) { thread in
      var patience = Patience()
      if thread == 2 {
        var consumer = ring.makeConsumer()
        var left = 2 * pushCount
        while left > 0 {
          if consumer.tryPop() != nil {
            left -= 1
            permits.add(1, ordering: .acquiringAndReleasing)
          } else if !patience.wait() {
            return
          }
        }
      } else {
        var producer = ring.makeProducer()
        for value in 0..<UInt64(pushCount) {
          while permits.subtract(1, ordering: .acquiringAndReleasing).oldValue <= 0 {
            permits.add(1, ordering: .relaxed)
            guard patience.wait() else { return }
          }
          while !producer.tryPush(value) { refusedCount.add(1, ordering: .relaxed) }
        }
      }
    }
    #expect(refusedCount.load(ordering: .relaxed) == 0 && ring.count == 0)
  }

  @Test func parkedEndsAreWoken() throws {
    let ring = ManyToOneRing<UInt64>(capacity: 2)
    try exchangeParked({ _ in ring.makeProducer() }, { ring.makeConsumer() }) { ring.close() }
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: 2)
    try exchangeParked({ lanes.makeProducer(lane: $0) }, { lanes.makeConsumer() }) { lanes.close() }
  }
}
