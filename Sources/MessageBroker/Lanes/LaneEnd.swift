import RingBuffers

/// A consumer's end of its own lane and, if it may steal, of the others. Owned by its session's thread.
@usableFromInline
struct LaneEnd: ~Copyable {
  let lane: ConsumerLane
  let words: LaneWords
  /// Whether it takes from others' lanes when its own is empty.
  let allowsStealing: Bool
  var consumer: GrowingRing<MessageDescriptor>.Consumer
  private let lanes: QueueLanes
  private var others: [OtherLane] = []
  private var version: UInt64 = 0

  /// Another consumer's lane: an end to take from it, and one that tells its length without a lock.
  final class OtherLane {
    let lane: ConsumerLane
    var consumer: GrowingRing<MessageDescriptor>.Consumer
    private var lengthEnd: GrowingRing<MessageDescriptor>.Producer

    init(_ lane: ConsumerLane) {
      self.lane = lane
      consumer = lane.ring.makeConsumer()
      lengthEnd = lane.ring.makeProducer()
    }

    var length: Int { lengthEnd.currentCount() }
  }

  /// The end of a new lane for a consumer that came.
  init(in lanes: QueueLanes, for record: MessageQueue.EndRecord) {
    self.lanes = lanes
    words = lanes.words
    allowsStealing = lanes.allowsStealing
    lane = lanes.open(for: record)
    consumer = lane.ring.makeConsumer()
  }

  /// The longest of the other lanes, with its length; nil when all are empty.
  mutating func longestOther() -> (lane: OtherLane, length: Int)? {
    if version != words.currentVersion { renew() }
    var longest: (lane: OtherLane, length: Int)?
    for other in others {
      let length = other.length
      if length > longest?.length ?? 0 { longest = (other, length) }
    }
    return longest
  }

  private mutating func renew() {
    let (version, current) = lanes.current()
    others = current.filter { $0 !== lane }.map(OtherLane.init)
    self.version = version
  }
}
