import RingBuffers

/// Taking from a queue that is more than a ring. None of it is on the path of a plain queue.
extension SessionCore {
  /// Takes up to `limit` messages, `limit` being what the consumer has room for; returns how many.
  @usableFromInline @inline(never)
  mutating func takeByDetour(from end: End, upTo limit: Int) -> Int {
    let detour = unsafe end.pointee.shared.detour
    guard unsafe end.pointee.isAdmitted(beside: detour) else { return 0 }
    let isStored = detour.intersection([.store, .lanes]) == .store
    let taken = unsafe isStored ? takeFromStore(of: end, upTo: limit) : takeFromRings(of: end, upTo: limit)
    if taken > 0, detour.contains(.gated) { unsafe letOthersPass(end) }
    return taken
  }

  /// Wakes the consumers with lower priorities when this one has no room for what is left.
  private func letOthersPass(_ end: End) {
    guard unsafe end.pointee.room == 0, unsafe end.pointee.queue.gate?.isSingleActive == false else { return }
    if unsafe end.pointee.queue.readyCount > 0 { unsafe end.pointee.queue.wakeConsumers(.max) }
  }

  private mutating func takeFromRings(of end: End, upTo limit: Int) -> Int {
    var taken = unsafe end.pointee.shared.detour.returnedCount == 0 ? 0 : takeReturned(from: end, upTo: limit)
    if taken < limit {
      if let lanes = unsafe end.pointee.queue.lanes {
        unsafe taken += takeByLanes(lanes, from: end, upTo: limit - taken)
      } else {
        unsafe taken += takeFromFurtherSegments(of: end, upTo: limit - taken)
      }
    }
    if taken > 0 { unsafe book(taken, deliveredTo: end) }
    guard taken < limit, unsafe end.pointee.shared.detour.contains(.store) else { return taken }
    // Beside lanes: messages that time decides about, and dead letters.
    return taken + (unsafe takeFromStore(of: end, upTo: limit - taken))
  }

  /// Takes messages that came back: they are older than all in the ring.
  private mutating func takeReturned(from end: End, upTo limit: Int) -> Int {
    let messages = unsafe end.pointee.queue.takeReturned(upTo: limit)
    for message in messages {
      unsafe window.append(
        message.descriptor, position: message.position, consumer: end.pointee.index, marks: end.pointee.windowMarks)
    }
    unsafe end.pointee.counters.add(messages.count, to: .redelivered)
    if !messages.isEmpty { unsafe end.pointee.queue.wakePublishers(messages.count) }
    return messages.count
  }
}
