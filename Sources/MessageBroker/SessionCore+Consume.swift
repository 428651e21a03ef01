public import Platform
public import RingBuffers

extension SessionCore {
  // MARK: Consumers

  /// See `Session.consume`.
  mutating func consume(
    queue name: String, prefetch: Int, acknowledgement: AcknowledgementMode, priority: Int, isExclusive: Bool,
    timeout: Int64?
  ) throws(BrokerError) -> ConsumerTag {
    guard prefetch >= 0 else {
      throw BrokerError(code: .preconditionFailed, message: "invalid prefetch count \(prefetch)")
    }
    guard timeout ?? 1 > 0 else {
      throw BrokerError(code: .preconditionFailed, message: "invalid consumer timeout \(timeout ?? 0) ns")
    }
    let queue = try broker.queue(name, by: identifier)
    if timeout != nil, queue.options.dispatch.moment == .push { throw .timeoutBesideLanes(name) }
    let terms = ConsumerTerms(
      prefetch: queue.options.dispatch.prescribedPrefetch ?? prefetch, acknowledgement: acknowledgement,
      priority: priority, isExclusive: isExclusive, timeout: timeout, sessionSlot: slot,
      session: identifier)
    let index = try addEnd(of: queue, as: terms, acknowledgement: acknowledgement)
    unsafe (polled + polledCount).initialize(to: ends[index]!)
    polledCount += 1
    if mayPark { queue.shared.setConsumersMayPark() }
    if let timeout = terms.timeout {
      unsafe queue.beginLending(to: ends[index]!.pointee.record, timeout: timeout)
      trackedCount += 1
    }
    return ConsumerTag(index: UInt16(index))
  }

  /// See `Session.setPrefetch`.
  mutating func setPrefetch(_ count: Int, of consumer: ConsumerTag) throws(BrokerError) {
    guard count >= 0 else {
      throw BrokerError(code: .preconditionFailed, message: "invalid prefetch count \(count)")
    }
    let index = Int(consumer.index)
    guard index < endCapacity, let end = unsafe ends[index], unsafe !end.pointee.isForGet else {
      throw .unknownConsumer
    }
    let queue = unsafe end.pointee.queue
    guard queue.options.dispatch.prescribedPrefetch == nil, unsafe !end.pointee.isAutomatic else { return }
    let prefetch = count == 0 ? Int.max : count
    unsafe end.pointee.prefetch = prefetch
    unsafe end.pointee.record.prefetch = prefetch
    // Who stands behind this one may have waited for it to be full.
    if queue.gate != nil { queue.wakeConsumers(.max) }
  }

  /// See `Session.cancel`.
  mutating func cancel(_ consumer: ConsumerTag) throws(BrokerError) {
    let index = Int(consumer.index)
    guard index < endCapacity, let end = unsafe ends[index], unsafe !end.pointee.isForGet else {
      throw .unknownConsumer
    }
    leaveParked()
    settleAutomatic()
    giveBackAll { $0.descriptor.holder == consumer.index }
    unsafe remove(end)
  }

  /// Ends a consumer that has nothing in its hands.
  mutating func remove(_ end: End) {
    if unsafe end.pointee.owesWake { unsafe passWake(of: end) }
    if unsafe end.pointee.isTracked { trackedCount -= 1 }
    var place = 0
    while unsafe polled[place] != end { place += 1 }
    for later in (place + 1)..<max(polledCount, place + 1) { unsafe polled[later - 1] = polled[later] }
    polledCount -= 1
    turn = 0
    unsafe ends[Int(end.pointee.index)] = nil
    unsafe free(end)
  }

  func isCancelled(_ consumer: ConsumerTag) -> Bool {
    guard Int(consumer.index) < endCapacity, let end = unsafe ends[Int(consumer.index)] else { return true }
    return unsafe end.pointee.consumer.isClosed
  }

  private mutating func addEnd(
    of queue: MessageQueue, as terms: ConsumerTerms?, acknowledgement: AcknowledgementMode
  ) throws(BrokerError) -> Int {
    var index = 0
    // Not one whose time-out the caller has not heard of: it could not tell the two apart.
    while index < endCapacity, unsafe ends[index] != nil || timedOut.contains(where: { $0.index == index }) {
      index += 1
    }
    guard index < broker.limits.consumersPerSession else {
      throw .limit("the session has \(index) consumers")
    }
    var record: MessageQueue.EndRecord
    if var terms {
      terms.tag = UInt16(index)
      record = try queue.attach(terms)
    } else {
      record = queue.attach()
    }
    if index == endCapacity { growEnds() }
    let end = unsafe ThreadMemory.allocate(ConsumerEnd.self, capacity: 1)
    unsafe end.initialize(
      to: ConsumerEnd(of: queue, as: record, index: UInt16(index), acknowledgement: acknowledgement))
    unsafe ends[index] = end
    return index
  }

  private mutating func growEnds() {
    let wider = unsafe ThreadMemory.allocate(End?.self, capacity: 2 * endCapacity)
    unsafe wider.initialize(repeating: nil, count: 2 * endCapacity)
    unsafe wider.update(from: ends, count: endCapacity)
    unsafe ThreadMemory.deallocate(ends)
    unsafe ends = wider
    let widerPolled = unsafe ThreadMemory.allocate(End.self, capacity: 2 * endCapacity)
    unsafe widerPolled.moveInitialize(from: polled, count: polledCount)
    unsafe ThreadMemory.deallocate(polled)
    unsafe polled = widerPolled
    endCapacity *= 2
  }

  // MARK: Taking messages

  /// See `Session.poll`.
  @inlinable @inline(__always)
  mutating func poll(limit: Int) -> Int {
    var room = beginBatch(upTo: limit)
    var place = turn
    for _ in 0..<polledCount {
      guard room > 0 else { break }
      room &-= unsafe take(from: polled[place], upTo: room)
      place = place &+ 1 == polledCount ? 0 : place &+ 1
    }
    if polledCount > 1 { turn = turn &+ 1 >= polledCount ? 0 : turn &+ 1 }
    batchCount = Int(truncatingIfNeeded: window.next &- batchStart)
    if batchCount == 0 && unflushedReleases > 0 { flushReleases() }
    if owedWakes != 0 { passOwedWakes() }
    return batchCount
  }

  /// Prepares for a batch; returns how many deliveries fit into it, to a limit.
  @inlinable @inline(__always)
  mutating func beginBatch(upTo limit: Int) -> Int {
    if batchHasAutomatic { settleAutomatic() }
    if unflushedReleases >= 16 { flushReleases() }
    if trackedCount != 0 { dropTimedOut() }
    window.restartIfEmpty()
    var room = min(limit, window.room)
    if room <= 0 || window.asideCount != 0 { room = roomBesideKept(upTo: limit) }
    batchStart = window.next
    return room
  }

  /// Goes round deliveries that were not settled for long; returns how many fit now, to a limit.
  @usableFromInline @inline(never)
  mutating func roomBesideKept(upTo limit: Int) -> Int {
    let room = window.room(upTo: limit)
    guard room == 0, limit > 0, hasWindowRoom else { return room }
    window.makeRoom()
    return window.room(upTo: limit)
  }

  /// Whether fewer deliveries are unacknowledged than the window has places. O(consumers).
  var hasWindowRoom: Bool {
    var count = 0
    for index in 0..<endCapacity {
      if let end = unsafe ends[index] { unsafe count += end.pointee.outstanding }
    }
    return count < window.capacity
  }

  /// Takes up to `limit` messages of one queue into the window; returns how many.
  @inlinable @inline(__always)
  mutating func take(from end: End, upTo limit: Int) -> Int {
    let wanted = unsafe min(limit, end.pointee.room)
    guard wanted > 0 else { return 0 }
    guard unsafe end.pointee.shared.detour.rawValue == 0 else { return unsafe takeByDetour(from: end, upTo: wanted) }
    var taken = unsafe takeFromRing(of: end, upTo: wanted)
    // A batch ends with the ring's segment.
    if taken < wanted, unsafe end.pointee.consumer.hasMoreSegments {
      unsafe taken &+= takeFromFurtherSegments(of: end, upTo: wanted &- taken)
    }
    if taken > 0 { unsafe book(taken, deliveredTo: end) }
    return taken
  }

  /// Takes up to `limit` messages of one segment of the queue's ring.
  @inlinable @inline(__always)
  mutating func takeFromRing(of end: End, upTo limit: Int) -> Int {
    let count = unsafe end.pointee.consumer.take(upTo: limit)
    if count > 0 {
      let (index, marks) = unsafe (end.pointee.index, end.pointee.windowMarks)
      for place in 0..<count {
        unsafe window.append(
          end.pointee.consumer.element(at: place), position: end.pointee.consumer.position(of: place),
          consumer: index, marks: marks)
      }
      if count > 1 { prefetchBodies(count) }
      unsafe end.pointee.consumer.release()
      if unsafe end.pointee.shared.publishersMayPark { unsafe end.pointee.queue.wakePublishers(count) }
    }
    return count
  }

  /// Goes on where a segment has ended.
  @usableFromInline @inline(never)
  mutating func takeFromFurtherSegments(of end: End, upTo limit: Int) -> Int {
    var taken = 0
    while taken < limit {
      let count = unsafe takeFromRing(of: end, upTo: limit - taken)
      if count == 0 { break }
      taken += count
    }
    return taken
  }

  /// Sends for the bodies of the last `count` deliveries, so that they travel together.
  @inlinable @inline(__always)
  func prefetchBodies(_ count: Int) {
    for tag in (window.next &- UInt64(truncatingIfNeeded: count))..<window.next {
      let entry = unsafe window.entry(tag)
      let block = unsafe entry.pointee.descriptor.block
      guard block != 0 else { continue }
      unsafe Prefetch.forReading(pool.bytes(of: block), byteCount: Int(entry.pointee.descriptor.bodyByteCount))
    }
  }

  @inlinable @inline(__always)
  mutating func book(_ count: Int, deliveredTo end: End) {
    unsafe end.pointee.counters.add(count, to: .delivered)
    if unsafe end.pointee.isAutomatic {
      batchHasAutomatic = true
      unsafe end.pointee.counters.add(count, to: .acknowledged)
    } else {
      unsafe end.pointee.outstanding &+= count
    }
  }

  /// See `Session.get`.
  mutating func get(queue name: String, acknowledgement: AcknowledgementMode) throws(BrokerError) -> Bool {
    let queue = try broker.queue(name, by: identifier)
    queue.touch()
    let room = beginBatch(upTo: 1)
    batchCount = 0
    guard room > 0 else { return false }
    let end = unsafe try endForGet(of: queue, acknowledgement: acknowledgement)
    batchCount = unsafe take(from: end, upTo: 1)
    if batchCount == 0 && unflushedReleases > 0 { flushReleases() }
    return batchCount > 0
  }

  /// The end that serves `get` on a queue, made when there is none. Those of deleted queues make room first.
  private mutating func endForGet(
    of queue: MessageQueue, acknowledgement: AcknowledgementMode
  ) throws(BrokerError) -> End {
    for index in 0..<endCapacity {
      guard let end = unsafe ends[index], unsafe end.pointee.isForGet else { continue }
      if unsafe end.pointee.queue === queue, unsafe end.pointee.isAutomatic == (acknowledgement == .automatic) {
        return unsafe end
      }
      if unsafe end.pointee.consumer.isClosed && end.pointee.outstanding == 0 {
        unsafe ends[index] = nil
        unsafe free(end)
      }
    }
    let index = try addEnd(of: queue, as: nil, acknowledgement: acknowledgement)
    return unsafe ends[index]!
  }

  // MARK: Reading the batch

  /// See `Session.delivery`.
  @inlinable @inline(__always)
  func delivery(at index: Int) -> Delivery {
    precondition(index >= 0 && index < batchCount, "delivery \(index) of a batch of \(batchCount)")
    let tag = batchStart &+ UInt64(truncatingIfNeeded: index)
    let entry = unsafe window.entry(tag)
    return unsafe Delivery(entry.pointee, tag: tag, body: body(of: entry), headers: headers(of: entry))
  }

  @inlinable @inline(__always)
  func headers(of entry: UnsafeMutablePointer<WindowEntry>) -> HeadersView {
    let properties = unsafe entry.pointee.descriptor.properties
    guard !properties.isNone else { return HeadersView(encoded: .empty) }
    return unsafe HeadersView(
      encoded: BodyView(start: UnsafeRawPointer(pool.bytes(of: properties.block)), count: properties.byteCount))
  }

  @inlinable @inline(__always)
  func body(of entry: UnsafeMutablePointer<WindowEntry>) -> BodyView {
    let count = unsafe entry.pointee.descriptor.bodyByteCount
    if unsafe entry.pointee.descriptor.hasBlock {
      return unsafe BodyView(start: UnsafeRawPointer(pool.bytes(of: entry.pointee.descriptor.block)), count: count)
    }
    return unsafe BodyView(
      start: UnsafeRawPointer(entry) + WindowEntry.descriptorOffset + MessageDescriptor.inlineBodyOffset, count: count)
  }
}
