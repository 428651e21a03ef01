import RingBuffers
import Testing

@Suite struct BoundedStackStressTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func boundedStackDeliversEachElementOnce(seed: UInt64, capacity: Int) throws {
    for (producers, consumers) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      let stack = BoundedStack<UInt64>(capacity: capacity)
      try exchange(
        producers: producers, consumers: consumers, isOrdered: false, seed: seed,
        makeProducer: { _ in stack.makeProducer() }, makeConsumer: { stack.makeConsumer() }, close: { stack.close() })
      #expect(stack.count == 0 && stack.isFinished)
    }
  }

  @Test func parkedEndsAreWoken() throws {
    let stack = BoundedStack<UInt64>(capacity: 2)
    try exchangeParked(consumers: 2, { _ in stack.makeProducer() }, { stack.makeConsumer() }) { stack.close() }
  }
}
