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
  @usableFromInline let queue: MessageQueue
  let record: MessageQueue.EndRecord
  /// Whether it serves `get` and is not polled.
  let isForGet: Bool

  init(of queue: MessageQueue, index: UInt16, prefetch: Int, acknowledgement: AcknowledgementMode, isForGet: Bool) {
    self.queue = queue
    self.index = index
    self.isForGet = isForGet
    record = queue.attach(isConsumer: !isForGet)
    consumer = queue.ring.makeConsumer()
    shared = queue.shared
    counters = record.counters
    self.prefetch = prefetch == 0 || acknowledgement == .automatic ? .max : prefetch
    windowMarks = acknowledgement == .automatic ? MessageDescriptor.isAutomatic : 0
  }

  deinit { queue.detach(record) }

  @inlinable @inline(__always)
  var isAutomatic: Bool { windowMarks != 0 }

  @inlinable @inline(__always)
  var room: Int { prefetch &- outstanding }
}
