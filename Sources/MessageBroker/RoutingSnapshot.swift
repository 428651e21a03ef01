/// One exchange: which queues each routing key leads to.
struct Exchange: Sendable {
  let name: String
  let type: ExchangeType
  let number: UInt16
  /// Queues by routing key, in the order in which they were bound.
  var queuesByKey: [String: [MessageQueue]] = [:]
}

/// All routing at one moment, immutable: what a session resolves its routes with.
///
/// It shares the control path's dictionaries until these change (copy on write), and is only made when a session asks.
final class RoutingSnapshot: Sendable {
  let version: UInt64
  let exchanges: [String: Exchange]
  let queues: [String: MessageQueue]
  /// By slot; slot 0 is nobody's.
  let slots: [MessageQueue?]

  init(version: UInt64, exchanges: [String: Exchange], queues: [String: MessageQueue], slots: [MessageQueue?]) {
    self.version = version
    self.exchanges = exchanges
    self.queues = queues
    self.slots = slots
  }

  /// The queues for a message; nil when there is no such exchange.
  func queues(exchange: String, key: String) -> [MessageQueue]? {
    if exchange.isEmpty { return queues[key].map { [$0] } ?? [] }
    return exchanges[exchange].map { $0.queuesByKey[key] ?? [] }
  }

  /// The queue of that number, unless it was deleted.
  func queue(_ handle: QueueHandle) -> MessageQueue? {
    guard handle.slot < slots.count, let queue = slots[handle.slot], queue.handle == handle else { return nil }
    return queue
  }
}
