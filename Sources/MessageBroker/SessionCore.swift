import Platform
public import RingBuffers
public import Synchronization

/// The state behind a `Session`, at a fixed address: everything that one thread owns of a broker.
///
/// What both sides of a queue share is reached through lanes (to publish) and consumer ends, each with its own cursors and
/// counters. Nothing here is touched by another thread but the doorbell.
@safe @usableFromInline
struct SessionCore: ~Copyable {
  @usableFromInline typealias Lane = UnsafeMutablePointer<PublishLane>
  @usableFromInline typealias End = UnsafeMutablePointer<ConsumerEnd>

  let broker: Broker
  let slot: Int
  let identifier: SessionIdentifier
  let mayPark: Bool
  @usableFromInline let pool: PayloadPool
  @usableFromInline var owner: PayloadPool.Owner
  @usableFromInline var returner: PayloadPool.Returner
  /// Blocks released since the returner was flushed.
  @usableFromInline var unflushedReleases = 0

  // MARK: Publishing
  @usableFromInline let publishBatch: Int
  /// The broker's routing version.
  @usableFromInline let version: UnsafeMutablePointer<Atomic<UInt64>>
  var snapshot: RoutingSnapshot
  /// How many queues had been deleted when the lanes were last looked through.
  var knownDeletionCount: UInt64 = 0
  @usableFromInline var routes: UnsafeMutablePointer<RouteEntry>
  @usableFromInline var routeCount = 0
  var routeCapacity = 16
  var routeNames: [RouteName] = []
  var routesByName: [RouteName: Int] = [:]
  /// All lanes, in no order.
  @usableFromInline var lanes: UnsafeMutablePointer<Lane>
  @usableFromInline var laneCount = 0
  var laneCapacity = 16
  /// Lanes by the slot of their queue.
  @usableFromInline var lanesBySlot: UnsafeMutablePointer<Lane?>
  @usableFromInline var slotCount = 64
  /// Messages staged in all lanes.
  @usableFromInline var stagedCount = 0
  /// The lane that made the last publish `full`.
  @usableFromInline var blockedLane: Lane?
  /// How large the message is that it did not take.
  var blockedByteCount = 0
  /// Whether the last publish found no memory, which nobody rings a bell for.
  @usableFromInline var isStarved = false
  @usableFromInline var hasClosedLane = false
  /// Publishes that a full queue refused.
  @usableFromInline var refusedCount = 0
  /// Those of them that did not become dead letters.
  @usableFromInline var droppedCount = 0
  @usableFromInline var ledger = ConfirmLedger()
  /// What comes of messages that are in their queues' stores; settled when the publish is in all its queues.
  var consequences: [PublishConsequence] = []

  // MARK: Consuming
  @usableFromInline var window: AcknowledgementWindow
  /// The memory of windows that were too small: their deliveries may still be read there.
  var formerWindows: [UnsafeMutablePointer<WindowEntry>] = unsafe []
  /// By consumer tag.
  @usableFromInline var ends: UnsafeMutablePointer<End?>
  @usableFromInline var endCapacity = 8
  /// Those that are polled, in the order of their turns.
  @usableFromInline var polled: UnsafeMutablePointer<End>
  @usableFromInline var polledCount = 0
  /// Whose turn is first at the next poll.
  @usableFromInline var turn = 0
  /// The last batch.
  @usableFromInline var batchStart: UInt64 = 1
  @usableFromInline var batchCount = 0
  @usableFromInline var batchHasAutomatic = false
  /// Consumers with a time-out.
  @usableFromInline var trackedCount = 0
  /// The queue behind `amq.rabbitmq.reply-to`, once it is consumed.
  var directReplyTo = QueueHandle.none
  /// Those that were cancelled and not told of yet.
  var timedOut: [ConsumerTag] = []

  // MARK: Waiting
  let doorbell: Doorbell
  var ticket: Doorbell.Ticket?
  /// Consumer ends that a waker chose and that have not been polled since.
  @usableFromInline var owedWakes = 0

  /// The hashes of the routes' keys, for policies that dispatch by them.
  var keyHashes: UnsafeMutablePointer<UInt64>

  init(broker: Broker, slot: Int, identifier: SessionIdentifier, options: SessionOptions) {
    precondition(
      options.publishBatch > 0 && options.publishBatch <= SessionOptions.publishBatchLimit,
      "the publish batch is from 1 to \(SessionOptions.publishBatchLimit), got \(options.publishBatch)")
    self.broker = broker
    self.slot = slot
    self.identifier = identifier
    mayPark = options.mayPark
    publishBatch = options.publishBatch
    pool = broker.bodies.pool
    owner = pool.makeOwner()
    returner = pool.makeReturner()
    unsafe version = broker.routing.word
    snapshot = RoutingSnapshot()
    unsafe routes = ThreadMemory.allocate(RouteEntry.self, capacity: routeCapacity)
    unsafe keyHashes = ThreadMemory.allocate(UInt64.self, capacity: routeCapacity)
    unsafe lanes = ThreadMemory.allocate(Lane.self, capacity: laneCapacity)
    unsafe lanesBySlot = ThreadMemory.allocate(Lane?.self, capacity: slotCount)
    unsafe lanesBySlot.initialize(repeating: nil, count: slotCount)
    unsafe blockedLane = nil
    window = AcknowledgementWindow(capacity: options.windowCapacity)
    unsafe ends = ThreadMemory.allocate(End?.self, capacity: endCapacity)
    unsafe ends.initialize(repeating: nil, count: endCapacity)
    unsafe polled = ThreadMemory.allocate(End.self, capacity: endCapacity)
    doorbell = broker.sessions.doorbell(of: slot)
  }

  deinit {
    for index in 0..<routeCount { unsafe routes[index].forgetLanes() }
    window.deallocate()
    unsafe formerWindows.forEach { unsafe ThreadMemory.deallocate($0) }
    unsafe ThreadMemory.deallocate(routes)
    unsafe ThreadMemory.deallocate(keyHashes)
    unsafe ThreadMemory.deallocate(lanes)
    unsafe ThreadMemory.deallocate(lanesBySlot)
    unsafe ThreadMemory.deallocate(ends)
    unsafe ThreadMemory.deallocate(polled)
  }

  /// Gives everything back to the broker; returns how many staged messages were lost. Nothing but `deinit` may follow.
  mutating func close() -> Int {
    leaveParked()
    passOwedWakes()
    let lost = flush()
    if lost > 0 { broker.sessions.add(lost, to: .lostAtClose, of: slot) }
    while laneCount > 0 { removeLane(at: laneCount - 1, keeping: nil) }
    settleAutomatic()
    giveBackAll()
    for route in 0..<routeCount {
      let properties = unsafe routes[route].properties
      guard !properties.isNone else { continue }
      let spare = unsafe routes[route].spareReferences
      for _ in 0...spare { returner.release(properties.block) }
    }
    for index in 0..<endCapacity {
      if let end = unsafe ends[index] { unsafe free(end) }
    }
    returner.flush()
    broker.forget(&snapshot)
    broker.closeSession(slot: slot, identifier: identifier)
    return lost
  }

  /// Ends a consumer end that has nothing outstanding.
  func free(_ end: End) {
    let abandoned = unsafe end.pointee.queue.options.isAutoDelete && !end.pointee.isForGet ? end.pointee.queue : nil
    unsafe end.deinitialize(count: 1)
    unsafe ThreadMemory.deallocate(end)
    if let abandoned { broker.deleteIfAbandoned(abandoned) }
  }

  /// Lets go of a message: gives its blocks back. Flushed in batches, and before the session idles.
  @inlinable @inline(__always)
  mutating func release(_ descriptor: MessageDescriptor) {
    if descriptor.has(MessageDescriptor.hasExtension) { releaseProperties(of: descriptor) }
    guard descriptor.hasBlock else { return }
    returner.release(descriptor.block)
    unflushedReleases &+= 1
  }

  @usableFromInline
  mutating func releaseProperties(of descriptor: MessageDescriptor) {
    guard !descriptor.properties.isNone else { return }
    returner.release(descriptor.properties.block)
    unflushedReleases += 1
  }

  @inlinable @inline(__always)
  mutating func flushReleases() {
    returner.flush()
    unflushedReleases = 0
  }
}
