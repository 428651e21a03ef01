import Distributions
import Platform
import RingBuffers
import Synchronization
import Testing

/// Two threads and records of all sizes, with seeded schedules; run these under ThreadSanitizer in release.
@Suite struct ByteRingStressTests {
  private static let recordCount = 10_000

  private static func produce<Strategy: WaitStrategy>(_ ring: ByteRing, seed: UInt64, _ strategy: inout Strategy) {
    var producer = ring.makeProducer()
    var random = SplitMix64(seed: seed)
    for number in 0..<recordCount {
      let byteCount = random.below(ring.recordByteLimit + 1)
      guard producer.claim(byteCount: byteCount, waiting: &strategy) == .granted else { return }
      let bytes = unsafe producer.claimedBytes
      for index in bytes.indices { unsafe bytes[index] = UInt8(truncatingIfNeeded: number &+ index) }
      if random.below(3) == 0 { producer.publish() } else { producer.stage() }
      if Strategy.parks { producer.wakeConsumers() }
    }
    producer.flush()
    ring.close()
  }

  /// How many records arrived whole and in order.
  private static func consume<Strategy: WaitStrategy>(_ ring: ByteRing, seed: UInt64, _ strategy: inout Strategy) -> Int
  {
    var consumer = ring.makeConsumer()
    var sizes = SplitMix64(seed: seed)
    var random = SplitMix64(seed: seed &* 31)
    var number = 0
    while let bytes = unsafe consumer.next(waiting: &strategy) {
      guard bytes.count == sizes.below(ring.recordByteLimit + 1) else { return number }
      _ = sizes.below(3)
      for index in bytes.indices where unsafe bytes[index] != UInt8(truncatingIfNeeded: number &+ index) {
        return number
      }
      number += 1
      if random.below(3) == 0 {
        consumer.release()
        if Strategy.parks { consumer.wakeProducers() }
      }
    }
    return number
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [32, 256, 4096])
  func recordsArriveWholeAndInOrder(seed: UInt64, capacity: Int) throws {
    let ring = ByteRing(capacity: capacity, startCursor: .max - 99_999)
    let arrived = Atomic<Int>(0)
    try concurrently(2) { index in
      var strategy = Yielding()
      if index == 0 { return Self.produce(ring, seed: seed, &strategy) }
      arrived.store(Self.consume(ring, seed: seed, &strategy), ordering: .relaxed)
    }
    let count = arrived.load(ordering: .relaxed)
    #expect(count == Self.recordCount, "seed \(seed)")
  }

  @Test func parkedEndsAreWokenByRecordsSpaceAndClose() throws {
    let ring = ByteRing(capacity: 128)
    let arrived = Atomic<Int>(0)
    try concurrently(2) { index in
      var strategy = Parking()
      if index == 0 { return Self.produce(ring, seed: 5, &strategy) }
      arrived.store(Self.consume(ring, seed: 5, &strategy), ordering: .relaxed)
    }
    let count = arrived.load(ordering: .relaxed)
    #expect(count == Self.recordCount)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func elementsArriveWholeAndInOrder(seed: UInt64) throws {
    let ring = ByteRing(capacity: 1024)
    let arrived = Atomic<UInt64>(0)
    try concurrently(2) { index in
      var strategy = Yielding()
      var random = SplitMix64(seed: seed &+ UInt64(index))
      if index == 0 {
        var producer = ByteRing.ElementProducer<WideElement>(of: ring)
        var next: UInt64 = 0
        while next < 10_000 {
          let count = producer.claim(upTo: 1 + random.below(6), waiting: &strategy)
          for slot in 0..<count { producer.write(WideElement(next + UInt64(slot)), at: slot) }
          producer.publish()
          next += UInt64(count)
        }
        arrived.wrappingSubtract(next, ordering: .relaxed)
        ring.close()
      } else {
        var consumer = ByteRing.ElementConsumer<WideElement>(of: ring)
        var next: UInt64 = 0
        while let element = consumer.pop(waiting: &strategy), element.value == next { next += 1 }
        arrived.wrappingAdd(next, ordering: .relaxed)
      }
    }
    let missing = arrived.load(ordering: .relaxed)
    #expect(missing == 0, "seed \(seed)")
  }
}
