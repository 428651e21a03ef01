import RingBuffers
import Testing

/// Short histories of a few threads on tiny rings, each explained by some order of a queue or stack without threads.
@Suite struct RingHistoryStressTests {
  static let shapes = [1, 2, 4]

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func singleProducerRingIsAQueueToTheLetter(seed: UInt64, capacity: Int) throws {
    let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: .max - 900)
    let model = RingModel(limit: capacity, isExact: true)
    try HistoryRounds(model: model, seed: seed).expectExplained(
      producers: 1, makeProducer: { RingPusher(ring.makeProducer(), thread: $0) },
      makeConsumer: { _ in RingPopper(ring.makeConsumer()) })
  }

  /// One that says full was full during the call; it may look empty behind a slot that is still being written.
  @Test(arguments: [1, 2] as [UInt64], shapes)
  func manyToOneRingIsAQueue(seed: UInt64, capacity: Int) throws {
    let ring = ManyToOneRing<UInt64>(capacity: capacity, startCursor: .max - 901)
    let model = RingModel(limit: capacity, isExact: false, refusesExactly: true)
    try HistoryRounds(model: model, seed: seed).expectExplained(
      producers: 2, makeProducer: { RingPusher(ring.makeProducer(), thread: $0) },
      makeConsumer: { _ in RingPopper(ring.makeConsumer()) })
  }

  /// One lane is a queue; several have no common order, which the tally of the stress test checks per producer.
  @Test(arguments: [1, 2] as [UInt64], shapes)
  func sweptLaneIsAQueueToTheLetter(seed: UInt64, capacity: Int) throws {
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: capacity)
    let model = RingModel(limit: capacity, isExact: true)
    try HistoryRounds(model: model, seed: seed).expectExplained(
      producers: 1, makeProducer: { RingPusher(lanes.makeProducer(lane: 1), thread: $0) },
      makeConsumer: { _ in RingPopper(lanes.makeConsumer()) })
  }

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func boundedStackIsAStack(seed: UInt64, capacity: Int) throws {
    for producers in 1...2 {
      let stack = BoundedStack<UInt64>(capacity: capacity)
      let model = RingModel(limit: capacity, order: .lastInFirstOut, isExact: false)
      try HistoryRounds(model: model, seed: seed).expectExplained(
        producers: producers, consumers: 3 - producers,
        makeProducer: { RingPusher(stack.makeProducer(), thread: $0) },
        makeConsumer: { _ in RingPopper(stack.makeConsumer()) })
    }
  }

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func manyToManyRingIsAQueue(seed: UInt64, capacity: Int) throws {
    for producers in 1...2 {
      let ring = ManyToManyRing<UInt64>(capacity: capacity, startCursor: .max - 901)
      let model = RingModel(limit: capacity, isExact: false)
      try HistoryRounds(model: model, seed: seed).expectExplained(
        producers: producers, consumers: 3 - producers,
        makeProducer: { RingPusher(ring.makeProducer(), thread: $0) },
        makeConsumer: { _ in RingPopper(ring.makeConsumer()) })
    }
  }

  @Test(arguments: [1, 2] as [UInt64], shapes)
  func everyReaderOfABroadcastRingSeesTheProducersOrder(seed: UInt64, capacity: Int) throws {
    for mode in BroadcastMode.allCases {
      for readers in 1...2 {
        let ring = BroadcastRing<UInt64>(capacity: capacity, mode: mode, startCursor: .max - 901)
        let model = BroadcastModel(mode: mode, capacity: capacity, readers: readers)
        try HistoryRounds(model: model, seed: seed).expectExplained(
          producers: 1, consumers: readers, makeProducer: { _ in BroadcastPusher(of: ring) },
          makeConsumer: { BroadcastPopper(of: ring, number: $0) })
      }
    }
  }

  /// Sizes at random, so that records and padding meet the wrap in every way.
  @Test(arguments: [1, 2] as [UInt64], [32, 64, 128])
  func byteRingIsAQueueOfRecordsToTheByte(seed: UInt64, capacity: Int) throws {
    let ring = ByteRing(capacity: capacity, startCursor: .max - 1023)
    try HistoryRounds(model: RecordModel(capacity: capacity), seed: seed).expectExplained(
      producers: 1, makeProducer: { _ in RecordPusher(of: ring) }, makeConsumer: { _ in RecordPopper(of: ring) })
  }

  /// Refusals are exact here: one says that the limit was reached during the call, whatever the neighbours do.
  @Test(arguments: [1, 2] as [UInt64], [(1, 1...1), (2, 1...1), (3, 1...2), (4, 2...4)])
  func growingRingIsAQueue(seed: UInt64, shape: (limit: Int, capacities: ClosedRange<Int>)) throws {
    for producers in 1...2 {
      let ring = GrowingRing<UInt64>(
        lengthLimit: shape.limit, capacities: shape.capacities, startCursor: .max - 901)
      let model = RingModel(limit: shape.limit, isExact: false, refusesExactly: true)
      try HistoryRounds(model: model, seed: seed).expectExplained(
        producers: producers, consumers: 3 - producers,
        makeProducer: { RingPusher(ring.makeProducer(), thread: $0) },
        makeConsumer: { _ in RingPopper(ring.makeConsumer()) })
    }
  }
}
