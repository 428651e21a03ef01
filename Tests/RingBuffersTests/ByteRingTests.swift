import Distributions
import Platform
import RingBuffers
import Testing

/// Records of any size through a byte ring, on one thread.
@Suite struct ByteRingTests {
  /// A record whose bytes say which one it is.
  static func record(_ number: Int, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
  }

  private func push(_ record: [UInt8], to producer: inout ByteRing.Producer) -> RecordClaim {
    unsafe producer.tryPush(record.span.bytes)
  }

  private func next(of consumer: inout ByteRing.Consumer) -> [UInt8]? {
    guard let record = unsafe consumer.next() else { return nil }
    return unsafe Array(record)
  }

  /// Every pair of sizes from every offset of every small ring, also where the cursors overflow.
  @Test(arguments: [0, .max - 7, .max - 31, .max - 63] as [UInt64])
  func recordsOfEverySizePassEveryWrap(start: UInt64) {
    for capacity in [32, 64, 128] {
      let limit = ByteRing.recordByteLimit(capacity: capacity)
      for offset in 0..<capacity / 8 {
        for size in 0...limit {
          let ring = ByteRing(capacity: capacity, startCursor: start)
          var producer = ring.makeProducer()
          var consumer = ring.makeConsumer()
          for _ in 0..<offset {
            let claim = push([UInt8](), to: &producer)
            let empty = next(of: &consumer)
            consumer.release()
            #expect(claim == .granted && empty == [])
          }
          for turn in 0..<3 {
            let record = Self.record(turn, byteCount: (size + 5 * turn) % (limit + 1))
            let claim = push(record, to: &producer)
            let found = next(of: &consumer)
            consumer.release()
            #expect(claim == .granted && found == record, "capacity \(capacity), offset \(offset), size \(size)")
          }
          let end = next(of: &consumer)
          #expect(end == nil && ring.usedByteCount == 0)
        }
      }
    }
  }

  @Test func recordsThatNeverFitAreRefusedAtOnce() {
    let ring = ByteRing(capacity: 256)
    var producer = ring.makeProducer()
    #expect(ring.recordByteLimit == 120)
    for (byteCount, expected) in [(121, .tooLarge), (.max, .tooLarge), (-1, .tooLarge), (120, .granted)]
      as [(Int, RecordClaim)]
    {
      let claim = producer.claim(byteCount: byteCount)
      #expect(claim == expected, "\(byteCount)")
    }
    var strategy = BusySpin()
    let claim = producer.claim(byteCount: 121, waiting: &strategy)
    #expect(claim == .tooLarge)
  }

  @Test func claimsAreWrittenInPlaceAndReadInPlace() {
    let ring = ByteRing(capacity: 256)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<20 as Range<UInt64> {
      let claim = producer.claim(byteCount: 24)
      #expect(claim == .granted)
      producer.withClaimedBytes { bytes in
        for word in 0..<3 { bytes.storeBytes(of: value + UInt64(word), toByteOffset: 8 * word, as: UInt64.self) }
      }
      producer.publish()
      let sum = consumer.withNext { bytes in
        (0..<3).reduce(UInt64(bytes.byteCount)) { sum, word in
          unsafe sum + bytes.unsafeLoad(fromByteOffset: 8 * word, as: UInt64.self)
        }
      }
      consumer.release()
      #expect(sum == 24 + 3 * value + 3)
    }
  }

  @Test func stagedRecordsAppearTogether() {
    let ring = ByteRing(capacity: 1024)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for number in 0..<5 {
      let claim = producer.claim(byteCount: 10 + number)
      #expect(claim == .granted)
      unsafe producer.claimedBytes.copyBytes(from: Self.record(number, byteCount: 10 + number))
      producer.stage()
    }
    let early = next(of: &consumer)
    #expect(early == nil && ring.usedByteCount == 0)
    producer.flush()
    for number in 0..<5 {
      let found = next(of: &consumer)
      #expect(found == Self.record(number, byteCount: 10 + number))
    }
    #expect(ring.usedByteCount == 5 * 24 && consumer.heldByteCount == 5 * 24)
    consumer.release()
    #expect(ring.usedByteCount == 0)
  }

  @Test func recordsThatWereNotReleasedComeAgain() {
    let ring = ByteRing(capacity: 256)
    var producer = ring.makeProducer()
    for number in 0..<3 { _ = push(Self.record(number, byteCount: 9), to: &producer) }
    do {
      var consumer = ring.makeConsumer()
      let first = next(of: &consumer)
      consumer.release()
      let second = next(of: &consumer)
      #expect(first == Self.record(0, byteCount: 9) && second == Self.record(1, byteCount: 9))
    }
    var consumer = ring.makeConsumer()
    let again = next(of: &consumer)
    #expect(again == Self.record(1, byteCount: 9))
  }

  /// A claim given up at the wrap leaves padding with nothing behind it.
  @Test func claimGivenUpAtTheWrapLeavesTheRingUsable() {
    let ring = ByteRing(capacity: 64)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for _ in 0..<3 {
      _ = push(Self.record(1, byteCount: 8), to: &producer)
      _ = next(of: &consumer)
      consumer.release()
    }
    let claim = producer.claim(byteCount: 24)
    producer.flush()
    let nothing = next(of: &consumer)
    #expect(claim == .granted && nothing == nil)
    let pushed = push(Self.record(2, byteCount: 5), to: &producer)
    let found = next(of: &consumer)
    #expect(pushed == .granted && found == Self.record(2, byteCount: 5))
  }

  /// The bytes of the claim before used to be handed out at the new tail, 8 bytes before the end of the memory.
  @Test func nothingIsClaimedAfterARefusal() {
    let ring = ByteRing(capacity: 64)
    var producer = ring.makeProducer()
    for byteCount in [0, 0, 0, 24] {
      let pushed = push(Self.record(1, byteCount: byteCount), to: &producer)
      #expect(pushed == .granted)
    }
    func claimedByteCount() -> Int { producer.withClaimedBytes { $0.byteCount } }
    #expect(claimedByteCount() == 0)
    #expect(producer.claim(byteCount: 24) == .full)
    #expect(claimedByteCount() == 0)
    #expect(producer.claim(byteCount: 25) == .tooLarge)
    #expect(claimedByteCount() == 0)
    ring.close()
    #expect(producer.claim(byteCount: 0) == .closed)
    #expect(claimedByteCount() == 0)
  }

  /// A ring for more records than there can be used to be asked for with 2³¹ bytes, which stopped the program.
  @Test func capacityForRecordsEndsWhereRingsDo() {
    #expect(ByteRing.capacity(forRecords: 1, byteCount: 0) == 32)
    #expect(ByteRing.capacity(forRecords: 3, byteCount: 8) == 64)
    #expect(ByteRing.capacity(forRecords: 4, byteCount: 8) == 128)
    #expect(ByteRing.capacity(forRecords: 1 << 26 - 1, byteCount: 8) == 1 << 30)
    #expect(ByteRing.capacity(forRecords: 1 << 26, byteCount: 8) == nil)
    #expect(ByteRing.capacity(forRecords: 1, byteCount: 1 << 29 - 8) == 1 << 30)
    #expect(ByteRing.capacity(forRecords: 1, byteCount: 1 << 29 - 7) == nil)
    #expect(ByteRing.capacity(forRecords: .max, byteCount: .max) == nil)
  }

  /// It used to write a header over the oldest record of a full ring.
  @Test func publishingWithoutAClaimStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let ring = ByteRing(capacity: 64)
      var producer = ring.makeProducer()
      while producer.claim(byteCount: 8) == .granted { producer.publish() }
      producer.publish()
    }
  }

  @Test func closedRingRefusesClaimsAndIsDrained() {
    let ring = ByteRing(capacity: 64)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    _ = push(Self.record(1, byteCount: 3), to: &producer)
    ring.close()
    var strategy = BusySpin()
    let claim = producer.claim(byteCount: 3, waiting: &strategy)
    #expect(claim == .closed && !consumer.isFinished)
    let last = unsafe consumer.next(waiting: &strategy)?.count
    let end = unsafe consumer.next(waiting: &strategy)?.count
    #expect(last == 3 && end == nil && consumer.isFinished)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func behavesLikeAnArrayOfRecords(seed: UInt64) {
    for capacity in [32, 64, 256, 1024] {
      var random = SplitMix64(seed: seed)
      let ring = ByteRing(capacity: capacity, startCursor: .max - 999)
      var producer = ring.makeProducer()
      var consumer = ring.makeConsumer()
      var model: [[UInt8]] = []
      for step in 0..<3_000 {
        switch random.below(4) {
        case 0, 1:
          let record = Self.record(step, byteCount: random.below(ring.recordByteLimit + 1))
          let claim = producer.claim(byteCount: record.count)
          if model.isEmpty, consumer.heldByteCount == 0 {
            #expect(claim == .granted, "seed \(seed), step \(step): the ring is empty")
          }
          guard claim == .granted else { continue }
          unsafe producer.claimedBytes.copyBytes(from: record)
          if random.below(2) == 0 { producer.stage() } else { producer.publish() }
          model.append(record)
        case 2:
          producer.flush()
          let found = next(of: &consumer)
          #expect(found == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed), step \(step)")
        default: consumer.release()
        }
      }
    }
  }

  @Test func elementsTravelAsRecords() {
    for capacity in [256, 1024] {
      let ring = ByteRing(capacity: capacity)
      var producer = ByteRing.ElementProducer<WideElement>(of: ring)
      var consumer = ByteRing.ElementConsumer<WideElement>(of: ring)
      var pushed: UInt64 = 0
      var popped: UInt64 = 0
      for round in 0..<200 {
        let claimed = producer.claim(upTo: 1 + round % 5)
        for index in 0..<claimed { producer.write(WideElement(pushed + UInt64(index)), at: index) }
        producer.publish()
        pushed += UInt64(claimed)
        if producer.tryPush(WideElement(pushed)) { pushed += 1 }
        if producer.pushLazily(WideElement(pushed)) { pushed += 1 }
        producer.flush()
        while popped < pushed {
          let taken = consumer.take(upTo: 1 + round % 3)
          for index in 0..<taken {
            let element = consumer.element(at: index).value
            #expect(element == popped)
            popped += 1
          }
          consumer.release()
          if popped < pushed {
            let element = round % 2 == 0 ? consumer.tryPop() : consumer.popLazily()
            #expect(element?.value == popped)
            popped += 1
          }
        }
      }
      #expect(pushed > 300)
    }
  }

  @Test func attachedRingIsTheSameRing() throws {
    let region = AlignedRegion(byteCount: ByteRing.byteCount(capacity: 64))
    let here = try unsafe ByteRing(formatting: region.bytes, capacity: 64)
    let there = try unsafe ByteRing(attaching: region.bytes)
    var producer = here.makeProducer()
    var consumer = there.makeConsumer()
    _ = push(Self.record(4, byteCount: 11), to: &producer)
    let found = next(of: &consumer)
    #expect(found == Self.record(4, byteCount: 11) && there.capacity == 64)
    for offset in 0..<48 {
      for bit in 0..<8 {
        unsafe region.bytes[offset] ^= 1 << bit
        if let ring = try? unsafe ByteRing(attaching: region.bytes) {
          let fits = unsafe ByteRing.byteCount(capacity: ring.capacity) <= region.bytes.count
          #expect(fits, "byte \(offset), bit \(bit)")
        }
        unsafe region.bytes[offset] ^= 1 << bit
      }
    }
  }
}
