import Platform
import RingBuffers
import Testing

/// What is particular to rings with many producers and one consumer.
@Suite struct ManyToOneTests {
  @Test func producersWithOldViewsNeverTakeMoreThanThereIsRoomFor() {
    let ring = ManyToOneRing<UInt64>(capacity: 8, startCursor: .max - 21)
    var first = ring.makeProducer()
    var second = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for round in 0..<20 {
      let some = first.claim(upTo: 5)
      let others = second.claim(upTo: 5)
      #expect(some == 5 && others == 3, "round \(round)")
      let refused = first.claimCountAfterPublishing(5, then: 1)
      #expect(refused == 0 && ring.count == 8)
      for index in 0..<3 { second.write(2, at: index) }
      second.publish()
      let taken = consumer.take(upTo: 20)
      #expect(taken == 8)
      consumer.release()
    }
  }

  @Test func consumerStopsAtASlotThatIsNotWrittenYet() {
    let ring = ManyToOneRing<UInt64>(capacity: 8)
    var slow = ring.makeProducer()
    var fast = ring.makeProducer()
    var consumer = ring.makeConsumer()
    let claimed = slow.claim(upTo: 1)
    let pushed = fast.tryPush(2)
    let nothing = consumer.tryPop()
    #expect(claimed == 1 && pushed && nothing == nil)
    slow.write(1, at: 0)
    slow.publish()
    let (first, second) = (consumer.tryPop(), consumer.tryPop())
    #expect(first == 1 && second == 2)
  }

  @Test func claimsFromBeforeTheCloseStillCount() {
    let ring = ManyToOneRing<UInt64>(capacity: 4)
    var producer = ring.makeProducer()
    var old = ring.makeProducer()
    var consumer = ring.makeConsumer()
    let claimed = producer.claim(upTo: 2)
    ring.close()
    let late = old.tryPush(1)
    #expect(claimed == 2 && !late && !consumer.isFinished)
    producer.write(5, at: 0)
    producer.write(6, at: 1)
    producer.publish()
    let taken = consumer.take(upTo: 4)
    consumer.release()
    #expect(taken == 2 && consumer.isFinished)
  }

  @Test func poppingLazilyGivesSpaceBackByTheQuarter() {
    let ring = ManyToOneRing<UInt64>(capacity: 16)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<16 as Range<UInt64> { _ = producer.tryPush(value) }
    for _ in 0..<3 { _ = consumer.popLazily() }
    #expect(ring.count == 16)
    _ = consumer.popLazily()
    #expect(ring.count == 12)
    _ = consumer.popLazily()
    consumer.flush()
    #expect(ring.count == 11)
  }

  @Test func consumerThatGoesAwayLeavesTheRestToTheNext() {
    let ring = ManyToOneRing<UInt64>(capacity: 8)
    var producer = ring.makeProducer()
    for value in 0..<3 as Range<UInt64> { _ = producer.tryPush(value) }
    do {
      var consumer = ring.makeConsumer()
      let first = consumer.popLazily()
      #expect(first == 0)
    }
    var consumer = ring.makeConsumer()
    let second = consumer.tryPop()
    #expect(second == 1)
  }

  @Test func lanesAreSweptInTurn() {
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: 256)
    var first = lanes.makeProducer()
    var second = lanes.makeProducer()
    var consumer = lanes.makeConsumer()
    for value in 0..<200 as Range<UInt64> {
      _ = first.tryPush(value)
      _ = second.tryPush(1_000 + value)
    }
    #expect(lanes.count == 400)
    var got: [UInt64] = []
    while let element = consumer.tryPop() { got.append(element) }
    let expected = Array(0..<128) + Array(1_000..<1_128) + Array(128..<200) + Array(1_128..<1_200) as [UInt64]
    #expect(got == expected)
  }

  @Test func laneOfAProducerThatWentAwayIsFreeForTheNext() {
    let lanes = SweptLanes<UInt64>(laneCount: 1, laneCapacity: 4)
    for value in 0..<3 as Range<UInt64> {
      var producer = lanes.makeProducer()
      let pushed = producer.pushLazily(value)
      #expect(pushed)
    }
    #expect(lanes.count == 3)
  }

  /// The documentation used to allow 2³⁰ elements in a lane, whose size does not fit into the header.
  @Test func laneTakesLessThanFourGibibytes() async {
    struct Wide: BitwiseCopyable, Sendable { var words = (UInt64(0), UInt64(0), UInt64(0)) }
    #expect(SweptLanes<UInt8>.laneCapacityLimit == 1 << 30)
    #expect(SweptLanes<UInt64>.laneCapacityLimit == 1 << 28)
    #expect(SweptLanes<Wide>.laneCapacityLimit == 1 << 27)
    await #expect(processExitsWith: .failure) {
      let limit = SweptLanes<UInt64>.laneCapacityLimit
      _ = SweptLanes<UInt64>(laneCount: 1, laneCapacity: 2 * limit)
    }
  }

  @Test func endsKeepTheMemoryOfTheirLanes() {
    var lanes: SweptLanes<UInt64>? = SweptLanes(laneCount: 4, laneCapacity: 64)
    guard let producing = lanes?.makeProducer(lane: 3), let consuming = lanes?.makeConsumer() else { return }
    lanes = nil
    var producer = producing
    var consumer = consuming
    let pushed = producer.tryPush(7)
    let popped = consumer.tryPop()
    #expect(pushed && popped == 7)
  }
}

extension ManyToOneRing<UInt64>.Producer {
  /// Fills and publishes a claim of `count`, then claims again.
  fileprivate mutating func claimCountAfterPublishing(_ count: Int, then wanted: Int) -> Int {
    for index in 0..<count { write(1, at: index) }
    publish()
    return claim(upTo: wanted)
  }
}
