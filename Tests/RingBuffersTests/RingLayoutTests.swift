import RingBuffers
import Testing

/// What holds for every ring, checked for every small layout.
@Suite struct RingLayoutTests {
  static let capacities = [1, 2, 4, 8]
  /// Even, as the many-to-many ring asks; the second and third overflow within the tests.
  static let starts: [UInt64] = [0, .max - 7, .max - 33, UInt64(Int64.max) - 9]

  /// Every fill level of every small capacity from every starting offset, also where the cursors overflow.
  @Test(arguments: starts)
  func returnsElementsInOrderFromEveryLayout(start: UInt64) {
    for capacity in Self.capacities {
      for offset in 0...capacity {
        for count in 0...capacity {
          let single = SingleProducerRing<UInt64>(capacity: capacity, startCursor: start)
          var singleProducer = single.makeProducer()
          var singleConsumer = single.makeConsumer()
          fillAndDrain(&singleProducer, &singleConsumer, capacity: capacity, offset: offset, count: count)
          #expect(single.count == 0)

          let many = ManyToManyRing<UInt64>(capacity: capacity, startCursor: start & ~1)
          var manyProducer = many.makeProducer()
          var manyConsumer = many.makeConsumer()
          fillAndDrain(&manyProducer, &manyConsumer, capacity: capacity, offset: offset, count: count)
          #expect(many.count == 0)

          let toOne = ManyToOneRing<UInt64>(capacity: capacity, startCursor: start & ~1)
          var toOneProducer = toOne.makeProducer()
          var toOneConsumer = toOne.makeConsumer()
          fillAndDrain(&toOneProducer, &toOneConsumer, capacity: capacity, offset: offset, count: count)
          #expect(toOne.count == 0)

          let lanes = SweptLanes<UInt64>(laneCount: 4, laneCapacity: capacity)
          var laneProducer = lanes.makeProducer(lane: offset % 4)
          var laneConsumer = lanes.makeConsumer()
          fillAndDrain(&laneProducer, &laneConsumer, capacity: capacity, offset: offset, count: count)
          #expect(lanes.count == 0)
        }
      }
    }
  }

  private func fillAndDrain<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ producer: inout Producer, _ consumer: inout Consumer, capacity: Int, offset: Int, count: Int
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    for _ in 0..<offset {
      let pushed = producer.tryPush(99)
      let popped = consumer.tryPop()
      #expect(pushed && popped == 99)
    }
    for value in 0..<count {
      let pushed = producer.tryPush(UInt64(value))
      #expect(pushed, "capacity \(capacity), offset \(offset), count \(count)")
    }
    if count == capacity {
      let pushed = producer.tryPush(77)
      #expect(!pushed, "capacity \(capacity) took one more")
    }
    for value in 0..<count {
      let popped = consumer.tryPop()
      #expect(popped == UInt64(value), "capacity \(capacity), offset \(offset), count \(count)")
    }
    let end = consumer.tryPop()
    #expect(end == nil)
  }

  /// Every claim against every room, and every take of it, with the wrap at every place.
  @Test(arguments: starts)
  func batchesOfEverySizeFitIntoEveryRoom(start: UInt64) {
    for capacity in Self.capacities {
      for offset in 0..<capacity {
        for filled in 0...capacity {
          for wanted in 0...capacity + 1 {
            let single = SingleProducerRing<UInt64>(capacity: capacity, startCursor: start)
            var singleProducer = single.makeProducer()
            var singleConsumer = single.makeConsumer()
            let index = Int((start &+ UInt64(offset + filled)) & UInt64(capacity - 1))
            // In a row in memory: no further than the end of the slots.
            claimAndTake(
              &singleProducer, &singleConsumer, offset: offset, filled: filled, wanted: wanted,
              expected: min(wanted, capacity - filled, capacity - index))

            let many = ManyToManyRing<UInt64>(capacity: capacity, startCursor: start & ~1)
            var manyProducer = many.makeProducer()
            var manyConsumer = many.makeConsumer()
            claimAndTake(
              &manyProducer, &manyConsumer, offset: offset, filled: filled, wanted: wanted,
              expected: min(wanted, capacity - filled))

            let toOne = ManyToOneRing<UInt64>(capacity: capacity, startCursor: start & ~1)
            var toOneProducer = toOne.makeProducer()
            var toOneConsumer = toOne.makeConsumer()
            claimAndTake(
              &toOneProducer, &toOneConsumer, offset: offset, filled: filled, wanted: wanted,
              expected: min(wanted, capacity - filled))
          }
        }
      }
    }
  }

  private func claimAndTake<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ producer: inout Producer, _ consumer: inout Consumer, offset: Int, filled: Int, wanted: Int, expected: Int
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    for _ in 0..<offset {
      let pushed = producer.tryPush(99)
      let popped = consumer.tryPop()
      #expect(pushed && popped == 99)
    }
    for value in 0..<filled {
      let pushed = producer.tryPush(UInt64(value))
      #expect(pushed)
    }
    let claimed = producer.claim(upTo: wanted)
    #expect(claimed == expected, "offset \(offset), filled \(filled), wanted \(wanted)")
    for index in 0..<claimed { producer.write(UInt64(filled + index), at: index) }
    producer.publish()
    var next: UInt64 = 0
    while true {
      let taken = consumer.take(upTo: max(1, wanted))
      if taken == 0 { break }
      for index in 0..<taken {
        let element = consumer.element(at: index)
        #expect(element == next)
        next += 1
      }
      consumer.release()
    }
    #expect(next == UInt64(filled + claimed))
  }

  @Test func elementsOfFiftySixBytesMakeSlotsOfSixtyFour() {
    let one = ManyToManyRing<WideElement>.byteCount(capacity: 1)
    let two = ManyToManyRing<WideElement>.byteCount(capacity: 2)
    #expect(two - one == 64)
  }

  @Test func wideElementsSurviveTheWrap() {
    let ring = ManyToManyRing<WideElement>(capacity: 4)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<100 as Range<UInt64> {
      let pushed = producer.tryPush(WideElement(value))
      let popped = consumer.tryPop()
      #expect(pushed && popped?.value == value)
    }
  }
}
