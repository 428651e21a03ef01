public import RingBuffers

extension SessionCore {
  /// See `Session.acknowledge`.
  @inlinable @inline(__always)
  mutating func acknowledge(_ tag: UInt64, multiple: Bool) throws(BrokerError) {
    if trackedCount != 0 { try checkInTime(tag) }
    if multiple {
      acknowledgeAll(through: try lastTag(through: tag))
    } else if window.isOutstandingInRing(tag) {
      acknowledgeOne(tag)
    } else {
      try acknowledgeAside(tag)
    }
    window.advance()
  }

  /// Acknowledges everything outstanding up to `last`, booking runs of one consumer's deliveries at once.
  @inlinable
  mutating func acknowledgeAll(through last: UInt64) {
    if window.asideCount != 0 { acknowledgeAside(through: last) }
    var run = 0
    var holder: UInt16 = 0
    var tag = window.first
    while tag <= last {
      let entry = unsafe window.entry(tag)
      tag &+= 1
      let marks = unsafe entry.pointee.descriptor.marks
      guard marks & (MessageDescriptor.isSettled | MessageDescriptor.isAutomatic) == 0 else { continue }
      unsafe entry.pointee.descriptor.marks = marks | MessageDescriptor.isSettled
      if marks & (MessageDescriptor.hasExtension | MessageDescriptor.isTracked) != 0 {
        guard settleRare(tag &- 1) else { continue }
      }
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

  /// Acknowledges what was set aside, which is older than everything else.
  @usableFromInline @inline(never)
  mutating func acknowledgeAside(through last: UInt64) {
    for tag in window.asideTags(through: last) {
      acknowledgeOne(tag)
      window.forgetAside(tag)
    }
  }

  /// Acknowledges one delivery that was set aside.
  @usableFromInline @inline(never)
  mutating func acknowledgeAside(_ tag: UInt64) throws(BrokerError) {
    guard window.isAside(tag) else { throw .unknownDelivery(tag) }
    acknowledgeOne(tag)
    window.forgetAside(tag)
  }

  @inlinable @inline(__always)
  mutating func book(acknowledged count: Int, by holder: UInt16) {
    guard count > 0 else { return }
    let end = unsafe ends[Int(holder)]!
    unsafe end.pointee.outstanding &-= count
    unsafe end.pointee.counters.add(count, to: .acknowledged)
    if unsafe end.pointee.wakesOnSettle { unsafe end.pointee.queue.wakeConsumers(count) }
  }

  @inlinable @inline(__always)
  mutating func acknowledgeOne(_ tag: UInt64) {
    let descriptor = unsafe window.entry(tag).pointee.descriptor
    window.mark(settled: tag)
    if descriptor.marks & (MessageDescriptor.hasExtension | MessageDescriptor.isTracked) != 0 {
      guard settleRare(tag) else { return }
    }
    if descriptor.hasBlock {
      returner.release(descriptor.block)
      unflushedReleases &+= 1
    }
    book(acknowledged: 1, by: descriptor.holder)
  }

  /// The last tag that "all up to `tag`" means; 0 means all there are.
  @inlinable @inline(__always)
  func lastTag(through tag: UInt64) throws(BrokerError) -> UInt64 {
    if tag == 0 { return window.next &- 1 }
    guard window.isOutstandingInRing(tag) || window.isAside(tag) else { throw .unknownDelivery(tag) }
    return tag
  }

  /// See `Session.nack`.
  mutating func refuse(_ tag: UInt64, multiple: Bool, requeue: Bool) throws(BrokerError) {
    if trackedCount != 0 { try checkInTime(tag) }
    let last = multiple ? try lastTag(through: tag) : tag
    guard multiple || window.isOutstanding(tag) else { throw .unknownDelivery(tag) }
    let tags = multiple ? window.outstandingTags(through: last) : [tag]
    if requeue {
      giveBack(tags, isFailure: true) { _ in true }
    } else {
      for tag in tags where window.isOutstanding(tag) && isStillOurs(tag) { leave(tag, reason: .rejected) }
    }
    window.advance()
    flushReleases()
  }

  /// Gives back everything outstanding that `isMeant`, as when its consumer dies.
  mutating func giveBackAll(where isMeant: (WindowEntry) -> Bool = { _ in true }) {
    giveBack(window.outstandingTags(through: .max), isFailure: false, where: isMeant)
    window.advance()
    flushReleases()
  }

  /// Puts outstanding deliveries back into their queues, all of one queue at once, so that no consumer sees a part of them. One that
  /// came back too often leaves its queue, before those behind it go back.
  private mutating func giveBack(
    _ tags: [UInt64], isFailure: Bool, where isMeant: (WindowEntry) -> Bool
  ) {
    var tagsByEnd: [UInt16: [UInt64]] = [:]
    var queues: [MessageQueue] = []
    for tag in tags where window.isOutstanding(tag) {
      let entry = unsafe window.entry(tag).pointee
      guard isMeant(entry), isStillOurs(tag) else { continue }
      let queue = unsafe ends[Int(entry.descriptor.holder)]!.pointee.queue
      if !queues.contains(where: { $0 === queue }) { queues.append(queue) }
      if let limit = queue.options.deliveryLimit, entry.descriptor.returnCount >= limit {
        giveBack(tagsByEnd, isFailure: isFailure)
        tagsByEnd = [:]
        leave(tag, reason: .deliveryLimit)
      } else {
        tagsByEnd[entry.descriptor.holder, default: []].append(tag)
      }
    }
    giveBack(tagsByEnd, isFailure: isFailure)
    for queue in queues.sorted(by: { $0.name < $1.name }) where queue.shared.detour.contains(.store) {
      broker.expel(from: queue)
    }
  }

  private mutating func giveBack(_ tagsByEnd: [UInt16: [UInt64]], isFailure: Bool) {
    for (index, tags) in tagsByEnd.sorted(by: { $0.key < $1.key }) {
      let end = unsafe ends[Int(index)]!
      let messages = tags.map { tag in unsafe returning(window.entry(tag).pointee) }
      if unsafe end.pointee.queue.giveBack(messages, isFailure: isFailure) {
        for tag in tags { _ = unsafe leaveWindow(tag) }
        unsafe end.pointee.counters.add(tags.count, to: .returned)
        // Counted only now, so that whoever was woken before may have found the limit of unacknowledged messages reached.
        if unsafe end.pointee.wakesOnSettle { unsafe end.pointee.queue.wakeConsumers(tags.count) }
      } else {
        for tag in tags { leave(tag, reason: .rejected) }
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

  /// A delivery leaves its queue for good without an acknowledgement: to the dead-letter exchange, or away.
  private mutating func leave(_ tag: UInt64, reason: DeathReason) {
    let end = unsafe leaveWindow(tag)
    let descriptor = unsafe window.entry(tag).pointee.descriptor
    let queue = unsafe end.pointee.queue
    unsafe end.pointee.counters.add(1, to: .refused)
    if unsafe end.pointee.wakesOnSettle { queue.wakeConsumers(1) }
    if queue.options.deadLetter != nil, !queue.ring.isClosed {
      unsafe end.pointee.counters.add(1, to: .deadLettered)
      broker.sendDeadLetter(descriptor, from: queue, reason: reason)
    } else {
      unsafe end.pointee.counters.add(1, to: .discarded)
      release(descriptor)
    }
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
