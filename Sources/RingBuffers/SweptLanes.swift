public import Platform
public import Synchronization

/// A bounded queue between a few producer threads and exactly one consumer thread: a `SingleProducerRing` per producer, which
/// the consumer visits in turn.
///
/// Producers share nothing, so that a push costs what it costs in a single-producer ring and no producer can hold up
/// another. The price: order holds per producer only, memory grows with the producers, their number has a limit, and an idle
/// lane costs the consumer a look.
///
/// Take it when order per producer is enough; `ManyToOneRing` has the figures of both, and the case where it loses.
///
/// Roles: each producing thread makes its own `Producer`, which takes one lane; one thread owns the `Consumer`.
/// Cost: a push as in `SingleProducerRing`; a pop the same, and a look at each empty lane once per turn.
///
/// Invariants
/// - A lane has one producer; all lanes have the same consumer.
/// - Only the lane that the consumer is visiting has slots held back by `popLazily`.
@safe public final class SweptLanes<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: the lanes are, and `closed` is atomic.
  @usableFromInline let lanes: [SingleProducerRing<Element>]
  @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
  let memory: LaneMemory

  /// How many elements fit into each lane: a power of two.
  public let laneCapacity: Int

  /// How many producers there may be at a time.
  public var laneCount: Int { lanes.count }

  /// Lanes in their own memory.
  /// - Parameters:
  ///   - laneCount: A power of two from 1 to 64.
  ///   - laneCapacity: A power of two from 1 to `laneCapacityLimit`.
  public init(laneCount: Int, laneCapacity: Int) {
    precondition(laneCount <= Self.laneCountLimit, "there are up to \(Self.laneCountLimit) lanes, got \(laneCount)")
    let memory = LaneMemory(
      RawRingRegion(creating: Self.header(laneCount: laneCount, laneCapacity: laneCapacity), start: 0))
    guard let lanes = try? Self.format(memory, capacity: laneCapacity) else {
      preconditionFailure("memory of the right size holds the lanes")
    }
    self.memory = memory
    self.lanes = lanes
    unsafe closed = memory.region.word(at: RingLayout.closedOffset)
    self.laneCapacity = laneCapacity
  }

  /// Lanes made in memory of the caller's, to be shared with other processes; the caller keeps it mapped.
  /// - Parameters:
  ///   - bytes: `byteCount(laneCount:laneCapacity:)` zeroed bytes on a boundary of 128.
  ///   - laneCount: A power of two from 1 to 64.
  ///   - laneCapacity: A power of two from 1 to `laneCapacityLimit`.
  public init(formatting bytes: UnsafeMutableRawBufferPointer, laneCount: Int, laneCapacity: Int)
    throws(RingAttachError)
  {
    precondition(laneCount <= Self.laneCountLimit, "there are up to \(Self.laneCountLimit) lanes, got \(laneCount)")
    memory = unsafe LaneMemory(
      try RawRingRegion(formatting: bytes, as: Self.header(laneCount: laneCount, laneCapacity: laneCapacity)))
    lanes = try Self.format(memory, capacity: laneCapacity)
    unsafe closed = memory.region.word(at: RingLayout.closedOffset)
    self.laneCapacity = laneCapacity
  }

  /// The lanes that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public init(attaching bytes: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    memory = unsafe LaneMemory(
      try RawRingRegion(
        attaching: bytes,
        expecting: (.sweptLanes, stride: Self.laneByteCount(in: bytes), element: MemoryLayout<Element>.size)))
    guard memory.region.header.capacity <= UInt64(Self.laneCountLimit) else { throw .damagedHeader }
    lanes = try Self.attach(memory)
    unsafe closed = memory.region.word(at: RingLayout.closedOffset)
    laneCapacity = lanes[0].capacity
  }

  /// The most lanes there may be: a look at each of them is a cost of every turn.
  public static var laneCountLimit: Int { 64 }

  /// The most elements that a lane may hold: a power of two up to 2³⁰ with which it takes less than 4 GiB, because the memory says
  /// in 32 bits how far it is from lane to lane.
  public static var laneCapacityLimit: Int {
    var limit = Int(RingHeader.capacityLimit)
    while laneByteCount(capacity: limit) > Int(UInt32.max) { limit /= 2 }
    return limit
  }

  /// How much memory the lanes take.
  public static func byteCount(laneCount: Int, laneCapacity: Int) -> Int {
    RawRingRegion.byteCount(capacity: laneCount, slotStride: laneByteCount(capacity: laneCapacity))
  }

  /// How many published elements have not been released: a moment's view.
  public var count: Int { lanes.reduce(0) { $0 + $1.count } }

  /// Whether the lanes take no more elements; those left can still be popped.
  @inlinable
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .acquiring) != 0 }

  /// Refuses further elements from now on and wakes everybody who is parked.
  ///
  /// As in a `SingleProducerRing`, a push at the same moment may be accepted after the consumer has seen the end: close
  /// after the last push, and nothing stays.
  public func close() {
    for lane in lanes { lane.close() }
    unsafe closed.pointee.store(1, ordering: .releasing)  // Pairs with `isClosed`: who sees it sees every lane closed.
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where the consumer parks.
  public var itemDoorbell: Doorbell { memory.region.itemDoorbell }

  /// Where producers park, whichever their lane.
  public var spaceDoorbell: Doorbell { memory.region.spaceDoorbell }

  /// An end for a producing thread in the first lane that is free among the ends of this object; stops the program when none
  /// is. O(lanes). Ends of other processes are not seen: between processes use `makeProducer(lane:)`.
  public func makeProducer() -> Producer {
    for lane in lanes where lane.reserveProducer() {
      return Producer(end: SingleProducerRing<Element>.Producer(reserved: lane), of: self)
    }
    preconditionFailure("all \(laneCount) lanes have a producer")
  }

  /// The end for the producing thread of the given lane; stops the program when the lane has one already.
  public func makeProducer(lane: Int) -> Producer { Producer(end: lanes[lane].makeProducer(), of: self) }

  /// The end for the consuming thread. There is one at a time.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}
