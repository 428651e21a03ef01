import RingBuffers

/// A consumer's end of its own lane and, if it may steal, of the others. Owned by its session's thread.
@usableFromInline
struct LaneEnd: ~Copyable {
  let lane: ConsumerLane
  var consumer: GrowingRing<MessageDescriptor>.Consumer
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

  init(of lane: ConsumerLane) {
    self.lane = lane
    consumer = lane.ring.makeConsumer()
  }

  /// The longest of the other lanes, with its length; nil when all are empty.
  mutating func longestOther(of lanes: QueueLanes) -> (lane: OtherLane, length: Int)? {
    if version != lanes.words.currentVersion { renew(lanes) }
    var longest: (lane: OtherLane, length: Int)?
    for other in others {
      let length = other.length
      if length > longest?.length ?? 0 { longest = (other, length) }
    }
    return longest
  }

  private mutating func renew(_ lanes: QueueLanes) {
    let (version, current) = lanes.current()
    others = current.filter { $0 !== lane }.map(OtherLane.init)
    self.version = version
  }
}
