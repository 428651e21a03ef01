/// What a consumer with a time-out has in its hands, as its queue's store knows it: so that the messages can be given to others
/// although the consumer's thread says nothing any more.
struct LentDeliveries {
  private struct Lent {
    let descriptor: MessageDescriptor
    let deliveredAt: Int64
  }

  /// The consumer.
  let record: MessageQueue.EndRecord
  private let timeout: Int64
  private var byPosition: [UInt64: Lent] = [:]
  /// Positions in the order of delivery, some of which are settled by now.
  private var order: [UInt64] = []
  private var settledPrefix = 0

  init(to record: MessageQueue.EndRecord, timeout: Int64) {
    self.record = record
    self.timeout = timeout
  }

  mutating func lend(_ message: MessageStore.Taken, at now: Int64) {
    byPosition[message.position] = Lent(descriptor: message.descriptor, deliveredAt: now)
    order.append(message.position)
  }

  /// The consumer settles a delivery; false when it is not its own any more.
  mutating func settle(_ position: UInt64) -> Bool { byPosition.removeValue(forKey: position) != nil }

  /// When the consumer has kept its oldest delivery for too long; nil when it has none.
  mutating func deadline() -> Int64? {
    while settledPrefix < order.count {
      if let oldest = byPosition[order[settledPrefix]] { return oldest.deliveredAt &+ timeout }
      settledPrefix += 1
      if settledPrefix > 64, 2 * settledPrefix > order.count {
        order.removeFirst(settledPrefix)
        settledPrefix = 0
      }
    }
    order.removeAll(keepingCapacity: true)
    settledPrefix = 0
    return nil
  }

  /// Everything that is lent, in the order of delivery.
  var all: [MessageStore.Taken] {
    order[settledPrefix...].compactMap { position in
      byPosition[position].map { MessageStore.Taken(descriptor: $0.descriptor, position: position) }
    }
  }
}
