import RingBuffers
import Testing

/// Rings in memory that others can map.
@Suite struct RingAttachTests {
  @Test func twoHandlesOnOneRegionAreOneRing() throws {
    let region = AlignedRegion(byteCount: SingleProducerRing<UInt64>.byteCount(capacity: 8))
    let here = try unsafe SingleProducerRing<UInt64>(formatting: region.bytes, capacity: 8)
    let there = try unsafe SingleProducerRing<UInt64>(attaching: region.bytes)
    var producer = here.makeProducer()
    var consumer = there.makeConsumer()
    #expect(there.capacity == 8)
    let pushed = producer.tryPush(5)
    let popped = consumer.tryPop()
    #expect(pushed && popped == 5)
    there.close()
    let isClosed = producer.isClosed
    #expect(isClosed)
  }

  @Test func attachedManyToManyRingKeepsItsLimit() throws {
    let region = AlignedRegion(byteCount: ManyToManyRing<UInt64>.byteCount(capacity: 8))
    let here = try unsafe ManyToManyRing<UInt64>(formatting: region.bytes, capacity: 8, lengthLimit: 5)
    let there = try unsafe ManyToManyRing<UInt64>(attaching: region.bytes)
    #expect(there.lengthLimit == 5)
    var producer = there.makeProducer()
    for value in 0..<5 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      #expect(pushed)
    }
    let sixth = producer.tryPush(5)
    #expect(!sixth && here.count == 5)
  }

  @Test func twoHandlesOnOneRegionOfEachKindAreOneRing() throws {
    let ringRegion = AlignedRegion(byteCount: ManyToOneRing<UInt64>.byteCount(capacity: 8))
    let ring = try unsafe ManyToOneRing<UInt64>(formatting: ringRegion.bytes, capacity: 8)
    let sameRing = try unsafe ManyToOneRing<UInt64>(attaching: ringRegion.bytes)
    try expectOneRing(ring.makeProducer(), sameRing.makeConsumer()) { sameRing.close() }
    let laneRegion = AlignedRegion(byteCount: SweptLanes<UInt64>.byteCount(laneCount: 4, laneCapacity: 8))
    let lanes = try unsafe SweptLanes<UInt64>(formatting: laneRegion.bytes, laneCount: 4, laneCapacity: 8)
    let sameLanes = try unsafe SweptLanes<UInt64>(attaching: laneRegion.bytes)
    #expect(sameLanes.laneCount == 4 && sameLanes.laneCapacity == 8)
    try expectOneRing(lanes.makeProducer(lane: 2), sameLanes.makeConsumer()) { sameLanes.close() }
    let stackRegion = AlignedRegion(byteCount: BoundedStack<UInt64>.byteCount(capacity: 8))
    let stack = try unsafe BoundedStack<UInt64>(formatting: stackRegion.bytes, capacity: 8)
    let sameStack = try unsafe BoundedStack<UInt64>(attaching: stackRegion.bytes)
    try expectOneRing(stack.makeProducer(), sameStack.makeConsumer()) { sameStack.close() }
  }

  private func expectOneRing<Producer: RingProducer & ~Copyable, Consumer: RingConsumer & ~Copyable>(
    _ makeProducer: @autoclosure () -> Producer, _ makeConsumer: @autoclosure () -> Consumer, close: () -> Void
  ) throws where Producer.Element == UInt64, Consumer.Element == UInt64 {
    var producer = makeProducer()
    var consumer = makeConsumer()
    let pushed = producer.tryPush(5)
    let popped = consumer.tryPop()
    #expect(pushed && popped == 5)
    close()
    #expect(producer.isClosed && consumer.isFinished)
  }

  @Test func newKindsRefuseWhatIsNotThem() throws {
    let region = AlignedRegion(byteCount: SweptLanes<UInt64>.byteCount(laneCount: 2, laneCapacity: 8))
    #expect(throws: RingAttachError.notARing) { try unsafe SweptLanes<UInt64>(attaching: region.bytes) }
    _ = try unsafe SweptLanes<UInt64>(formatting: region.bytes, laneCount: 2, laneCapacity: 8)
    #expect(throws: RingAttachError.otherKindOfRing) { try unsafe ManyToOneRing<UInt64>(attaching: region.bytes) }
    #expect(throws: RingAttachError.otherKindOfRing) { try unsafe BoundedStack<UInt64>(attaching: region.bytes) }
    #expect(throws: RingAttachError.otherElement(byteCount: 8, expectedByteCount: 56)) {
      try unsafe SweptLanes<WideElement>(attaching: region.bytes)
    }
    #expect(throws: RingAttachError.misaligned) {
      try unsafe SweptLanes<UInt64>(attaching: UnsafeMutableRawBufferPointer(rebasing: region.bytes[8...]))
    }
    #expect(throws: RingAttachError.regionTooSmall(byteCount: 100, neededByteCount: 1024)) {
      try unsafe SweptLanes<UInt64>(attaching: UnsafeMutableRawBufferPointer(rebasing: region.bytes[..<100]))
    }
    for offset in 0..<48 {
      for bit in 0..<8 {
        unsafe region.bytes[offset] ^= 1 << bit
        if let lanes = try? unsafe SweptLanes<UInt64>(attaching: region.bytes) {
          #expect(lanes.laneCount <= 2 && lanes.laneCapacity <= 8)
        }
        unsafe region.bytes[offset] ^= 1 << bit
      }
    }
  }

  /// The layout holds offsets only: a byte-wise copy at another address is a working ring with the same content.
  @Test func copiedRegionIsARingOfItsOwn() throws {
    let byteCount = ManyToManyRing<UInt64>.byteCount(capacity: 4)
    let region = AlignedRegion(byteCount: byteCount)
    let copy = AlignedRegion(byteCount: byteCount)
    let original = try unsafe ManyToManyRing<UInt64>(formatting: region.bytes, capacity: 4)
    var producer = original.makeProducer()
    for value in 1...3 as ClosedRange<UInt64> { _ = producer.tryPush(value) }
    unsafe copy.bytes.copyMemory(from: UnsafeRawBufferPointer(region.bytes))
    let moved = try unsafe ManyToManyRing<UInt64>(attaching: copy.bytes)
    var consumer = moved.makeConsumer()
    for value in 1...3 as ClosedRange<UInt64> {
      let popped = consumer.tryPop()
      #expect(popped == value)
    }
    #expect(original.count == 3 && moved.count == 0)
  }

  @Test func refusesWhatIsNotThisRing() throws {
    typealias Single = SingleProducerRing<UInt64>
    typealias Many = ManyToManyRing<UInt64>
    let region = AlignedRegion(byteCount: Many.byteCount(capacity: 8))
    #expect(throws: RingAttachError.notARing) { try unsafe Many(attaching: region.bytes) }
    _ = try unsafe Many(formatting: region.bytes, capacity: 8)
    #expect(throws: RingAttachError.otherKindOfRing) { try unsafe Single(attaching: region.bytes) }
    #expect(throws: RingAttachError.otherElement(byteCount: 8, expectedByteCount: 56)) {
      try unsafe ManyToManyRing<WideElement>(attaching: region.bytes)
    }
    #expect(throws: RingAttachError.misaligned) {
      try unsafe Many(attaching: UnsafeMutableRawBufferPointer(rebasing: region.bytes[8...]))
    }
    let needed = Many.byteCount(capacity: 8)
    #expect(throws: RingAttachError.regionTooSmall(byteCount: needed - 1, neededByteCount: needed)) {
      try unsafe Many(attaching: UnsafeMutableRawBufferPointer(rebasing: region.bytes[..<(needed - 1)]))
    }
    #expect(throws: RingAttachError.regionTooSmall(byteCount: 100, neededByteCount: 1024)) {
      try unsafe Many(attaching: UnsafeMutableRawBufferPointer(rebasing: region.bytes[..<100]))
    }
    #expect(throws: RingAttachError.regionTooSmall(byteCount: needed, neededByteCount: Many.byteCount(capacity: 16))) {
      try unsafe Many(formatting: region.bytes, capacity: 16)
    }
  }

  /// Every byte of the header matters: flipped, it is refused, or (where it only says less) still describes the region.
  @Test func damagedHeadersNeverReachOutsideTheRegion() throws {
    typealias Many = ManyToManyRing<UInt64>
    let region = AlignedRegion(byteCount: Many.byteCount(capacity: 8))
    _ = try unsafe Many(formatting: region.bytes, capacity: 8)
    for offset in 0..<48 {
      for bit in 0..<8 {
        unsafe region.bytes[offset] ^= 1 << bit
        if let ring = try? unsafe Many(attaching: region.bytes) {
          let fits = unsafe Many.byteCount(capacity: ring.capacity) <= region.bytes.count
          #expect(fits && ring.lengthLimit <= ring.capacity)
        }
        unsafe region.bytes[offset] ^= 1 << bit
      }
    }
  }

  /// The size that such a header asks for used to overflow, which stopped the program.
  @Test(arguments: [31, 59, 60, 63])
  func capacityBeyondTheLimitIsADamagedHeader(shift: Int) throws {
    let region = AlignedRegion(byteCount: ManyToManyRing<UInt64>.byteCount(capacity: 8))
    _ = try unsafe SingleProducerRing<UInt64>(formatting: region.bytes, capacity: 8)
    unsafe region.bytes.storeBytes(of: 1 << UInt64(shift), toByteOffset: 16, as: UInt64.self)
    #expect(throws: RingAttachError.damagedHeader) { try unsafe SingleProducerRing<UInt64>(attaching: region.bytes) }
    _ = try unsafe ManyToManyRing<UInt64>(formatting: region.bytes, capacity: 8)
    unsafe region.bytes.storeBytes(of: 1 << UInt64(shift), toByteOffset: 16, as: UInt64.self)
    #expect(throws: RingAttachError.damagedHeader) { try unsafe ManyToManyRing<UInt64>(attaching: region.bytes) }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect("\(RingAttachError.misaligned)".contains("128"))
    #expect("\(RingAttachError.regionTooSmall(byteCount: 5, neededByteCount: 9))".contains("5 bytes"))
  }
}
