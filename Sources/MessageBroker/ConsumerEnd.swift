public import RingBuffers

/// A session's end of a queue that it consumes from. Owned by the session's thread.
@safe @frozen @usableFromInline
struct ConsumerEnd: ~Copyable {
  @usableFromInline var consumer: GrowingRing<MessageDescriptor>.Consumer
  @usableFromInline let shared: QueueSharedState
  @usableFromInline let counters: EndCounters
  /// The consumer's tag.
  @usableFromInline let index: UInt16
  /// How many deliveries may be unacknowledged; `Int.max` for no limit.
  @usableFromInline var prefetch: Int
  /// How many deliveries are unacknowledged.
  @usableFromInline var outstanding = 0
  /// The mark that deliveries get in the window.
  @usableFromInline let windowMarks: UInt64
  @usableFromInline var isParked = false
  /// A waker chose this session, which has not looked at the queue since: if it leaves messages, it must wake another.
  @usableFromInline var owesWake = false
  /// Whether settling a delivery makes room that other consumers may be waiting for.
  @usableFromInline let wakesOnSettle: Bool
  @usableFromInline let queue: MessageQueue
  let record: MessageQueue.EndRecord
  /// Those that go before it, in a queue with consumer priorities.
  var superiors: ConsumerGate.Superiors
  /// The consumer's end of its lane, if it has one.
  var lane: UnsafeMutablePointer<LaneEnd>?

  init(of queue: MessageQueue, as record: MessageQueue.EndRecord, index: UInt16, acknowledgement: AcknowledgementMode) {
    self.queue = queue
    wakesOnSettle = queue.options.unacknowledgedLimit != nil
    self.index = index
    self.record = record
    superiors = ConsumerGate.Superiors()
    consumer = queue.ring.makeConsumer()
    shared = queue.shared
    counters = record.counters
    prefetch = record.terms?.prefetch ?? .max
    windowMarks =
      acknowledgement == .automatic
      ? MessageDescriptor.isAutomatic : record.terms?.timeout == nil ? 0 : MessageDescriptor.isTracked
    unsafe lane = nil
    if let lanes = queue.lanes, record.terms != nil {
      let lane = unsafe ThreadMemory.allocate(LaneEnd.self, capacity: 1)
      unsafe lane.initialize(to: LaneEnd(in: lanes, for: record))
      unsafe self.lane = unsafe lane
    }
  }

  deinit {
    if isTracked { queue.endLending(to: record) }
    if let lane = unsafe lane {
      unsafe queue.close(lane.pointee.lane)
      unsafe lane.deinitialize(count: 1)
      unsafe ThreadMemory.deallocate(lane)
    }
    queue.detach(record)
  }

  /// Whether it serves `get` and is not polled.
  var isForGet: Bool { record.terms == nil }

  @inlinable @inline(__always)
  var isAutomatic: Bool { windowMarks & MessageDescriptor.isAutomatic != 0 }

  /// Whether the queue's store knows what the consumer has in its hands.
  var isTracked: Bool { windowMarks & MessageDescriptor.isTracked != 0 }

  @inlinable @inline(__always)
  var room: Int { prefetch &- outstanding }
}
