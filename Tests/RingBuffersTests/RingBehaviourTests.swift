import RingBuffers
import Testing

/// Limits, closing, positions, lazy publishing and bulk copies.
@Suite struct RingBehaviourTests {
  @Test func lengthLimitIsExactAndNeedsNoPowerOfTwo() {
    let ring = ManyToManyRing<UInt64>(capacity: 1024, lengthLimit: 1000)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for round in 0..<5 {
      var accepted = 0
      while producer.tryPush(UInt64(accepted)) { accepted += 1 }
      #expect(accepted == (round == 0 ? 1000 : 7))
      #expect(ring.count == 1000)
      let claimed = producer.claim(upTo: 64)
      #expect(claimed == 0)
      for _ in 0..<7 { _ = consumer.tryPop() }
      #expect(ring.count == 993)
    }
  }

  @Test func takenElementsNoLongerCountAgainstTheLimit() {
    let ring = ManyToManyRing<UInt64>(capacity: 8, lengthLimit: 4)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<4 as Range<UInt64> { _ = producer.tryPush(value) }
    let taken = consumer.take(upTo: 4)
    #expect(taken == 4 && ring.count == 0)
    let claimed = producer.claim(upTo: 8)
    #expect(claimed == 4)
    for index in 0..<claimed { producer.write(9, at: index) }
    producer.publish()
    // The slots of the first four are still held: the ring is full by capacity now.
    let pushed = producer.tryPush(10)
    #expect(!pushed)
    consumer.release()
  }

  @Test func positionsNumberTheElementsOfTheRing() {
    let ring = ManyToManyRing<UInt64>(capacity: 4)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    var expected: UInt64 = 0
    for round in 1...20 {
      for _ in 0..<(round % 4 + 1) { _ = producer.tryPush(0) }
      let taken = consumer.take(upTo: 4)
      for index in 0..<taken {
        #expect(consumer.position(of: index) == expected)
        expected += 1
      }
      consumer.release()
    }
  }

  @Test func closedRingsRefusePushesAndAreDrained() {
    let single = SingleProducerRing<UInt64>(capacity: 8)
    var singleProducer = single.makeProducer()
    var singleConsumer = single.makeConsumer()
    closeAndDrain(&singleProducer, &singleConsumer) { single.close() }
    let many = ManyToManyRing<UInt64>(capacity: 8)
    var manyProducer = many.makeProducer()
    var manyConsumer = many.makeConsumer()
    closeAndDrain(&manyProducer, &manyConsumer) { many.close() }
    let toOne = ManyToOneRing<UInt64>(capacity: 8)
    var toOneProducer = toOne.makeProducer()
    var toOneConsumer = toOne.makeConsumer()
    closeAndDrain(&toOneProducer, &toOneConsumer) { toOne.close() }
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: 8)
    var laneProducer = lanes.makeProducer()
    var laneConsumer = lanes.makeConsumer()
    closeAndDrain(&laneProducer, &laneConsumer) { lanes.close() }
    let late = many.makeProducer()
    #expect(late.isClosed && many.isClosed && many.isFinished)
  }

  private func closeAndDrain<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ producer: inout Producer, _ consumer: inout Consumer, close: () -> Void
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    for value in 0..<3 as Range<UInt64> { _ = producer.tryPush(value) }
    #expect(!producer.isClosed && !consumer.isFinished)
    close()
    close()
    let pushed = producer.tryPush(9)
    let lazily = producer.pushLazily(9)
    let claimed = producer.claim(upTo: 4)
    #expect(!pushed && !lazily && claimed == 0 && producer.isClosed)
    #expect(consumer.isClosed && !consumer.isFinished)
    for value in 0..<3 as Range<UInt64> {
      let popped = consumer.tryPop()
      #expect(popped == value)
    }
    let end = consumer.tryPop()
    #expect(end == nil && consumer.isFinished)
  }

  @Test func manyToManyRingRefusesAfterCloseFromAnOldView() {
    let ring = ManyToManyRing<UInt64>(capacity: 4, lengthLimit: 3)
    var old = ring.makeProducer()
    var busy = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<9 as Range<UInt64> {
      _ = busy.tryPush(value)
      _ = consumer.tryPop()
    }
    ring.close()
    let pushed = old.tryPush(1)
    let claimed = old.claim(upTo: 2)
    #expect(!pushed && claimed == 0 && ring.count == 0)
  }

  @Test func lazyPushesAppearEvery64thTimeAndAfterFlush() {
    let ring = SingleProducerRing<UInt64>(capacity: 128)
    var producer = ring.makeProducer()
    for value in 0..<63 as Range<UInt64> { _ = producer.pushLazily(value) }
    #expect(ring.count == 0)
    _ = producer.pushLazily(63)
    #expect(ring.count == 64)
    _ = producer.pushLazily(64)
    #expect(ring.count == 64)
    producer.flush()
    #expect(ring.count == 65)
  }

  @Test func runsOfElementsStopWhenTheRingIsFullEmptyOrClosed() {
    let single = SingleProducerRing<UInt64>(capacity: 4)
    var producer = single.makeProducer()
    var consumer = single.makeConsumer()
    pushAndPopRuns(&producer, &consumer) { single.close() }
    let many = ManyToManyRing<UInt64>(capacity: 4)
    var manyProducer = many.makeProducer()
    var manyConsumer = many.makeConsumer()
    pushAndPopRuns(&manyProducer, &manyConsumer) { many.close() }
  }

  private func pushAndPopRuns<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ producer: inout Producer, _ consumer: inout Consumer, close: () -> Void
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    var seen: [UInt64] = []
    let pushed = producer.pushEach(6) { UInt64($0) }
    #expect(pushed == 4)
    let untilTwo = consumer.popEach(upTo: 9) { element in
      seen.append(element)
      return element < 1
    }
    #expect(untilTwo == 2 && seen == [0, 1], "the element that ends the run is removed too")
    let lazily = producer.pushLazily(3) { 4 + UInt64($0) }
    producer.flush()
    #expect(lazily == 2)
    let limited = consumer.popLazily(upTo: 3) { element in
      seen.append(element)
      return true
    }
    close()
    let late = producer.pushEach(1) { _ in 9 }
    let rest = consumer.popEach(upTo: 9) { element in
      seen.append(element)
      return true
    }
    let isFinished = consumer.isFinished
    #expect(limited == 3 && late == 0 && rest == 1 && seen == [0, 1, 2, 3, 4, 5] && isFinished)
  }

  @Test func lazyPushesAppearWhenTheRingLooksFull() {
    let ring = SingleProducerRing<UInt64>(capacity: 4)
    var producer = ring.makeProducer()
    for value in 0..<4 as Range<UInt64> { _ = producer.pushLazily(value) }
    let pushed = producer.pushLazily(4)
    #expect(!pushed && ring.count == 4)
  }

  @Test func endsThatGoAwayPublishAndGiveBackWhatTheyHeld() {
    let ring = SingleProducerRing<UInt64>(capacity: 8)
    do {
      var producer = ring.makeProducer()
      for value in 0..<5 as Range<UInt64> { _ = producer.stage(value) }
      #expect(ring.count == 0)
    }
    #expect(ring.count == 5)
    do {
      var consumer = ring.makeConsumer()
      let first = consumer.popLazily()
      #expect(first == 0)
    }
    var consumer = ring.makeConsumer()
    let second = consumer.tryPop()
    #expect(second == 1)
  }

  @Test func publishingPartOfAClaimGivesUpTheRest() {
    let ring = SingleProducerRing<UInt64>(capacity: 8)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    let claimed = producer.claim(upTo: 8)
    #expect(claimed == 8)
    for index in 0..<3 { producer.write(UInt64(index), at: index) }
    producer.publish(3)
    #expect(ring.count == 3)
    let taken = consumer.take(upTo: 8)
    #expect(taken == 3)
    consumer.release(2)
    let last = consumer.tryPop()
    #expect(last == 2)
  }

  @Test func bulkCopiesCrossTheWrap() {
    let ring = SingleProducerRing<UInt64>(capacity: 8)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    let source: [UInt64] = [1, 2, 3, 4, 5, 6]
    var target = [UInt64](repeating: 0, count: 6)
    for _ in 0..<20 {
      let pushed = producer.push(contentsOf: source.span)
      var span = target.mutableSpan
      let popped = consumer.pop(into: &span)
      #expect(pushed == 6 && popped == 6 && target == source)
    }
    let first = producer.push(contentsOf: source.span)
    let second = producer.push(contentsOf: source.span)
    #expect(first == 6 && second == 2)
  }
}
