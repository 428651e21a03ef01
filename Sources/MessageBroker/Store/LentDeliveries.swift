/// What a consumer with a time-out has in its hands, as its queue's store knows it: so that the messages can be given to others
/// although the consumer's thread says nothing any more.
struct LentDeliveries {
  private struct Lent {
    let tag: UInt64
    let message: MessageStore.Taken
    let deliveredAt: Int64
    var isSettled = false
  }

  /// The consumer.
  let record: MessageQueue.EndRecord
  private let timeout: Int64
  /// By rising delivery tags, from `first` on; the first of these is not settled.
  private var deliveries: [Lent] = []
  private var first = 0
  /// How many of `deliveries` are settled.
  private var settledCount = 0

  init(to record: MessageQueue.EndRecord, timeout: Int64) {
    self.record = record
    self.timeout = timeout
  }

  /// When the consumer has kept its oldest delivery for too long; nil when it has none.
  var deadline: Int64? { first < deliveries.count ? deliveries[first].deliveredAt.advanced(upTo: timeout) : nil }

  /// Everything that is lent, in the order of delivery.
  var all: [MessageStore.Taken] { deliveries[first...].lazy.filter { !$0.isSettled }.map(\.message) }

  mutating func lend(_ message: MessageStore.Taken, tag: UInt64, at now: Int64) {
    deliveries.append(Lent(tag: tag, message: message, deliveredAt: now))
  }

  /// The consumer settles a delivery; false when it is not its own any more. O(log n).
  mutating func settle(_ tag: UInt64) -> Bool {
    var low = first
    var high = deliveries.count
    while low < high {
      let middle = (low + high) / 2
      if deliveries[middle].tag < tag { low = middle + 1 } else { high = middle }
    }
    guard low < deliveries.count, deliveries[low].tag == tag, !deliveries[low].isSettled else { return false }
    deliveries[low].isSettled = true
    settledCount += 1
    while first < deliveries.count, deliveries[first].isSettled { first += 1 }
    // Amortised: as many are looked at as have been settled since. Also those behind one that is kept for long.
    if settledCount == deliveries.count || settledCount > 64 && 2 * settledCount > deliveries.count {
      deliveries.removeAll(where: \.isSettled)
      first = 0
      settledCount = 0
    }
    return true
  }

  /// Deliveries in memory: at most about twice those that are lent, and a few.
  var rememberedCount: Int { deliveries.count }
}
