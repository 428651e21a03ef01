import Platform
public import Synchronization

/// What a returner keeps for one owner.
@safe @usableFromInline
struct PayloadReturnLane: ~Copyable {
  let number: Int
  let index: Int
  let lane: PayloadPool.Lane
  @usableFromInline var producer: SingleProducerRing<UInt32>.Producer
  @usableFromInline var releasedByteCount: Int

  init(number: Int, index: Int, lane: PayloadPool.Lane) {
    self.number = number
    self.index = index
    self.lane = lane
    producer = lane.ring.makeProducer()
    releasedByteCount = lane.releasedByteCount.load(ordering: .relaxed)
  }

  @usableFromInline
  mutating func flush() {
    producer.flush()
    lane.releasedByteCount.store(releasedByteCount, ordering: .relaxed)  // A statistic with one writer.
  }
}

extension PayloadPool {
  /// One consuming thread's end: drops references and sends free blocks back to their owners.
  @safe @frozen
  public struct Returner: ~Copyable, @unchecked Sendable {
    // Unchecked, because: an end has one owner thread, and the lanes are its own.
    @usableFromInline let pool: PayloadPool
    /// By owner number; nil where no lane was needed yet, or where the owner has too many.
    @usableFromInline var lanes: UnsafeMutablePointer<UnsafeMutablePointer<PayloadReturnLane>?>
    @usableFromInline var laneLimit: Int
    /// The lanes there are, in the order they came.
    @usableFromInline var active: [UnsafeMutablePointer<PayloadReturnLane>]
    /// Blocks whose ring was full, waiting for `flush()` to put them on their owner's locked list.
    @usableFromInline var overflow: [(handle: UInt32, owner: Int)] = []

    /// A returner of `pool`; return rings are made when the first block of an owner comes by.
    public init(of pool: PayloadPool) {
      self.pool = pool
      laneLimit = 16
      unsafe lanes = .allocate(capacity: laneLimit)
      unsafe lanes.initialize(repeating: nil, count: laneLimit)
      unsafe active = []
    }

    deinit {
      pool.spill(overflow)
      for position in unsafe active.indices {
        let lane = unsafe active[position]
        let (number, index) = unsafe (lane.pointee.number, lane.pointee.index)
        unsafe lane.pointee.flush()
        unsafe lane.deinitialize(count: 1)  // Before the lane is free: a ring has one producer at a time.
        unsafe lane.deallocate()
        pool.control.withLock { $0.detachLane(owner: number, index: index) }
      }
      unsafe lanes.deallocate()
    }

    /// Drops one reference; when it was the last, the block goes back to its owner at the next `flush()`.
    ///
    /// O(1): one load of the chunk's word, one store into the return ring.
    @inlinable @inline(__always)
    public mutating func release(_ handle: Handle) {
      let chunk = unsafe pool.chunkWord(of: handle).pointee.load(ordering: .relaxed)
      if chunk & RawPayloadArena.sharedBit != 0, !pool.dropsLastReference(of: handle) { return }
      let number = Int(chunk & 0xFFFF)
      if number < laneLimit, let lane = unsafe lanes[number], unsafe lane.pointee.producer.stage(handle) {
        unsafe lane.pointee.releasedByteCount &+= pool.byteCapacity(of: handle)
        return
      }
      releaseSlowly(handle, owner: number)
    }

    /// Publishes what was released. Once per batch, and owed before the thread idles. O(owners seen).
    @inlinable
    public mutating func flush() {
      for position in unsafe active.indices { unsafe active[position].pointee.flush() }
      if !overflow.isEmpty { spillOverflow() }
    }

    @usableFromInline
    mutating func releaseSlowly(_ handle: Handle, owner number: Int) {
      if number >= laneLimit { widen(toHold: number) }
      if unsafe lanes[number] == nil, let lane = pool.attachLane(owner: number) {
        let pointer = UnsafeMutablePointer<PayloadReturnLane>.allocate(capacity: 1)
        unsafe pointer.initialize(to: PayloadReturnLane(number: number, index: lane.index, lane: lane.lane))
        unsafe active.append(pointer)
        unsafe lanes[number] = unsafe pointer
      }
      let byteCount = pool.byteCapacity(of: handle)
      if let lane = unsafe lanes[number] {
        unsafe lane.pointee.releasedByteCount &+= byteCount
        if unsafe lane.pointee.producer.stage(handle) { return }
      } else {
        pool.control.withLock { $0.releasedWithoutLane += byteCount }
      }
      overflow.append((handle, number))
      // Bounded: whoever never flushes spills in steps.
      if overflow.count >= 1024 { spillOverflow() }
    }

    @usableFromInline
    mutating func spillOverflow() {
      pool.spill(overflow)
      overflow.removeAll(keepingCapacity: true)
    }

    private mutating func widen(toHold number: Int) {
      let limit = max(number + 1, laneLimit * 2)
      let wider = UnsafeMutablePointer<UnsafeMutablePointer<PayloadReturnLane>?>.allocate(capacity: limit)
      unsafe wider.initialize(repeating: nil, count: limit)
      unsafe wider.update(from: lanes, count: laneLimit)
      unsafe lanes.deallocate()
      unsafe lanes = wider
      laneLimit = limit
    }
  }
}

extension PayloadPool {
  func attachLane(owner number: Int) -> (index: Int, lane: Lane)? {
    control.withLock {
      $0.attachLane(owner: number, ringCapacity: returnRingCapacity, returnerLimit: returnerLimit)
    }
  }

  /// Puts blocks on their owners' locked lists.
  func spill(_ blocks: [(handle: UInt32, owner: Int)]) {
    guard !blocks.isEmpty else { return }
    spilled.wrappingAdd(blocks.count, ordering: .relaxed)
    for number in Set(blocks.map(\.owner)) {
      let state = control.withLock { $0.owners[number - 1] }
      state.addSpill(blocks.compactMap { $0.owner == number ? $0.handle : nil })
    }
  }
}
