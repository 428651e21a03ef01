import RingBuffers
import Testing

/// Short histories of a few threads on tiny rings, each explained by some order of a queue or stack without threads.
@Suite struct RingHistoryStressTests {
  static let shapes = [1, 2, 4]

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func singleProducerRingIsAQueueToTheLetter(seed: UInt64, capacity: Int) throws {
    let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: .max - 900)
    let model = RingModel(limit: capacity, isExact: true)
    try RingHistoryRounds(model: model, seed: seed).expectExplained(
      producers: 1, makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
  }

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func manyToManyRingIsAQueue(seed: UInt64, capacity: Int) throws {
    for producers in 1...2 {
      let ring = ManyToManyRing<UInt64>(capacity: capacity, startCursor: .max - 901)
      let model = RingModel(limit: capacity, isExact: false)
      try RingHistoryRounds(model: model, seed: seed).expectExplained(
        producers: producers, consumers: 3 - producers, makeProducer: { ring.makeProducer() },
        makeConsumer: { ring.makeConsumer() })
    }
  }
}
