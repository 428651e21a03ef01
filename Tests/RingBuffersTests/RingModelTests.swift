import Distributions
import RingBuffers
import Testing

/// Random operations against a plain array. A failure prints the seed; passing that seed replays it exactly.
@Suite struct RingModelTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func singleProducerRingBehavesLikeAnArray(seed: UInt64) {
    for capacity in [1, 2, 8, 64] {
      let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: UInt64.max - 500)
      var producer = ring.makeProducer()
      var consumer = ring.makeConsumer()
      compare(&producer, &consumer, limit: capacity, seed: seed)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func manyToManyRingBehavesLikeAnArray(seed: UInt64) {
    for (capacity, limit) in [(1, 1), (2, 2), (8, 8), (8, 5), (64, 64), (64, 41)] {
      let ring = ManyToManyRing<UInt64>(capacity: capacity, lengthLimit: limit, startCursor: UInt64.max - 501)
      var producer = ring.makeProducer()
      var consumer = ring.makeConsumer()
      compare(&producer, &consumer, limit: limit, seed: seed)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func ringsToOneConsumerBehaveLikeAnArray(seed: UInt64) {
    for capacity in [1, 2, 8, 64] {
      let ring = ManyToOneRing<UInt64>(capacity: capacity, startCursor: UInt64.max - 501)
      var producer = ring.makeProducer()
      var consumer = ring.makeConsumer()
      compare(&producer, &consumer, limit: capacity, seed: seed)
      let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: capacity)
      var laneProducer = lanes.makeProducer(lane: 1)
      var laneConsumer = lanes.makeConsumer()
      compare(&laneProducer, &laneConsumer, limit: capacity, seed: seed)
    }
  }

  /// The limit is one of the whole chain: small segments come and go while the array neither notices nor cares.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func growingRingBehavesLikeAnArray(seed: UInt64) {
    for (limit, capacities) in [(1, 1...1), (5, 1...2), (8, 2...8), (41, 1...64), (200, 64...64)] {
      let ring = GrowingRing<UInt64>(lengthLimit: limit, capacities: capacities, startCursor: UInt64.max - 501)
      var producer = ring.makeProducer()
      var consumer = ring.makeConsumer()
      compare(&producer, &consumer, limit: limit, seed: seed)
    }
  }

  /// Lazy operations may hide elements and hold space, but never lose, double or reorder anything, and `flush` ends both.
  private func compare<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ producer: inout Producer, _ consumer: inout Consumer, limit: Int, seed: UInt64
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    var random = SplitMix64(seed: seed)
    var model: [UInt64] = []
    for step in 0..<2_000 {
      switch random.below(8) {
      case 0:
        let value = random.next()
        producer.flush()
        consumer.flush()
        let pushed = producer.tryPush(value)
        #expect(pushed == (model.count < limit), "seed \(seed), step \(step)")
        if pushed { model.append(value) }
      case 1:
        producer.flush()
        let popped = consumer.tryPop()
        #expect(popped == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed), step \(step)")
      case 2:
        let value = random.next()
        if producer.pushLazily(value) { model.append(value) }
        #expect(model.count <= limit, "seed \(seed), step \(step)")
      case 3:
        if let popped = consumer.popLazily() {
          #expect(popped == model.first, "seed \(seed), step \(step)")
          model.removeFirst()
        }
      case 4:
        let count = producer.claim(upTo: random.below(limit + 2))
        for index in 0..<count {
          let value = random.next()
          producer.write(value, at: index)
          model.append(value)
        }
        producer.publish()
        #expect(model.count <= limit, "seed \(seed), step \(step)")
      case 5, 6:
        // No flush before: who is refused and waits for room must not hide what would have to be popped for it.
        let value = random.next()
        if random.below(2) == 0 {
          if producer.tryPush(value) {
            model.append(value)
            continue
          }
        } else if producer.claim(upTo: 1) == 1 {
          producer.write(value, at: 0)
          producer.publish()
          model.append(value)
          continue
        }
        let popped = consumer.tryPop()
        #expect(popped == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed), step \(step)")
      default:
        producer.flush()
        let count = consumer.take(upTo: random.below(limit + 2))
        for index in 0..<count {
          let element = consumer.element(at: index)
          #expect(element == model[index], "seed \(seed), step \(step)")
        }
        model.removeFirst(count)
        consumer.release()
      }
    }
    producer.flush()
    while let popped = consumer.tryPop() {
      #expect(popped == model.first, "seed \(seed)")
      model.removeFirst()
    }
    #expect(model.isEmpty, "seed \(seed)")
  }

  /// Several ends on one thread: each has an old view of the cursors, which must never be trusted too far.
  @Test(arguments: [11, 12, 13] as [UInt64])
  func endsWithOldViewsAgree(seed: UInt64) {
    for (capacity, limit) in [(2, 2), (8, 8), (8, 3)] {
      let ring = ManyToManyRing<UInt64>(capacity: capacity, lengthLimit: limit, startCursor: UInt64.max - 101)
      var first = ring.makeProducer()
      var second = ring.makeProducer()
      var third = ring.makeConsumer()
      var fourth = ring.makeConsumer()
      var random = SplitMix64(seed: seed)
      var model: [UInt64] = []
      for step in 0..<2_000 {
        let value = UInt64(step)
        let count = 1 + random.below(limit)
        switch random.below(8) {
        case 0, 1:
          let pushed = random.below(2) == 0 ? first.tryPush(value) : second.tryPush(value)
          #expect(pushed == (model.count < limit), "seed \(seed), step \(step)")
          if pushed { model.append(value) }
        case 2, 3:
          let popped = random.below(2) == 0 ? third.tryPop() : fourth.tryPop()
          #expect(popped == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed), step \(step)")
        case 4: pushBatch(&first, count, value, &model, limit)
        case 5: pushBatch(&second, count, value, &model, limit)
        case 6: popBatch(&third, count, &model)
        default: popBatch(&fourth, count, &model)
        }
        #expect(ring.count == model.count, "seed \(seed), step \(step)")
      }
    }
  }

  private func pushBatch(
    _ producer: inout ManyToManyRing<UInt64>.Producer, _ wanted: Int, _ value: UInt64, _ model: inout [UInt64],
    _ limit: Int
  ) {
    let count = producer.claim(upTo: wanted)
    #expect(count == min(wanted, limit - model.count))
    for index in 0..<count {
      producer.write(value, at: index)
      model.append(value)
    }
    producer.publish()
  }

  private func popBatch(_ consumer: inout ManyToManyRing<UInt64>.Consumer, _ wanted: Int, _ model: inout [UInt64]) {
    let count = consumer.take(upTo: wanted)
    #expect(count == min(wanted, model.count))
    for index in 0..<count {
      let element = consumer.element(at: index)
      #expect(element == model.removeFirst())
    }
    consumer.release()
  }
}
