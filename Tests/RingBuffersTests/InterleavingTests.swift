import RingBuffers
import Testing

/// Small programs at the ends of a ring in every order of their steps, each history explained by the ring's meaning.
@Suite struct InterleavingTests {
  private static let capacities = [1, 2, 4]

  private func expectExplained<Model: SequentialModel>(
    by model: Model, in orders: [Int], sourceLocation: SourceLocation = #_sourceLocation,
    _ makePrograms: (HistoryClock) -> [SteppedProgram<Model.Operation>]
  ) {
    var complaint: String?
    forEachInterleaving(of: orders) { order in
      let programs = makePrograms(HistoryClock())
      for program in order { programs[program].step() }
      let history = programs.flatMap { $0.takeCalls() }
      var search = HistorySearch<Model>(history)
      guard complaint == nil, !search.isExplained(by: model) else { return }
      let story = history.sorted { $0.begin < $1.begin }.map { "\($0)" }.joined(separator: "\n")
      complaint = "order \(order) on \(model):\n\(story)"
    }
    #expect(complaint == nil, sourceLocation: sourceLocation)
  }

  private func expectExplained<
    Producer: RingProducer & SendableMetatype & ~Copyable, Consumer: RingConsumer & SendableMetatype & ~Copyable
  >(
    by model: RingModel, producers: Int, consumers: Int = 1, sourceLocation: SourceLocation = #_sourceLocation,
    _ makeEnds: () -> (makeProducer: () -> Producer, makeConsumer: () -> Consumer)
  ) where Producer.Element == UInt64, Consumer.Element == UInt64 {
    // 252 orders of two programs, 1,680 of three.
    let ends = producers + consumers
    let singles = ends == 2 ? 3 : 1
    expectExplained(by: model, in: Array(repeating: 2 + singles, count: ends), sourceLocation: sourceLocation) {
      clock in
      let (makeProducer, makeConsumer) = makeEnds()
      return (0..<producers).map { .pushing(makeProducer(), singles: singles, thread: $0, clock: clock) }
        + (producers..<ends).map { .popping(makeConsumer(), singles: singles, thread: $0, clock: clock) }
    }
  }

  @Test(arguments: capacities)
  func singleProducerRingIsAQueueInEveryOrder(capacity: Int) {
    expectExplained(by: RingModel(limit: capacity, isExact: true), producers: 1) {
      let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: .max - 1)
      return ({ ring.makeProducer() }, { ring.makeConsumer() })
    }
  }

  @Test(arguments: capacities)
  func sweptLaneIsAQueueInEveryOrder(capacity: Int) {
    expectExplained(by: RingModel(limit: capacity, isExact: true), producers: 1) {
      let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: capacity)
      return ({ lanes.makeProducer(lane: 1) }, { lanes.makeConsumer() })
    }
  }

  @Test(arguments: capacities)
  func manyToOneRingIsAQueueInEveryOrder(capacity: Int) {
    expectExplained(by: RingModel(limit: capacity, isExact: false, refusesExactly: true), producers: 2) {
      let ring = ManyToOneRing<UInt64>(capacity: capacity, startCursor: .max - 1)
      return ({ ring.makeProducer() }, { ring.makeConsumer() })
    }
  }

  @Test(arguments: capacities, [1, 2])
  func manyToManyRingIsAQueueInEveryOrder(capacity: Int, producers: Int) {
    expectExplained(by: RingModel(limit: capacity, isExact: false), producers: producers, consumers: 3 - producers) {
      let ring = ManyToManyRing<UInt64>(capacity: capacity, startCursor: .max - 1)
      return ({ ring.makeProducer() }, { ring.makeConsumer() })
    }
  }

  @Test(arguments: capacities, [1, 2])
  func boundedStackIsAStackInEveryOrder(capacity: Int, producers: Int) {
    let model = RingModel(limit: capacity, order: .lastInFirstOut, isExact: false)
    expectExplained(by: model, producers: producers, consumers: 3 - producers) {
      let stack = BoundedStack<UInt64>(capacity: capacity)
      return ({ stack.makeProducer() }, { stack.makeConsumer() })
    }
  }

  @Test(arguments: BroadcastMode.allCases, capacities)
  func broadcastRingKeepsTheProducersOrderInEveryOrder(mode: BroadcastMode, capacity: Int) {
    let model = BroadcastModel(mode: mode, capacity: capacity, readers: 2)
    expectExplained(by: model, in: [4, 3, 3]) { clock in
      let ring = BroadcastRing<UInt64>(capacity: capacity, mode: mode, startCursor: .max - 1)
      return [.pushing(ring.makeProducer(), laps: mode == .lap, clock: clock)]
        + (0..<2).map { .reading(reader(of: ring), number: $0, clock: clock) }
    }
  }

  /// Three records at every offset of a ring of 64 bytes: of them none, one or two meet the wrap.
  @Test(arguments: [[24, 24, 24], [0, 24, 9], [17, 8, 24], [1, 16, 0]])
  func byteRingIsAQueueOfRecordsInEveryOrder(sizes: [Int]) {
    for offset in stride(from: 0, to: 64, by: 8) {
      var model = RecordModel(capacity: 64)
      for _ in 0..<offset / 8 { model = model.afterEmptyRecord }
      expectExplained(by: model, in: [2 * sizes.count, 6]) { clock in
        let ring = ByteRing(capacity: 64, startCursor: UInt64(offset) &- 64)
        return [
          .writing(sizes, to: ring.makeProducer(), clock: clock), .reading(3, from: ring.makeConsumer(), clock: clock),
        ]
      }
    }
  }
}

extension RecordModel {
  /// The ring when a record without bytes has been pushed, popped and released.
  fileprivate var afterEmptyRecord: RecordModel {
    var model = self
    for operation: RecordOperation in [.pushed(0, byteCount: 0), .popped(0, byteCount: 0), .released] {
      let isPossible = model.explains(operation, isContended: false)
      precondition(isPossible, "there is room in an empty ring")
    }
    return model
  }
}
