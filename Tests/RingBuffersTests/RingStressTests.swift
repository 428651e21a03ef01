import Glibc
import Platform
import RingBuffers
import Synchronization
import Testing

/// Real threads on real rings: every element arrives exactly once, whole, and in the order of its producer.
/// Schedules are seeded; run these under ThreadSanitizer in release.
@Suite struct RingStressTests {
  static let itemsPerProducer: UInt64 = 8_000

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func singleProducerRingKeepsOrderUnderAnyMixOfOperations(seed: UInt64, capacity: Int) throws {
    let ring = SingleProducerRing<UInt64>(capacity: capacity, startCursor: .max - 5_000)
    let tally = Tally(producers: 1)
    try concurrently(2) { index in
      if index == 0 {
        var producer = ring.makeProducer()
        produce(&producer, number: 0, seed: seed)
        ring.close()
      } else {
        var consumer = ring.makeConsumer()
        consume(&consumer, into: tally, seed: seed)
      }
    }
    #expect(tally.isComplete, "seed \(seed): \(tally.summary)")
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(2, 2), (64, 64), (64, 41)])
  func manyToManyRingDeliversEachElementOnce(seed: UInt64, shape: (capacity: Int, limit: Int)) throws {
    for (producers, consumers) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      let ring = ManyToManyRing<UInt64>(
        capacity: shape.capacity, lengthLimit: shape.limit, startCursor: .max - 4_999)
      let tally = Tally(producers: producers)
      let running = Atomic<Int>(producers)
      try concurrently(producers + consumers) { index in
        if index < producers {
          var producer = ring.makeProducer()
          produce(&producer, number: index, seed: seed)
          if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
        } else {
          var consumer = ring.makeConsumer()
          consume(&consumer, into: tally, seed: seed &+ UInt64(index))
        }
      }
      #expect(tally.isComplete, "seed \(seed), \(producers) to \(consumers): \(tally.summary)")
      #expect(ring.isFinished && ring.count == 0)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(2, 1...1), (64, 1...4), (1_000, 2...64)])
  func growingRingDeliversEachElementOnceWhileItGrowsAndShrinks(
    seed: UInt64, shape: (limit: Int, capacities: ClosedRange<Int>)
  ) throws {
    for (producers, consumers) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      let ring = GrowingRing<UInt64>(
        lengthLimit: shape.limit, capacities: shape.capacities, startCursor: .max - 4_999)
      let tally = Tally(producers: producers)
      let running = Atomic<Int>(producers)
      try concurrently(producers + consumers + 1) { index in
        if index == producers + consumers {
          while !ring.isFinished {
            ring.trim()
            sched_yield()
          }
        } else if index < producers {
          var producer = ring.makeProducer()
          produce(&producer, number: index, seed: seed)
          if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
        } else {
          var consumer = ring.makeConsumer()
          consume(&consumer, into: tally, seed: seed &+ UInt64(index))
        }
      }
      #expect(tally.isComplete, "seed \(seed), \(producers) to \(consumers): \(tally.summary)")
      #expect(ring.isFinished && ring.count == 0)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func ringsToOneConsumerDeliverEachElementOnceAndInOrder(seed: UInt64, capacity: Int) throws {
    for producers in 1...3 {
      let ring = ManyToOneRing<UInt64>(capacity: capacity, startCursor: .max - 4_999)
      try exchange(
        producers: producers, seed: seed, makeProducer: { _ in ring.makeProducer() },
        makeConsumer: { ring.makeConsumer() }, close: { ring.close() })
      #expect(ring.count == 0)
      let lanes = SweptLanes<UInt64>(laneCount: 4, laneCapacity: capacity)
      try exchange(
        producers: producers, seed: seed, makeProducer: { lanes.makeProducer(lane: $0) },
        makeConsumer: { lanes.makeConsumer() }, close: { lanes.close() })
      #expect(lanes.count == 0)
    }
  }

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

  @Test func parkedEndsOfEachKindAreWoken() throws {
    let ring = ManyToOneRing<UInt64>(capacity: 2)
    try exchangeParked({ _ in ring.makeProducer() }, { ring.makeConsumer() }) { ring.close() }
    let lanes = SweptLanes<UInt64>(laneCount: 2, laneCapacity: 2)
    try exchangeParked({ lanes.makeProducer(lane: $0) }, { lanes.makeConsumer() }) { lanes.close() }
    let stack = BoundedStack<UInt64>(capacity: 2)
    try exchangeParked(consumers: 2, { _ in stack.makeProducer() }, { stack.makeConsumer() }) { stack.close() }
  }

  private func exchange<
    Producer: RingProducer & ~Copyable & SendableMetatype, Consumer: RingConsumer & ~Copyable & SendableMetatype
  >(
    producers: Int, consumers: Int = 1, isOrdered: Bool = true, seed: UInt64,
    makeProducer: @escaping @Sendable (Int) -> Producer, makeConsumer: @escaping @Sendable () -> Consumer,
    close: @escaping @Sendable () -> Void
  ) throws where Producer.Element == UInt64, Consumer.Element == UInt64 {
    let tally = Tally(producers: producers, isOrdered: isOrdered)
    let running = Atomic<Int>(producers)
    try concurrently(producers + consumers) { index in
      if index < producers {
        var producer = makeProducer(index)
        produce(&producer, number: index, seed: seed)
        if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { close() }
      } else {
        var consumer = makeConsumer()
        consume(&consumer, into: tally, seed: seed &+ UInt64(index))
      }
    }
    #expect(tally.isComplete, "seed \(seed), \(producers) to \(consumers): \(tally.summary)")
  }

  private func exchangeParked<
    Producer: RingProducer & ~Copyable & SendableMetatype, Consumer: RingConsumer & ~Copyable & SendableMetatype
  >(
    consumers: Int = 1, _ makeProducer: @escaping @Sendable (Int) -> Producer,
    _ makeConsumer: @escaping @Sendable () -> Consumer, close: @escaping @Sendable () -> Void
  ) throws where Producer.Element == UInt64, Consumer.Element == UInt64 {
    let sum = Atomic<UInt64>(0)
    let running = Atomic<Int>(2)
    try concurrently(2 + consumers) { index in
      var strategy = Parking()
      if index < 2 {
        var producer = makeProducer(index)
        for value in 1...1_000 as ClosedRange<UInt64> { _ = producer.push(value, waiting: &strategy) }
        if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { close() }
      } else {
        var consumer = makeConsumer()
        while let value = consumer.pop(waiting: &strategy) { sum.wrappingAdd(value, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2 * 500_500)
  }

  /// What was accepted before the close arrives; what was refused does not; nothing is in between.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func closeDuringTrafficLosesNothingThatWasAccepted(seed: UInt64) throws {
    let ring = ManyToManyRing<WideElement>(capacity: 16)
    let accepted = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let torn = Atomic<Int>(0)
    try concurrently(5) { index in
      var random = SplitMix64(state: seed &+ UInt64(index))
      switch index {
      case 0, 1:
        var producer = ring.makeProducer()
        var strategy = Yielding()
        while true {
          if random.below(2) == 0 {
            guard producer.push(WideElement(random.next()), waiting: &strategy) else { return }
            accepted.wrappingAdd(1, ordering: .relaxed)
          } else {
            let count = producer.claim(upTo: 1 + random.below(8), waiting: &strategy)
            if count == 0 { return }
            for slot in 0..<count { producer.write(WideElement(random.next()), at: slot) }
            producer.publish()
            accepted.wrappingAdd(count, ordering: .relaxed)
          }
        }
      case 2, 3:
        var consumer = ring.makeConsumer()
        var strategy = Yielding()
        while true {
          let count = consumer.take(upTo: 1 + random.below(8), waiting: &strategy)
          if count == 0 { return }
          for slot in 0..<count where consumer.element(at: slot).value == nil {
            torn.wrappingAdd(1, ordering: .relaxed)
          }
          consumer.release()
          received.wrappingAdd(count, ordering: .relaxed)
        }
      default:
        var patience = Patience()
        let goal = 500 + random.below(3_000)
        while received.load(ordering: .relaxed) < goal, patience.wait() {}
        ring.close()
      }
    }
    #expect(accepted.load(ordering: .relaxed) == received.load(ordering: .relaxed), "seed \(seed)")
    #expect(torn.load(ordering: .relaxed) == 0 && ring.isFinished, "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func parkedEndsAreWokenBySpaceItemsAndClose(seed: UInt64) throws {
    let ring = ManyToManyRing<UInt64>(capacity: 2)
    let sum = Atomic<UInt64>(0)
    let running = Atomic<Int>(2)
    try concurrently(4) { index in
      if index < 2 {
        var producer = ring.makeProducer()
        var strategy = Parking()
        for value in 1...1_000 as ClosedRange<UInt64> { _ = producer.push(value, waiting: &strategy) }
        if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
      } else {
        var consumer = ring.makeConsumer()
        var strategy = SpinThenPark()
        while let value = consumer.pop(waiting: &strategy) { sum.wrappingAdd(value, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2 * 500_500, "seed \(seed)")
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

/// Who got what: one counter of the next expected number per producer when one consumer sees all, else a mark per element.
final class Tally: Sendable {
  private struct State {
    var seen: [[Bool]]
    var doubled = 0
    var disordered = 0
    var hung = false
  }

  private let state: Guarded<State>
  /// Whether each consumer must get the elements of a producer in order.
  private let isOrdered: Bool

  init(producers: Int, isOrdered: Bool = true) {
    self.isOrdered = isOrdered
    state = Guarded(
      State(
        seen: Array(
          repeating: Array(repeating: false, count: Int(RingStressTests.itemsPerProducer)), count: producers)))
  }

  /// What one consumer got, in its order.
  func add(_ elements: [UInt64], hung: Bool) {
    state.withLock { state in
      var last = [Int](repeating: -1, count: state.seen.count)
      for element in elements {
        let (producer, number) = (Int(element >> 32), Int(element & 0xFFFF_FFFF))
        if state.seen[producer][number] { state.doubled += 1 }
        if isOrdered, number <= last[producer] { state.disordered += 1 }
        state.seen[producer][number] = true
        last[producer] = number
      }
      state.hung = state.hung || hung
    }
  }

  var isComplete: Bool {
    state.withLock { state in
      !state.hung && state.doubled == 0 && state.disordered == 0 && state.seen.allSatisfy { $0.allSatisfy { $0 } }
    }
  }

  var summary: String {
    state.withLock { state in
      let lost = state.seen.reduce(0) { $0 + $1.count { !$0 } }
      return "\(lost) lost, \(state.doubled) doubled, \(state.disordered) out of order, hung \(state.hung)"
    }
  }
}

private func produce<Producer: RingProducer & ~Copyable>(_ producer: inout Producer, number: Int, seed: UInt64)
where Producer.Element == UInt64 {
  var random = SplitMix64(state: seed &* 31 &+ UInt64(number))
  var next: UInt64 = 0
  let tag = UInt64(number) << 32
  var patience = Patience()
  while next < RingStressTests.itemsPerProducer {
    var progress = 0
    switch random.below(3) {
    case 0: progress = producer.tryPush(tag | next) ? 1 : 0
    case 1: progress = producer.pushLazily(tag | next) ? 1 : 0
    default:
      progress = producer.claim(upTo: min(1 + random.below(20), Int(RingStressTests.itemsPerProducer - next)))
      for index in 0..<progress { producer.write(tag | (next + UInt64(index)), at: index) }
      producer.publish()
    }
    next += UInt64(progress)
    if progress == 0 {
      producer.flush()
      guard patience.wait() else { return }
    }
  }
  producer.flush()
}

private func consume<Consumer: RingConsumer & ~Copyable>(_ consumer: inout Consumer, into tally: Tally, seed: UInt64)
where Consumer.Element == UInt64 {
  var random = SplitMix64(state: seed &* 37)
  var got: [UInt64] = []
  var patience = Patience()
  while true {
    let before = got.count
    switch random.below(3) {
    case 0: if let element = consumer.tryPop() { got.append(element) }
    case 1: if let element = consumer.popLazily() { got.append(element) }
    default:
      for index in 0..<consumer.take(upTo: 1 + random.below(20)) { got.append(consumer.element(at: index)) }
      consumer.release()
    }
    if got.count == before {
      consumer.flush()
      if consumer.isFinished { break }
      guard patience.wait() else { return tally.add(got, hung: true) }
    }
  }
  tally.add(got, hung: false)
}
