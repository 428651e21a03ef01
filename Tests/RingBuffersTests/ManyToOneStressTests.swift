import RingBuffers
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

  @Test func parkedEndsAreWoken() throws {
    let ring = ManyToOneRing<UInt64>(capacity: 2)
    try exchangeParked({ _ in ring.makeProducer() }, { ring.makeConsumer() }) { ring.close() }
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: 2)
    try exchangeParked({ lanes.makeProducer(lane: $0) }, { lanes.makeConsumer() }) { lanes.close() }
  }
}
