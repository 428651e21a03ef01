import RingBuffers
import Testing

/// One producer, any number of readers, on one thread.
@Suite struct BroadcastRingTests {
  typealias Ring = BroadcastRing<UInt64>

  /// Every fill level of every small capacity from every offset, also where positions overflow, for two readers.
  @Test(arguments: RingLayoutTests.starts, BroadcastMode.allCases)
  func everyReaderSeesEveryElementFromEveryLayout(start: UInt64, mode: BroadcastMode) {
    for capacity in RingLayoutTests.capacities {
      for offset in 0...capacity {
        for count in 0...capacity {
          let ring = Ring(capacity: capacity, mode: mode, startCursor: start)
          var producer = ring.makeProducer()
          for _ in 0..<offset { _ = producer.tryPush(99) }
          var one = reader(of: ring)
          var other = reader(of: ring)
          for value in 0..<count {
            let pushed = producer.tryPush(UInt64(value))
            #expect(pushed, "capacity \(capacity), offset \(offset), count \(count)")
          }
          if mode == .block, count == capacity {
            let pushed = producer.tryPush(77)
            #expect(!pushed, "capacity \(capacity) took one more")
          }
          for value in 0..<count {
            let seen = (one.tryPop(), other.popLazily())
            #expect(seen == (UInt64(value), UInt64(value)), "capacity \(capacity), offset \(offset), count \(count)")
          }
          let ends = (one.tryPop(), other.tryPop())
          #expect(ends == (nil, nil) && one.missedCount == 0)
        }
      }
    }
  }

  @Test func slowestReaderHoldsTheProducerBack() {
    let ring = Ring(capacity: 4, mode: .block)
    var producer = ring.makeProducer()
    var fast = reader(of: ring)
    var slow = reader(of: ring)
    for value in 0..<4 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      let seen = fast.tryPop()
      #expect(pushed && seen == value)
    }
    let refused = producer.tryPush(4)
    #expect(!refused)
    let first = slow.tryPop()
    let accepted = producer.tryPush(4)
    #expect(first == 0 && accepted)
  }

  @Test func readerThatLeavesNoLongerHoldsTheProducerBack() {
    let ring = Ring(capacity: 2, mode: .block)
    var producer = ring.makeProducer()
    do {
      let slow = reader(of: ring)
      for value in 0..<2 as Range<UInt64> { _ = producer.tryPush(value) }
      let refused = producer.tryPush(2)
      #expect(!refused && ring.readerCount == 1 && slow.number == 0)
    }
    let accepted = producer.tryPush(2)
    #expect(accepted && ring.readerCount == 0)
  }

  @Test func readerBeginsWithWhatIsPushedAfterItJoined() {
    for mode in BroadcastMode.allCases {
      let ring = Ring(capacity: 8, mode: mode)
      var producer = ring.makeProducer()
      for value in 0..<5 as Range<UInt64> { _ = producer.tryPush(value) }
      var late = reader(of: ring)
      _ = producer.tryPush(5)
      let seen = (late.tryPop(), late.tryPop())
      #expect(seen == (5, nil) && late.missedCount == 0)
    }
  }

  @Test func overtakenReaderLearnsHowManyItMissed() {
    let ring = Ring(capacity: 8, mode: .lap, startCursor: .max - 7)
    var producer = ring.makeProducer()
    var slow = reader(of: ring)
    for value in 0..<8 as Range<UInt64> { _ = producer.tryPush(value) }
    let first = slow.tryPop()
    #expect(first == 0 && slow.missedCount == 0)
    for value in 8..<20 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      #expect(pushed)
    }
    // It goes on half a ring behind: 16 of 0..<20.
    let next = slow.tryPop()
    #expect(next == 16 && slow.missedCount == 15)
    let taken = slow.take(upTo: 8)
    let last = slow.element(at: taken - 1)
    slow.release()
    #expect(taken == 3 && last == 19 && slow.missedCount == 15)
  }

  /// A claim announces what it is about to overwrite: what it covers counts as gone before it is written.
  @Test func elementsUnderAClaimAreNotRead() {
    let ring = Ring(capacity: 4, mode: .lap)
    var producer = ring.makeProducer()
    var slow = reader(of: ring)
    for value in 0..<4 as Range<UInt64> { _ = producer.tryPush(value) }
    let claimed = producer.claim(upTo: 3)
    let next = slow.tryPop()
    #expect(claimed == 3 && next == 3 && slow.missedCount == 3)
    for index in 0..<claimed { producer.write(UInt64(4 + index), at: index) }
    producer.publish()
    let seen = (slow.tryPop(), slow.tryPop(), slow.tryPop(), slow.tryPop())
    #expect(seen == (4, 5, 6, nil) && slow.missedCount == 3)
  }

  /// The next producer used to take the announcement back, and the reader took what the claim had left behind for elements.
  @Test func elementsUnderADroppedClaimAreNotReadAfterAChangeOfProducer() {
    let ring = Ring(capacity: 4, mode: .lap, startCursor: .max - 3)
    var slow = reader(of: ring)
    do {
      var producer = ring.makeProducer()
      for value in 0..<4 as Range<UInt64> { _ = producer.tryPush(value) }
      let claimed = producer.claim(upTo: 4)
      #expect(claimed == 4)
      for index in 0..<claimed { producer.write(99, at: index) }
    }
    var producer = ring.makeProducer()
    _ = producer.tryPush(4)
    let seen = (slow.tryPop(), slow.tryPop())
    #expect(seen == (4, nil) && slow.missedCount == 4)
  }

  @Test func readersAreLimitedAndTheirPlacesReused() {
    let ring = Ring(capacity: 4, mode: .block, readerLimit: 2)
    #expect(ring.readerLimit == 2)
    do {
      let one = ring.makeReader()
      let two = ring.makeReader()
      let three = ring.makeReader()
      let isFull = one != nil && two != nil && three == nil
      #expect(isFull && ring.readerCount == 2)
    }
    let again = reader(of: ring)
    #expect(again.number == 0 && ring.readerCount == 1)
    #expect(Ring(capacity: 4, mode: .lap).readerLimit == 16)
  }

  @Test func dismissedReaderNoLongerHoldsTheProducerBack() throws {
    let region = AlignedRegion(byteCount: Ring.byteCount(capacity: 2))
    let here = try unsafe Ring(formatting: region.bytes, capacity: 2, mode: .block)
    let there = try unsafe Ring(attaching: region.bytes)
    var producer = here.makeProducer()
    let dead = reader(of: there)
    for value in 0..<2 as Range<UInt64> { _ = producer.tryPush(value) }
    let refused = producer.tryPush(2)
    here.dismissReader(dead.number)
    let accepted = producer.tryPush(2)
    #expect(!refused && accepted)
  }

  @Test(arguments: BroadcastMode.allCases)
  func closedRingRefusesPushesAndIsReadToItsEnd(mode: BroadcastMode) {
    let ring = Ring(capacity: 8, mode: mode)
    var producer = ring.makeProducer()
    var reader = reader(of: ring)
    for value in 0..<3 as Range<UInt64> { _ = producer.pushLazily(value) }
    producer.flush()
    ring.close()
    let pushed = producer.tryPush(9)
    let claimed = producer.claim(upTo: 2)
    #expect(!pushed && claimed == 0 && producer.isClosed && reader.isClosed && !reader.isFinished)
    for value in 0..<3 as Range<UInt64> {
      let seen = reader.tryPop()
      #expect(seen == value)
    }
    let isFinished = reader.isFinished
    #expect(isFinished)
  }

  @Test func attachedRingKeepsItsModeAndLimit() throws {
    let region = AlignedRegion(byteCount: Ring.byteCount(capacity: 8, readerLimit: 3))
    let here = try unsafe Ring(formatting: region.bytes, capacity: 8, mode: .lap, readerLimit: 3)
    let there = try unsafe Ring(attaching: region.bytes)
    #expect(there.mode == .lap && there.readerLimit == 3 && there.capacity == 8)
    var producer = here.makeProducer()
    var reader = reader(of: there)
    _ = producer.tryPush(5)
    let seen = reader.tryPop()
    #expect(seen == 5 && here.readerCount == 1)
  }

  /// Every bit of the header and of the mode, flipped, is refused or still describes the region.
  @Test func damagedHeadersNeverReachOutsideTheRegion() throws {
    let region = AlignedRegion(byteCount: Ring.byteCount(capacity: 8, readerLimit: 2))
    _ = try unsafe Ring(formatting: region.bytes, capacity: 8, mode: .block, readerLimit: 2)
    #expect(throws: RingAttachError.otherKindOfRing) { try unsafe SingleProducerRing<UInt64>(attaching: region.bytes) }
    for offset in Array(0..<48) + Array(768..<776) {
      for bit in 0..<8 {
        unsafe region.bytes[offset] ^= 1 << bit
        if let ring = try? unsafe Ring(attaching: region.bytes) {
          let byteCount = Ring.byteCount(capacity: ring.capacity, readerLimit: ring.readerLimit)
          let fits = unsafe byteCount <= region.bytes.count
          #expect(fits, "byte \(offset), bit \(bit)")
        }
        unsafe region.bytes[offset] ^= 1 << bit
      }
    }
  }

  @Test func wideElementsSurviveTheWrapInBothModes() {
    for mode in BroadcastMode.allCases {
      let ring = BroadcastRing<WideElement>(capacity: 4, mode: mode)
      var producer = ring.makeProducer()
      var reader = reader(of: ring)
      for value in 0..<100 as Range<UInt64> {
        let pushed = producer.tryPush(WideElement(value))
        let seen = reader.tryPop()
        #expect(pushed && seen?.value == value)
      }
    }
  }

  /// Three bytes: less than a word, and not a power of two.
  @Test func oddElementsAreCopiedWhole() {
    struct Odd: BitwiseCopyable, Sendable, Equatable {
      var bytes: (UInt8, UInt8, UInt8)
      static func == (one: Odd, other: Odd) -> Bool { one.bytes == other.bytes }
    }
    let ring = BroadcastRing<Odd>(capacity: 4, mode: .lap)
    var producer = ring.makeProducer()
    var reader = reader(of: ring)
    for value in 0..<50 as Range<UInt8> {
      _ = producer.tryPush(Odd(bytes: (value, 255 - value, 7)))
      let seen = reader.tryPop()
      #expect(seen == Odd(bytes: (value, 255 - value, 7)))
    }
  }
}
