import Distributions
import Platform
import RingBuffers
import Synchronization
import Testing

/// A producer and readers on threads of their own, with seeded schedules; run these under ThreadSanitizer in release.
@Suite struct BroadcastRingStressTests {
  private static let elementCount: UInt64 = 20_000

  private static func produce(_ ring: BroadcastRing<WideElement>, seed: UInt64) {
    var producer = ring.makeProducer()
    var random = SplitMix64(seed: seed)
    var strategy = Yielding()
    var next: UInt64 = 0
    while next < elementCount {
      let wanted = min(1 + random.below(20), Int(elementCount - next))
      let count = random.below(2) == 0 ? producer.claim(upTo: wanted, waiting: &strategy) : 0
      for index in 0..<count { producer.write(WideElement(next + UInt64(index)), at: index) }
      producer.publish()
      next += UInt64(count)
      if next < elementCount, count == 0 {
        _ = producer.push(WideElement(next), waiting: &strategy)
        next += 1
      }
    }
    ring.close()
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [2, 64])
  func everyReaderSeesEveryElementInOrder(seed: UInt64, capacity: Int) throws {
    let ring = BroadcastRing<WideElement>(capacity: capacity, mode: .block, startCursor: .max - 5_000)
    let joinedCount = Atomic<Int>(0)
    let completeCount = Atomic<Int>(0)
    try concurrently(4) { index in
      guard index > 0 else {
        while joinedCount.load(ordering: .acquiring) < 3 { spinHint() }
        return Self.produce(ring, seed: seed)
      }
      guard var reader = ring.makeReader() else { return }
      joinedCount.wrappingAdd(1, ordering: .releasing)
      var random = SplitMix64(seed: seed &* 31 &+ UInt64(index))
      var strategy = Yielding()
      var expected: UInt64 = 0
      while true {
        let count = reader.take(upTo: 1 + random.below(20), waiting: &strategy)
        if count == 0 { break }
        for slot in 0..<count {
          guard reader.element(at: slot).value == expected else { return }
          expected += 1
        }
        reader.release()
      }
      if expected == Self.elementCount, reader.missedCount == 0 {
        completeCount.wrappingAdd(1, ordering: .relaxed)
      }
    }
    let complete = completeCount.load(ordering: .relaxed)
    #expect(complete == 3, "seed \(seed)")
  }

  /// Guests that stay for a while see a stretch without a gap, and none of them stops the producer for good.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func readersMayJoinAndLeaveAtAnyTime(seed: UInt64) throws {
    let ring = BroadcastRing<WideElement>(capacity: 16, mode: .block, readerLimit: 2)
    let wrongCount = Atomic<Int>(0)
    try concurrently(4) { index in
      guard index > 0 else { return Self.produce(ring, seed: seed) }
      var random = SplitMix64(seed: seed &* 37 &+ UInt64(index))
      var strategy = Yielding()
      while !ring.isClosed {
        guard var reader = ring.makeReader() else {
          _ = strategy.shouldPark()
          continue
        }
        var expected: UInt64?
        for _ in 0..<random.below(200) {
          guard let element = reader.pop(waiting: &strategy) else { break }
          if element.value == nil || (expected != nil && element.value != expected) {
            wrongCount.wrappingAdd(1, ordering: .relaxed)
          }
          expected = element.value.map { $0 + 1 }
        }
      }
    }
    let wrong = wrongCount.load(ordering: .relaxed)
    #expect(wrong == 0 && ring.readerCount == 0, "seed \(seed)")
  }

  /// Whatever is handed over is whole and in order, and what was missed is exactly what was not handed over.
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [1, 4, 256])
  func lappedReadersGetWholeElementsAndCountTheOthers(seed: UInt64, capacity: Int) throws {
    let ring = BroadcastRing<WideElement>(capacity: capacity, mode: .lap, startCursor: .max - 5_000)
    let joinedCount = Atomic<Int>(0)
    let wrongCount = Atomic<Int>(0)
    try concurrently(3) { index in
      guard index > 0 else {
        while joinedCount.load(ordering: .acquiring) < 2 { spinHint() }
        return Self.produce(ring, seed: seed)
      }
      guard var reader = ring.makeReader() else { return }
      joinedCount.wrappingAdd(1, ordering: .releasing)
      var random = SplitMix64(seed: seed &* 41 &+ UInt64(index))
      var strategy = Yielding()
      var seenCount: UInt64 = 0
      while true {
        let count = reader.take(upTo: 1 + random.below(20), waiting: &strategy)
        if count == 0 { break }
        for slot in 0..<count {
          if reader.element(at: slot).value != seenCount + reader.missedCount {
            wrongCount.wrappingAdd(1, ordering: .relaxed)
          }
          seenCount += 1
        }
        reader.release()
      }
      if seenCount + reader.missedCount != Self.elementCount { wrongCount.wrappingAdd(1, ordering: .relaxed) }
    }
    let wrong = wrongCount.load(ordering: .relaxed)
    #expect(wrong == 0, "seed \(seed), capacity \(capacity)")
  }

  @Test func parkedEndsAreWokenByItemsSpaceAndClose() throws {
    let ring = BroadcastRing<WideElement>(capacity: 4, mode: .block)
    let joinedCount = Atomic<Int>(0)
    let sum = Atomic<UInt64>(0)
    try concurrently(3) { index in
      var strategy = Parking()
      if index == 0 {
        while joinedCount.load(ordering: .acquiring) < 2 { spinHint() }
        var producer = ring.makeProducer()
        for value in 1...1_000 as ClosedRange<UInt64> { _ = producer.push(WideElement(value), waiting: &strategy) }
        ring.close()
      } else {
        guard var reader = ring.makeReader() else { return }
        joinedCount.wrappingAdd(1, ordering: .releasing)
        while let element = reader.pop(waiting: &strategy) { sum.wrappingAdd(element.value ?? 0, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2 * 500_500)
  }
}
