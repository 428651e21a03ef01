import RingBuffers

/// A publishing session's end of one consumer's lane. Owned by the session's thread.
struct LaneOutlet: ~Copyable {
  let lane: ConsumerLane
  private let counters: EndCounters
  private var producer: GrowingRing<MessageDescriptor>.Producer
  /// The batch in which `load` was read, and the last one of which a part was pushed here.
  private var loadedBatch: UInt64 = 0
  private(set) var touchedBatch: UInt64 = 0
  private var load = 0

  init(to lane: ConsumerLane) {
    self.lane = lane
    counters = lane.consumer.counters
    producer = lane.ring.makeProducer()
  }

  /// What a new message would wait for: the messages in the lane and the unacknowledged ones of its consumer, as of the first look
  /// in this batch, and what the session itself has chosen the lane for since.
  mutating func load(in batch: UInt64) -> Int {
    if loadedBatch != batch {
      loadedBatch = batch
      load = producer.currentCount() + max(0, counters.unacknowledgedCount)
    }
    return load
  }

  mutating func addChoice() { load &+= 1 }

  /// Pushes messages in a row; returns how many: fewer only when the lane is closed. It is never full, because its limit is that of
  /// the whole queue, and the messages have their places.
  mutating func push(
    _ messages: UnsafePointer<StagedMessage>, count: Int, position: UInt64, batch: UInt64
  ) -> Int {
    touchedBatch = batch
    if count == 1 { return unsafe producer.tryPush(messages.pointee.descriptor.placed(at: position)) ? 1 : 0 }
    return unsafe producer.push(messages, count: count, position: position)
  }
}

extension GrowingRing<MessageDescriptor>.Producer {
  /// Pushes placed messages in a row, as many claims as segments; returns how many.
  mutating func push(_ messages: UnsafePointer<StagedMessage>, count: Int, position: UInt64) -> Int {
    var pushed = 0
    while pushed < count {
      let claimed = claim(upTo: count - pushed)
      guard claimed > 0 else { break }
      for index in 0..<claimed {
        let place = pushed + index
        unsafe write(messages[place].descriptor.placed(at: position &+ UInt64(place)), at: index)
      }
      publish()
      pushed += claimed
    }
    return pushed
  }
}
