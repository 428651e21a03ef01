import Platform
import RingBuffers
import Synchronization
import Testing

@Suite struct SingleProducerRingStressTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func singleProducerRingKeepsOrderUnderAnyMixOfOperations(seed: UInt64, capacity: Int) throws {
    let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: .max - 5_000)
    try exchange(
      producers: 1, seed: seed, makeProducer: { _ in ring.makeProducer() }, makeConsumer: { ring.makeConsumer() },
      close: { ring.close() })
  }

  @Test func parkedEndsOfASingleProducerRingAreWoken() throws {
    let ring = SingleProducerRing<UInt64>(capacity: 2)
    let sum = Atomic<UInt64>(0)
    try concurrently(2) { index in
      var strategy = Parking()
      if index == 0 {
        var producer = ring.makeProducer()
        for value in 1...2_000 as ClosedRange<UInt64> { _ = producer.push(value, waiting: &strategy) }
        ring.close()
      } else {
        var consumer = ring.makeConsumer()
        while let value = consumer.pop(waiting: &strategy) { sum.wrappingAdd(value, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2_001_000)
  }
}
