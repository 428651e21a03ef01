import Distributions
import Glibc
import Platform
import RingBuffers
import Synchronization
import Testing

/// The first producer of a growing ring moves its tail with plain stores until a second one comes.
@Suite struct SoleProducerStressTests {
  /// Others come while the first is at work, each at a moment of its own, and another thread makes the ring shrink.
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(64, 1...4), (1_000, 2...64), (4_096, 64...4_096)])
  func producersThatComeLaterLoseAndDoubleNothing(
    seed: UInt64, shape: (limit: Int, capacities: ClosedRange<Int>)
  ) throws {
    for round in 0..<10 as Range<UInt64> {
      let ring = GrowingRing<UInt64>(lengthLimit: shape.limit, capacities: shape.capacities)
      let tally = Tally(producers: 3)
      let progress = Atomic<UInt64>(0)
      let running = Atomic<Int>(3)
      try concurrently(5) { index in
        var random = SplitMix64(seed: seed &* 41 &+ round &* 43 &+ UInt64(index))
        switch index {
        case 0: pushEach(into: ring.makeProducer(), progress)
        case 1, 2:
          let moment = UInt64(random.below(Int(Tally.itemsPerProducer)))
          var patience = Patience()
          while progress.load(ordering: .relaxed) < moment, patience.wait() {}
          var producer = ring.makeProducer()
          produce(&producer, number: index, seed: seed &+ round)
        case 3:
          while !ring.isFinished {
            ring.trim()
            sched_yield()
          }
        default:
          var consumer = ring.makeConsumer()
          consume(&consumer, into: tally, seed: seed &+ round)
        }
        if index < 3, running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
      }
      #expect(tally.isComplete, "seed \(seed), round \(round): \(tally.summary)")
    }
  }

  /// What was accepted before the close arrives, what was refused does not, however the two meet.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func closeDuringPushesOfTheSoleProducerSplitsThemInTwo(seed: UInt64) throws {
    for round in 0..<200 as Range<UInt64> {
      let ring = GrowingRing<UInt64>(lengthLimit: 1 << 16, capacities: 64...256)
      let progress = Atomic<UInt64>(0)
      try concurrently(2) { index in
        if index == 0 {
          pushEach(into: ring.makeProducer(), progress)
        } else {
          var random = SplitMix64(seed: seed &* 47 &+ round)
          let moment = UInt64(random.below(2_000))
          var patience = Patience()
          while progress.load(ordering: .relaxed) < moment, patience.wait() {}
          ring.close()
        }
      }
      let accepted = progress.load(ordering: .relaxed)
      var consumer = ring.makeConsumer()
      var next: UInt64 = 0
      while let element = consumer.tryPop() {
        #expect(element == next, "seed \(seed), round \(round)")
        next += 1
      }
      #expect(next == accepted && ring.isFinished, "seed \(seed), round \(round): \(next) of \(accepted)")
    }
  }
}

/// Pushes the elements of producer 0 one by one and says how many; stops when the ring is closed.
private func pushEach(into end: consuming GrowingRing<UInt64>.Producer, _ progress: borrowing Atomic<UInt64>) {
  var patience = Patience()
  var next: UInt64 = 0
  while next < Tally.itemsPerProducer {
    if end.tryPush(next) {
      next += 1
      progress.store(next, ordering: .relaxed)
    } else if end.isClosed || !patience.wait() {
      return
    }
  }
}
