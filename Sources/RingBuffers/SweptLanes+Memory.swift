import Platform

/// Keeps the memory of all lanes as long as one of them is in use.
final class LaneMemory: @unchecked Sendable {
  // Unchecked, because: the region never changes, and what lies in it is atomic or handed over by lanes.
  let region: RawRingRegion

  init(_ region: RawRingRegion) { self.region = region }

  deinit { region.free() }
}

/// The memory of lanes: a region whose slots are regions of single-producer rings.
extension SweptLanes {
  static func laneByteCount(capacity: Int) -> Int {
    AlignedMemory.roundedUp(SingleProducerRing<Element>.byteCount(capacity: capacity))
  }

  static func header(laneCount: Int, laneCapacity: Int) -> RingHeader {
    precondition(
      laneCapacity <= laneCapacityLimit, "lanes of these elements hold up to \(laneCapacityLimit), got \(laneCapacity)")
    return RingHeader(
      kind: .sweptLanes, capacity: laneCount, lengthLimit: laneCount, elementByteCount: MemoryLayout<Element>.size,
      slotStride: laneByteCount(capacity: laneCapacity))
  }

  /// What the header in `bytes` says of a lane's size; 1, which no lane has, when there cannot be a header.
  static func laneByteCount(in bytes: UnsafeMutableRawBufferPointer) -> Int {
    guard let address = bytes.baseAddress, bytes.count >= RingLayout.slotsOffset,
      UInt(bitPattern: address) % UInt(AlignedMemory.lineByteCount) == 0
    else { return 1 }
    return max(1, Int(unsafe address.load(as: RingHeader.self).slotStride))
  }

  static func format(_ memory: LaneMemory, capacity: Int) throws(RingAttachError) -> [SingleProducerRing<Element>] {
    var lanes: [SingleProducerRing<Element>] = []
    for index in 0..<Int(memory.region.header.capacity) {
      lanes.append(
        unsafe try SingleProducerRing(formatting: bytes(of: index, in: memory), capacity: capacity, ownedBy: memory))
    }
    return lanes
  }

  static func attach(_ memory: LaneMemory) throws(RingAttachError) -> [SingleProducerRing<Element>] {
    var lanes: [SingleProducerRing<Element>] = []
    for index in 0..<Int(memory.region.header.capacity) {
      lanes.append(unsafe try SingleProducerRing(attaching: bytes(of: index, in: memory), ownedBy: memory))
    }
    return lanes
  }

  private static func bytes(of lane: Int, in memory: LaneMemory) -> UnsafeMutableRawBufferPointer {
    let stride = Int(memory.region.header.slotStride)
    return unsafe UnsafeMutableRawBufferPointer(
      start: memory.region.base + RingLayout.slotsOffset + lane * stride, count: stride)
  }
}
