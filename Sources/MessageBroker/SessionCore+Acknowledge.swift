public import RingBuffers

extension SessionCore {
  /// See `Session.acknowledge`.
  @inlinable @inline(__always)
  mutating func acknowledge(_ tag: UInt64, multiple: Bool) throws(BrokerError) {
    if multiple {
      acknowledgeAll(through: try lastTag(through: tag))
    } else {
      guard window.isOutstanding(tag) else { throw .unknownDelivery(tag) }
      acknowledgeOne(tag)
    }
    window.advance()
  }

  /// Acknowledges everything outstanding up to `last`, booking runs of one consumer's deliveries at once.
  @inlinable
  mutating func acknowledgeAll(through last: UInt64) {
    var run = 0
    var holder: UInt16 = 0
    var tag = window.first
    while tag <= last {
      let entry = unsafe window.entry(tag)
      tag &+= 1
      let marks = unsafe entry.pointee.descriptor.marks
      guard marks & (MessageDescriptor.isSettled | MessageDescriptor.isAutomatic) == 0 else { continue }
      unsafe entry.pointee.descriptor.marks = marks | MessageDescriptor.isSettled
      if marks & MessageDescriptor.hasExtension != 0 { unsafe releaseProperties(of: entry.pointee.descriptor) }
      let block = unsafe entry.pointee.descriptor.block
      if block != 0 {
        returner.release(block)
        unflushedReleases &+= 1
      }
      let next = UInt16(truncatingIfNeeded: marks >> 48)
      if next != holder {
        book(acknowledged: run, by: holder)
        run = 0
        holder = next
      }
      run &+= 1
    }
    book(acknowledged: run, by: holder)
  }

  @inlinable @inline(__always)
  mutating func book(acknowledged count: Int, by holder: UInt16) {
    guard count > 0 else { return }
    let end = unsafe ends[Int(holder)]!
    unsafe end.pointee.outstanding &-= count
    unsafe end.pointee.counters.add(count, to: .acknowledged)
  }

  @inlinable @inline(__always)
  mutating func acknowledgeOne(_ tag: UInt64) {
    let descriptor = unsafe window.entry(tag).pointee.descriptor
    release(descriptor)
    book(acknowledged: 1, by: descriptor.holder)
    window.settle(tag)
  }

  /// The last tag that "all up to `tag`" means; 0 means all there are.
  @inlinable @inline(__always)
  func lastTag(through tag: UInt64) throws(BrokerError) -> UInt64 {
    if tag == 0 { return window.next &- 1 }
    guard window.isOutstanding(tag) else { throw .unknownDelivery(tag) }
    return tag
  }

  /// See `Session.nack`.
  mutating func refuse(_ tag: UInt64, multiple: Bool, requeue: Bool) throws(BrokerError) {
    let last = multiple ? try lastTag(through: tag) : tag
    guard multiple || window.isOutstanding(tag) else { throw .unknownDelivery(tag) }
    let tags = (multiple ? window.first : tag)..<(last &+ 1)
    if requeue {
      giveBack(tags) { _ in true }
    } else {
      for tag in tags where window.isOutstanding(tag) { unsafe discard(tag, of: leaveWindow(tag)) }
    }
    window.advance()
    flushReleases()
  }

  /// Gives back everything outstanding that `isMeant`, as when its consumer dies.
  mutating func giveBackAll(where isMeant: (WindowEntry) -> Bool = { _ in true }) {
    giveBack(window.first..<window.next, where: isMeant)
    window.advance()
    flushReleases()
  }

  /// Puts outstanding deliveries back into their queues, all of one queue at once, so that no consumer sees a part of them.
  private mutating func giveBack(_ tags: Range<UInt64>, where isMeant: (WindowEntry) -> Bool) {
    var tagsByEnd: [UInt16: [UInt64]] = [:]
    for tag in tags where window.isOutstanding(tag) {
      let entry = unsafe window.entry(tag).pointee
      if isMeant(entry) { tagsByEnd[entry.descriptor.holder, default: []].append(tag) }
    }
    for (index, tags) in tagsByEnd {
      let end = unsafe ends[Int(index)]!
      let messages = tags.map { tag in unsafe returning(window.entry(tag).pointee) }
      if unsafe end.pointee.queue.giveBack(messages) {
        for tag in tags { _ = unsafe leaveWindow(tag) }
        unsafe end.pointee.counters.add(tags.count, to: .returned)
      } else {
        for tag in tags { unsafe discard(tag, of: leaveWindow(tag)) }
      }
    }
  }

  /// The message as it goes back.
  private func returning(_ entry: WindowEntry) -> ReturnedMessage {
    ReturnedMessage(position: entry.position, descriptor: entry.descriptor.returned())
  }

  private mutating func leaveWindow(_ tag: UInt64) -> End {
    let end = unsafe ends[Int(window.entry(tag).pointee.descriptor.holder)]!
    unsafe end.pointee.outstanding -= 1
    window.settle(tag)
    return unsafe end
  }

  private mutating func discard(_ tag: UInt64, of end: End) {
    unsafe end.pointee.counters.add(1, to: .discarded)
    release(unsafe window.entry(tag).pointee.descriptor)
  }

  /// Lets go of the bodies of the last batch's automatically acknowledged deliveries.
  @usableFromInline
  mutating func settleAutomatic() {
    guard batchHasAutomatic else { return }
    batchHasAutomatic = false
    for tag in batchStart..<(batchStart &+ UInt64(batchCount)) {
      let descriptor = unsafe window.entry(tag).pointee.descriptor
      guard descriptor.has(MessageDescriptor.isAutomatic) else { continue }
      release(descriptor)
      window.settle(tag)
    }
    window.advance()
  }
}
