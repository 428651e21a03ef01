import Distributions
import RingBuffers
import Testing

/// Last in, first out, on one thread.
@Suite struct BoundedStackTests {
  /// Every fill level of every small capacity after every number of earlier changes.
  @Test func returnsTheNewestFirstFromEveryFillLevel() {
    for capacity in [1, 2, 4, 8] {
      for changes in 0...capacity {
        for count in 0...capacity {
          let stack = BoundedStack<UInt64>(capacity: capacity)
          var producer = stack.makeProducer()
          var consumer = stack.makeConsumer()
          for _ in 0..<changes {
            let pushed = producer.tryPush(99)
            let popped = consumer.tryPop()
            #expect(pushed && popped == 99)
          }
          for value in 0..<count {
            let pushed = producer.tryPush(UInt64(value))
            #expect(pushed && stack.count == value + 1)
          }
          let oneMore = count == capacity && producer.tryPush(77)
          #expect(!oneMore)
          for value in (0..<count).reversed() {
            let popped = consumer.tryPop()
            #expect(popped == UInt64(value), "capacity \(capacity), changes \(changes), count \(count)")
          }
          let end = consumer.tryPop()
          #expect(end == nil && stack.count == 0)
        }
      }
    }
  }

  /// Several ends with random batches against an array. A failure prints the seed.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func behavesLikeAnArrayThatGrowsAtItsEnd(seed: UInt64) {
    for capacity in [1, 2, 8, 64] {
      let stack = BoundedStack<UInt64>(capacity: capacity)
      var producer = stack.makeProducer()
      var consumer = stack.makeConsumer()
      var random = SplitMix64(seed: seed)
      var model: [UInt64] = []
      for step in 0..<2_000 {
        let wanted = random.below(capacity + 2)
        switch random.below(4) {
        case 0:
          let value = random.next()
          let pushed = producer.tryPush(value)
          #expect(pushed == (model.count < capacity), "seed \(seed), step \(step)")
          if pushed { model.append(value) }
        case 1:
          let popped = consumer.tryPop()
          #expect(popped == model.popLast(), "seed \(seed), step \(step)")
        case 2:
          let claimed = producer.claim(upTo: wanted)
          #expect(claimed == min(wanted, capacity - model.count), "seed \(seed), step \(step)")
          for index in 0..<claimed {
            let value = random.next()
            producer.write(value, at: index)
            model.append(value)
          }
          producer.publish()
        default:
          let taken = consumer.take(upTo: wanted)
          #expect(taken == min(wanted, model.count), "seed \(seed), step \(step)")
          for index in 0..<taken {
            let element = consumer.element(at: index)
            #expect(element == model.removeLast(), "seed \(seed), step \(step)")
          }
          consumer.release()
        }
        #expect(stack.count == model.count, "seed \(seed), step \(step)")
      }
    }
  }

  @Test func batchesAreBounded() {
    let stack = BoundedStack<UInt64>(capacity: 1024)
    var producer = stack.makeProducer()
    let claimed = producer.claim(upTo: 1_000)
    #expect(claimed == BoundedStack<UInt64>.batchLimit)
  }

  @Test func nodesInTheHandsOfAConsumerAreNotFree() {
    let stack = BoundedStack<UInt64>(capacity: 2)
    var producer = stack.makeProducer()
    var consumer = stack.makeConsumer()
    for value in 0..<2 as Range<UInt64> { _ = producer.tryPush(value) }
    let taken = consumer.take(upTo: 2)
    let refused = producer.tryPush(5)
    #expect(taken == 2 && !refused)
    consumer.release()
    let accepted = producer.tryPush(5)
    #expect(accepted)
  }

  @Test func claimsFromBeforeTheCloseAreStillPublished() {
    let stack = BoundedStack<UInt64>(capacity: 4)
    var producer = stack.makeProducer()
    var late = stack.makeProducer()
    var consumer = stack.makeConsumer()
    let claimed = producer.claim(upTo: 1)
    stack.close()
    let refused = late.tryPush(1)
    #expect(claimed == 1 && !refused && !consumer.isFinished && stack.isClosed)
    producer.write(5, at: 0)
    producer.publish()
    let popped = consumer.tryPop()
    #expect(popped == 5 && consumer.isFinished)
  }
}
