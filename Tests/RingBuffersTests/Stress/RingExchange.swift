import Distributions
import Platform
import RingBuffers
import Synchronization
import Testing

/// Real threads on a real ring: every element arrives exactly once, whole, and in the order of its producer. Schedules are
/// seeded; run what uses this under ThreadSanitizer in release.
func exchange<
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

/// Two producers that park when the ring is full, and consumers that park when it is empty.
func exchangeParked<
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

func produce<Producer: RingProducer & ~Copyable>(_ producer: inout Producer, number: Int, seed: UInt64)
where Producer.Element == UInt64 {
  var random = SplitMix64(seed: seed &* 31 &+ UInt64(number))
  var next: UInt64 = 0
  let tag = UInt64(number) << 32
  var patience = Patience()
  while next < Tally.itemsPerProducer {
    var progress = 0
    switch random.below(3) {
    case 0: progress = producer.tryPush(tag | next) ? 1 : 0
    case 1: progress = producer.pushLazily(tag | next) ? 1 : 0
    default:
      progress = producer.claim(upTo: min(1 + random.below(20), Int(Tally.itemsPerProducer - next)))
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

func consume<Consumer: RingConsumer & ~Copyable>(_ consumer: inout Consumer, into tally: Tally, seed: UInt64)
where Consumer.Element == UInt64 {
  var random = SplitMix64(seed: seed &* 37)
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
