import Platform
import RingBuffers

/// A publishing session's ends of all lanes of one queue, and its side of the queue's policy. Owned by the session's thread.
@safe @usableFromInline
struct LaneSpread: ~Copyable {
  private let lanes: QueueLanes
  private let lengthLimit: Int
  /// The hash of the queue's name: the key of messages that were published straight to the queue.
  private let nameHash: UInt64
  private var dispatcher: LaneDispatcher
  /// The version of the list of lanes that `outlets` has.
  private var version: UInt64 = 0
  private var outlets: UnsafeMutablePointer<LaneOutlet>
  private var count = 0
  private var knownTaken: UInt64 = 0
  /// The number of the current batch.
  private var batch: UInt64 = 0
  /// How much of the last batch was pushed.
  private(set) var pushedCount = 0
  /// How much of that went into the queue's ring.
  private(set) var pushedToRing = 0

  /// Ends of the lanes of `queue`; nil when its policy is none that decides at publishing.
  init?(of queue: MessageQueue, seed: UInt64) {
    guard let lanes = queue.lanes, let dispatcher = LaneDispatcher(queue.options.dispatch, seed: seed) else {
      return nil
    }
    self.lanes = lanes
    self.dispatcher = dispatcher
    lengthLimit = queue.options.maxLength
    nameHash = RoutingKeyHash.of(queue.name)
    unsafe outlets = ThreadMemory.allocate(LaneOutlet.self, capacity: 1)
  }

  deinit {
    unsafe outlets.deinitialize(count: count)
    unsafe ThreadMemory.deallocate(outlets)
  }

  var allowsStealing: Bool { lanes.allowsStealing }

  /// The lanes that the last batch went to.
  borrowing func forEachTouchedLane(_ body: (ConsumerLane) -> Void) {
    for index in 0..<count where unsafe outlets[index].touchedBatch == batch { unsafe body(outlets[index].lane) }
  }

  /// Pushes as many messages, the oldest first, as the queue takes; returns how many. Fewer than there is room for only when the
  /// queue was deleted.
  ///
  /// Neighbours for the same lane are pushed together. In the order of publishing, so that whichever lane a message finally gets
  /// into, when one closes meanwhile, it is there before the later ones.
  /// - Parameters:
  ///   - messages: The messages, with the index of their route as holder.
  ///   - countBesideLanes: How many messages that lie elsewhere count against the queue's limit too.
  ///   - ring: The queue's ring, for messages that come when there is no consumer.
  ///   - keys: The hashes of routing keys, by route.
  mutating func push(
    _ messages: UnsafePointer<StagedMessage>, count wanted: Int, beside countBesideLanes: Int,
    ring: inout GrowingRing<MessageDescriptor>.Producer, keys: UnsafePointer<UInt64>
  ) -> Int {
    (pushedCount, pushedToRing) = (0, 0)
    let (position, room) = lanes.words.reserve(
      upTo: wanted, limit: lengthLimit - countBesideLanes, knownTaken: &knownTaken)
    guard room > 0 else { return 0 }
    batch &+= 1
    var chosen = -1
    while pushedCount < room {
      if chosen < 0 {
        if version != lanes.words.currentVersion { renewOutlets() }
        guard count > 0 else {
          guard unsafe pushToRing(messages, upTo: room, position: position, ring: &ring) else { break }
          continue
        }
        chosen = unsafe choose(for: messages[pushedCount].descriptor, keys: keys)
      }
      chosen = unsafe pushRun(of: messages, upTo: room, to: chosen, position: position, keys: keys)
    }
    if pushedCount < room { lanes.words.addTaken(room - pushedCount) }
    return pushedCount
  }

  /// Pushes the next messages that go to the lane `chosen`; returns the lane of the one after them, or -1 when that is to be chosen.
  private mutating func pushRun(
    of messages: UnsafePointer<StagedMessage>, upTo end: Int, to chosen: Int, position: UInt64,
    keys: UnsafePointer<UInt64>
  ) -> Int {
    let start = pushedCount
    var next = -1
    var stop = start + 1
    while stop < end {
      next = unsafe choose(for: messages[stop].descriptor, keys: keys)
      if next != chosen { break }
      next = -1
      stop += 1
    }
    let pushed = unsafe outlets[chosen].push(
      messages + start, count: stop - start, position: position &+ UInt64(start), batch: batch)
    pushedCount += pushed
    return start + pushed == stop ? next : -1
  }

  private mutating func choose(for message: MessageDescriptor, keys: UnsafePointer<UInt64>) -> Int {
    let route = Int(message.holder)
    let key = unsafe message.holder == MessageDescriptor.noRoute ? nameHash : keys[route]
    let lane = unsafe dispatcher.choose(among: Loads(outlets: outlets, laneCount: count, batch: batch), key: key)
    unsafe outlets[lane].addChoice()
    return lane
  }

  /// Pushes the rest into the queue's ring, or a part of it; false when the queue was deleted.
  private mutating func pushToRing(
    _ messages: UnsafePointer<StagedMessage>, upTo end: Int, position: UInt64,
    ring: inout GrowingRing<MessageDescriptor>.Producer
  ) -> Bool {
    let pushed = unsafe ring.push(
      messages + pushedCount, count: end - pushedCount, position: position &+ UInt64(pushedCount))
    pushedCount += pushed
    pushedToRing += pushed
    return pushed > 0 || !ring.isClosed
  }

  private mutating func renewOutlets() {
    let (version, current) = lanes.current()
    let renewed = unsafe ThreadMemory.allocate(LaneOutlet.self, capacity: max(1, current.count))
    var old = 0
    for (place, lane) in current.enumerated() {
      // Both lists are in the order of the consumers' coming.
      while unsafe old < count && outlets[old].lane.identity < lane.identity { dropOutlet(&old) }
      if unsafe old < count && outlets[old].lane === lane {
        unsafe (renewed + place).moveInitialize(from: outlets + old, count: 1)
        old += 1
      } else {
        unsafe (renewed + place).initialize(to: LaneOutlet(to: lane))
      }
    }
    while old < count { dropOutlet(&old) }
    unsafe ThreadMemory.deallocate(outlets)
    unsafe outlets = renewed
    count = current.count
    self.version = version
    if count > 0 { dispatcher.lanesChanged(unsafe Loads(outlets: outlets, laneCount: count, batch: batch)) }
  }

  private func dropOutlet(_ index: inout Int) {
    unsafe (outlets + index).deinitialize(count: 1)
    index += 1
  }

  /// The lanes as the policy sees them.
  @safe
  private struct Loads: LaneView {
    let outlets: UnsafeMutablePointer<LaneOutlet>
    let laneCount: Int
    let batch: UInt64

    func outstandingCount(of lane: Int) -> Int { unsafe outlets[lane].load(in: batch) }

    func identity(of lane: Int) -> UInt64 { unsafe outlets[lane].lane.identity }
  }
}
