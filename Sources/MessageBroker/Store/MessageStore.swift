import RingBuffers

/// The messages of a queue that is more than first in, first out: found by order, by expiry, and by the moment until which they are
/// held. Behind the queue's lock.
///
/// Memory: 72 bytes per message, 28 more for one that expires or is held. It grows by doubling and is given back by `trim()` when the
/// store is empty.
final class MessageStore {
  /// A message that was taken out.
  struct Taken {
    let descriptor: MessageDescriptor
    let position: UInt64
    /// Of a message that was held: whether it was never ready before.
    var isNew = false
  }

  private let options: QueueOptions
  /// Where the messages' own expirations lie.
  private let pool: PayloadPool
  private let draw: () -> Double
  private var slab = MessageSlab()
  private var ready: ReadyLists
  private var expiries = MomentHeap()
  private var held = MomentHeap()
  private var newlyHeld: Set<Int32> = []
  private var heldSequence: UInt64 = 0
  private(set) var readyCount = 0
  private(set) var readyByteCount = 0
  private(set) var heldByteCount = 0
  /// The place of the next new message.
  private(set) var nextPosition: UInt64
  /// The next place when `trim()` was last called.
  private var trimmedAt: UInt64 = 0
  /// Calls of `trim` in a row that found nothing, and nothing come since the one before.
  private var idleTrims = 0

  /// A store whose next new message gets `nextPosition`, and whose retries are drawn with `draw`.
  init(options: QueueOptions, pool: PayloadPool, nextPosition: UInt64, draw: @escaping () -> Double) {
    self.options = options
    self.pool = pool
    self.nextPosition = nextPosition
    self.draw = draw
    ready = ReadyLists(order: options.order)
  }

  /// Ready and held messages.
  var count: Int { slab.count }

  var heldCount: Int { slab.count - readyCount }

  var byteCount: Int { slab.byteCount }

  /// What consumers with a time-out have in their hands.
  var lent: [ObjectIdentifier: LentDeliveries] = [:]

  /// When time next does something here.
  func nextMoment() -> Int64 {
    var moment = min(expiries.first?.moment ?? .max, held.first?.moment ?? .max)
    for deliveries in lent.values { moment = min(moment, deliveries.deadline ?? .max) }
    return moment
  }

  // MARK: Limits

  /// Whether one more message of that size is too many. Those that are held count, because they will be ready. An empty queue takes a
  /// message of any size: there is nothing to wait for.
  func wouldOverflow(with byteCount: Int) -> Bool {
    if slab.count >= options.maxLength { return true }
    guard let limit = options.maxByteCount, slab.count > 0 else { return false }
    return readyByteCount + heldByteCount + byteCount > limit
  }

  /// Whether `drop_head` has to act.
  private var isOverLimit: Bool {
    guard options.overflow == .dropHead else { return false }
    return slab.count > options.maxLength || readyByteCount + heldByteCount > options.maxByteCount ?? .max
  }

  /// Whether a message's time is over, or a limit makes one go.
  func mustLose(at now: Int64) -> Bool { isOverLimit || expiries.first.map { $0.moment <= now } ?? false }

  // MARK: Putting in

  /// A message becomes ready for the first time: it gets its place, and its time begins to run, if it has one: then it has an
  /// extension.
  ///
  /// Returns it instead when it expires at this very moment: a time of 0 is never delivered.
  func makeReady(_ message: MessageDescriptor, now: Int64) -> Taken? {
    var descriptor = message
    let position = nextPosition
    nextPosition += 1
    let wait = min(options.messageTTL ?? .max, pool.expiration(of: message) ?? .max)
    if wait < .max {
      guard wait > 0 else { return Taken(descriptor: descriptor, position: position) }
      descriptor.extend(expiry: now.advanced(upTo: wait), properties: message.properties)
    }
    insert(descriptor, position: position, now: now)
    return nil
  }

  /// Puts a message at its place.
  func insert(_ descriptor: MessageDescriptor, position: UInt64, now: Int64) {
    let node = slab.insert(descriptor, position: position)
    let level = ready.level(priority: descriptor.priority)
    ready.insert(node, level: level, in: &slab)
    readyCount += 1
    readyByteCount += descriptor.bodyByteCount
    if descriptor.expiry != 0 {
      // Those that expired in a consumer's hands go in the order of delivery.
      expiries.insert(
        node, at: max(descriptor.expiry, now), order: ready.order(level: level, position: position))
    }
  }

  /// Keeps a message until `moment`.
  /// - Parameter position: Its place, or nil when it was never ready: then it gets one when it is due.
  func hold(_ descriptor: MessageDescriptor, position: UInt64?, until moment: Int64) {
    let node = slab.insert(descriptor, position: position ?? 0)
    if position == nil { newlyHeld.insert(node) }
    heldByteCount += descriptor.bodyByteCount
    held.insert(node, at: moment, order: heldSequence)
    heldSequence += 1
  }

  /// Puts a message back, or keeps it for a while if the queue has a retry policy and a consumer failed.
  func giveBack(_ message: ReturnedMessage, isFailure: Bool, now: Int64) {
    guard isFailure, let retry = options.retry else {
      return insert(message.descriptor, position: message.position, now: now)
    }
    let wait = retry.delay(afterFailure: message.descriptor.returnCount, draw: draw())
    hold(message.descriptor, position: message.position, until: now.advanced(upTo: wait))
  }

  // MARK: Taking out

  /// The message whose turn it is.
  func takeNext() -> Taken? { ready.next.map { remove(ready: $0) } }

  /// What `drop_head` drops, while a limit is exceeded: ready messages, and when there is none the held one that is due first.
  func takeOverLimit() -> Taken? {
    guard isOverLimit else { return nil }
    if let node = ready.head { return remove(ready: node) }
    return held.first.map { remove(held: $0.node) }
  }

  /// The next message whose time is over at `now`.
  func takeExpired(at now: Int64) -> Taken? {
    guard let first = expiries.first, first.moment <= now else { return nil }
    return remove(ready: first.node)
  }

  /// All held messages that are due at `now`, in the order of their moments.
  func takeDue(at now: Int64) -> [Taken] {
    var due: [Taken] = []
    while let first = held.first, first.moment <= now { due.append(remove(held: first.node)) }
    return due
  }

  /// Takes all ready messages out, the next to be delivered first.
  func takeAllReady() -> [Taken] {
    var taken: [Taken] = []
    taken.reserveCapacity(readyCount)
    while let next = takeNext() { taken.append(next) }
    return taken
  }

  /// Takes everything out.
  func takeAll() -> (ready: [Taken], held: [Taken]) { (takeAllReady(), takeDue(at: .max)) }

  /// Gives memory back: all of it when nothing came and nothing was there for ten calls (as `GrowingRing.trim`, so that a pause of less
  /// than a second costs no growth after it), else what exceeds the need eight times, by moving what is left to smaller memory.
  /// O(messages left).
  func trim() {
    idleTrims = slab.count == 0 && trimmedAt == nextPosition ? idleTrims + 1 : 0
    trimmedAt = nextPosition
    let isIdle = idleTrims >= Self.idlePatience
    guard slab.byteCount > 0, isIdle || 8 * slab.count < slab.capacity && slab.capacity > Self.keptCapacity else {
      return
    }
    var waiting: [(message: Taken, moment: Int64)] = []
    while let first = held.first { waiting.append((remove(held: first.node), first.moment)) }
    let readyAgain = takeAllReady()
    slab.trim()
    expiries.removeAll()
    held.removeAll()
    for message in options.order.isLIFO ? readyAgain.reversed() : readyAgain {
      insert(message.descriptor, position: message.position, now: .min)
    }
    for (message, moment) in waiting {
      hold(message.descriptor, position: message.isNew ? nil : message.position, until: moment)
    }
  }

  /// Messages for which memory is kept while the queue is in use.
  private static var keptCapacity: Int { 8192 }

  private static var idlePatience: Int { 10 }

  private func remove(ready node: Int32) -> Taken {
    let message = slab[node]
    ready.remove(node, level: ready.level(priority: message.descriptor.priority), in: &slab)
    readyCount -= 1
    readyByteCount -= message.descriptor.bodyByteCount
    if message.descriptor.expiry != 0 { expiries.remove(node) }
    slab.remove(node)
    return Taken(descriptor: message.descriptor, position: message.position)
  }

  private func remove(held node: Int32) -> Taken {
    let message = slab[node]
    held.remove(node)
    heldByteCount -= message.descriptor.bodyByteCount
    slab.remove(node)
    return Taken(
      descriptor: message.descriptor, position: message.position, isNew: newlyHeld.remove(node) != nil)
  }
}
