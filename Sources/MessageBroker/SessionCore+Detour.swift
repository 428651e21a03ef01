import RingBuffers

/// Taking from a queue that is more than a ring. None of it is on the path of a plain queue.
extension SessionCore {
  /// Takes up to `limit` messages, `limit` being what the consumer has room for; returns how many.
  @usableFromInline @inline(never)
  mutating func takeByDetour(from end: End, upTo limit: Int) -> Int {
    let detour = unsafe end.pointee.shared.detour
    if detour.contains(.store) { return unsafe takeFromStore(of: end, upTo: limit) }
    var taken = 0
    if detour.returnedCount != 0 { unsafe taken = takeReturned(from: end, upTo: limit) }
    if taken < limit { unsafe taken += takeFromFurtherSegments(of: end, upTo: limit - taken) }
    if taken > 0 { unsafe book(taken, deliveredTo: end) }
    return taken
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
