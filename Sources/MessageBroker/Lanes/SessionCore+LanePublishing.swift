import RingBuffers

/// Publishing into a queue whose policy decides at publishing.
extension SessionCore {
  /// Pushes one message, whose body is stored; false when the queue is full or deleted.
  mutating func pushToLanes(_ descriptor: MessageDescriptor, by lane: Lane) -> Bool {
    unsafe withUnsafePointer(to: StagedMessage(descriptor: descriptor, sequence: 0)) {
      unsafe push($0, count: 1, toLanesOf: lane) == 1
    }
  }

  /// Pushes what is staged, as far as the queue takes it.
  mutating func pushStagedToLanes(of lane: Lane) {
    let oldest = unsafe lane.pointee.staged + lane.pointee.stagedStart
    let pushed = unsafe push(oldest, count: lane.pointee.stagedCount, toLanesOf: lane)
    unsafe lane.pointee.dropOldest(pushed)
    stagedCount -= pushed
  }

  private func push(_ messages: UnsafePointer<StagedMessage>, count: Int, toLanesOf lane: Lane) -> Int {
    let spread = unsafe spread(of: lane)
    let pushed = unsafe spread.pointee.push(
      messages, count: count, beside: lane.pointee.queue.countBesideLanes, ring: &lane.pointee.producer,
      keys: keyHashes)
    guard pushed > 0 else { return 0 }
    unsafe lane.pointee.counters.add(pushed, to: .published)
    unsafe lane.pointee.queue.wakeConsumers(of: spread.pointee)
    return pushed
  }

  /// The session's ends of the queue's lanes, made when first needed.
  private func spread(of lane: Lane) -> UnsafeMutablePointer<LaneSpread> {
    if let spread = unsafe lane.pointee.spread { return unsafe spread }
    // Differs between sessions and queues, and is the same again when the same is done again.
    let seed = identifier.number << 32 | UInt64(unsafe lane.pointee.handle.rawValue)
    let spread = unsafe ThreadMemory.allocate(LaneSpread.self, capacity: 1)
    unsafe spread.initialize(to: LaneSpread(of: lane.pointee.queue, seed: seed)!)
    unsafe lane.pointee.spread = spread
    return unsafe spread
  }
}
