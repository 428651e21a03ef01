import Distributions
import RingBuffers
import Testing

/// Random operations on broadcast rings against arrays. A failure prints the seed; passing that seed replays it exactly.
@Suite struct BroadcastRingModelTests {
  typealias Ring = BroadcastRing<UInt64>

  /// Random operations of a producer and two readers that come and go, against arrays.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func blockingRingBehavesLikeAnArrayPerReader(seed: UInt64) {
    for capacity in [1, 2, 8, 64] {
      var random = SplitMix64(seed: seed)
      let ring = Ring(capacity: capacity, mode: .block, startCursor: .max - 500)
      var producer = ring.makeProducer()
      var steady = reader(of: ring)
      var model: [UInt64] = []
      var guest: Ring.Reader? = nil
      var guestModel: [UInt64] = []
      for step in 0..<2_000 {
        let isFull = max(model.count, guestModel.count) == capacity
        switch random.below(5) {
        case 0:
          let value = random.next()
          let pushed = producer.tryPush(value)
          #expect(pushed == !isFull, "seed \(seed), step \(step)")
          if pushed { model.append(value) }
          if pushed, guest != nil { guestModel.append(value) }
        case 1:
          let count = producer.claim(upTo: random.below(capacity + 2))
          for index in 0..<count {
            let value = random.next()
            producer.write(value, at: index)
            model.append(value)
            if guest != nil { guestModel.append(value) }
          }
          producer.publish()
          #expect(max(model.count, guestModel.count) <= capacity, "seed \(seed), step \(step)")
        case 2:
          let seen = steady.tryPop()
          #expect(seen == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed), step \(step)")
        case 3:
          let count = steady.take(upTo: random.below(capacity + 2))
          for index in 0..<count {
            let element = steady.element(at: index)
            #expect(element == model[index], "seed \(seed), step \(step)")
          }
          steady.release()
          model.removeFirst(count)
        default:
          if guest == nil {
            guest = ring.makeReader()
          } else if random.below(8) == 0 {
            guest = nil
            guestModel = []
          } else {
            let seen = guest!.tryPop()
            #expect(seen == (guestModel.isEmpty ? nil : guestModel.removeFirst()), "seed \(seed), step \(step)")
          }
        }
      }
    }
  }

  /// Elements are their own positions: a reader gets them in order, and what it misses is exactly what it does not get.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func lappedReaderAccountsForEveryElement(seed: UInt64) {
    for capacity in [1, 2, 8, 64] {
      var random = SplitMix64(seed: seed)
      let ring = Ring(capacity: capacity, mode: .lap, startCursor: .max - 500)
      var producer = ring.makeProducer()
      var reader = reader(of: ring)
      var pushed: UInt64 = 0
      var expected: UInt64 = 0
      for step in 0..<3_000 {
        if random.below(2) == 0 {
          let count = producer.claim(upTo: 1 + random.below(capacity))
          for index in 0..<count { producer.write(pushed + UInt64(index), at: index) }
          producer.publish()
          pushed += UInt64(count)
        } else {
          let before = reader.missedCount
          let count = reader.take(upTo: 1 + random.below(capacity))
          expected += reader.missedCount - before
          #expect(reader.missedCount == before || pushed - expected <= max(1, UInt64(capacity / 2)))
          for index in 0..<count {
            let element = reader.element(at: index)
            #expect(element == expected, "seed \(seed), step \(step)")
            expected += 1
          }
          reader.release()
        }
      }
    }
  }
}
