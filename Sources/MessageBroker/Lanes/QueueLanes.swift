import Platform
import RingBuffers

/// The lanes of a queue whose policy decides when a message is published: one for each consumer.
///
/// Messages that come when there is no consumer lie in the queue's ring; consumers take them first. Ring and lanes together hold
/// at most what the queue may hold, counted by `words`.
@usableFromInline
final class QueueLanes: Sendable {
  private struct List {
    /// Those that came first first.
    var lanes: [ConsumerLane] = []
    var isClosed = false
  }

  let words = LaneWords()
  /// Whether consumers without work take from others' lanes.
  let allowsStealing: Bool
  private let lengthLimit: Int
  private let list = Guarded(List())

  /// Lanes for queues with a push-time policy; nil for others.
  init?(_ options: QueueOptions) {
    guard options.dispatch.moment == .push else { return nil }
    allowsStealing = options.dispatch.allowsStealing
    lengthLimit = options.maxLength
  }

  deinit { words.deallocate() }

  /// The lanes of this moment, with the version of the list.
  func current() -> (version: UInt64, lanes: [ConsumerLane]) {
    list.withLock { (words.currentVersion, $0.lanes) }
  }

  /// A lane for a consumer that came.
  func open(for consumer: MessageQueue.EndRecord) -> ConsumerLane {
    let lane = ConsumerLane(for: consumer, lengthLimit: lengthLimit)
    let isOpen = list.withLock { list in
      guard !list.isClosed else { return false }
      list.lanes.insert(lane, at: list.lanes.firstIndex { $0.identity > lane.identity } ?? list.lanes.count)
      words.advanceVersion()
      return true
    }
    if !isOpen { lane.ring.close() }
    return lane
  }

  /// Closes a lane; returns what publishers had put there. Their places in the queue are still taken.
  func close(_ lane: ConsumerLane) -> [MessageDescriptor] {
    list.withLock { list in
      list.lanes.removeAll { $0 === lane }
      // First the list, then the lane: whoever finds the lane closed finds the list without it.
      words.advanceVersion()
    }
    lane.ring.close()
    return lane.ring.drain()
  }

  /// Closes all lanes for good; returns what was in them.
  func closeAll() -> [MessageDescriptor] {
    let lanes = list.withLock { list in
      defer { list.lanes = [] }
      list.isClosed = true
      words.advanceVersion()
      return list.lanes
    }
    for lane in lanes { lane.ring.close() }
    return lanes.flatMap { $0.ring.drain() }
  }

  /// Takes what is in the lanes at this moment.
  func drain() -> [MessageDescriptor] { current().lanes.flatMap { $0.ring.drain(upTo: $0.ring.count) } }

  /// See `GrowingRing.trim`.
  func trim() {
    for lane in current().lanes { lane.ring.trim() }
  }

  /// How much memory they take.
  var byteCount: Int { current().lanes.reduce(LaneWords.byteCount) { $0 + $1.ring.byteCount } }
}
