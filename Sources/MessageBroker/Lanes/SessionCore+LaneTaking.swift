import RingBuffers

/// Taking from a queue whose policy decides at publishing.
extension SessionCore {
  /// Takes up to `limit` messages: first those that came when there was no consumer, then those of the consumer's lane, or, if it
  /// may, some of another's. `get` has no lane.
  mutating func takeByLanes(_ lanes: QueueLanes, from end: End, upTo limit: Int) -> Int {
    var taken = 0
    if let own = unsafe end.pointee.lane {
      repeat {
        unsafe taken += takeFromRingAndLane(own, near: lanes.words.nearPosition, for: end, upTo: limit - taken)
        // A batch ends with the lane's segment.
      } while unsafe taken < limit && mayGoOn(own)
      if taken == 0, lanes.allowsStealing { unsafe taken = steal(upTo: limit, among: lanes, by: own, for: end) }
    } else {
      unsafe taken = take(upTo: limit, of: &end.pointee.consumer, near: lanes.words.nearPosition, for: end)
    }
    guard taken > 0 else { return 0 }
    lanes.words.addTaken(taken)
    if unsafe end.pointee.shared.publishersMayPark { unsafe end.pointee.queue.wakePublishers(taken) }
    return taken
  }

  /// Whether the lane's next segment has messages.
  private func mayGoOn(_ own: UnsafeMutablePointer<LaneEnd>) -> Bool {
    unsafe own.pointee.consumer.hasMoreSegments && own.pointee.consumer.readyCount(upTo: 1) > 0
  }

  private mutating func takeFromRingAndLane(
    _ own: UnsafeMutablePointer<LaneEnd>, near: UInt64, for end: End, upTo limit: Int
  ) -> Int {
    // Looked at before the ring: a publisher that was late to see the first lane pushed into the ring before it pushed what we
    // see here, so the ring shows that too.
    let visible = unsafe own.pointee.consumer.readyCount(upTo: limit)
    let taken = unsafe take(upTo: limit, of: &end.pointee.consumer, near: near, for: end)
    let wanted = min(visible, limit - taken)
    guard wanted > 0 else { return taken }
    return taken + (unsafe take(upTo: wanted, of: &own.pointee.consumer, near: near, for: end))
  }

  /// Takes up to half of the longest other lane.
  private mutating func steal(
    upTo limit: Int, among lanes: QueueLanes, by own: UnsafeMutablePointer<LaneEnd>, for end: End
  ) -> Int {
    guard let (other, length) = unsafe own.pointee.longestOther(of: lanes) else { return 0 }
    let share = min(limit, (length + 1) / 2)
    return unsafe take(upTo: share, of: &other.consumer, near: lanes.words.nearPosition, for: end)
  }

  /// Takes placed messages into the window, batch by batch as segments end.
  private mutating func take(
    upTo limit: Int, of consumer: inout GrowingRing<MessageDescriptor>.Consumer, near: UInt64, for end: End
  ) -> Int {
    let (index, marks) = unsafe (end.pointee.index, end.pointee.windowMarks)
    var taken = 0
    while taken < limit {
      let count = consumer.take(upTo: limit - taken)
      if count == 0 { break }
      for place in 0..<count {
        let message = consumer.element(at: place)
        window.append(message.lifted, position: message.position(near: near), consumer: index, marks: marks)
      }
      if count > 1 { prefetchBodies(count) }
      consumer.release()
      taken += count
    }
    return taken
  }
}
