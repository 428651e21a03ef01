import MessageBroker

/// What a broker must do, plain and slow: one array per queue, one list of unacknowledged deliveries per session.
struct BrokerModel {
  struct Message: Equatable {
    var id: UInt64
    var position: UInt64
    var returnCount = 0
  }

  struct Queue {
    var maxLength: Int
    var overflow: OverflowPolicy
    var ready: [Message] = []
    var published: UInt64 = 0
    var acknowledged: UInt64 = 0
    var discarded: UInt64 = 0
    var purged: UInt64 = 0
    var returned: UInt64 = 0
    var rejected: UInt64 = 0
    var delivered: UInt64 = 0
    var nextPosition: UInt64 = 0
    var generation: Int
  }

  struct Delivery {
    var tag: UInt64
    var message: Message
    var queue: String
    var generation: Int
  }

  struct Session {
    var queue: String
    var generation: Int
    var prefetch: Int
    var nextTag: UInt64 = 1
    var unacknowledged: [Delivery] = []
  }

  var queues: [String: Queue] = [:]
  /// Queue names by routing key of the one exchange.
  var bindings: [String: [String]] = [:]
  var sessions: [Session?] = []
  var generations = 0

  mutating func declare(_ name: String, maxLength: Int, overflow: OverflowPolicy) {
    guard queues[name] == nil else { return }
    generations += 1
    queues[name] = Queue(maxLength: maxLength, overflow: overflow, generation: generations)
  }

  mutating func delete(_ name: String) -> Int {
    let count = queues.removeValue(forKey: name)?.ready.count ?? 0
    for key in bindings.keys { bindings[key]?.removeAll { $0 == name } }
    return count
  }

  mutating func publish(_ id: UInt64, key: String) -> PublishOutcome {
    let targets = bindings[key] ?? []
    if targets.isEmpty { return .unroutable }
    if targets.contains(where: { queues[$0]!.overflow == .block && queues[$0]!.ready.count >= queues[$0]!.maxLength }) {
      return .full
    }
    var outcome = PublishOutcome.accepted
    for name in targets {
      if queues[name]!.ready.count >= queues[name]!.maxLength {
        queues[name]!.rejected += 1
        outcome = .rejected
      } else {
        let position = queues[name]!.nextPosition
        queues[name]!.ready.append(Message(id: id, position: position))
        queues[name]!.nextPosition += 1
        queues[name]!.published += 1
      }
    }
    return outcome
  }

  mutating func poll(_ session: Int, limit: Int) -> [Delivery] {
    let queue = sessions[session]!.queue
    guard var state = queues[queue], state.generation == sessions[session]!.generation else { return [] }
    let prefetch = sessions[session]!.prefetch
    let room = prefetch == 0 ? Int.max : prefetch - sessions[session]!.unacknowledged.count
    let count = min(limit, room, state.ready.count)
    var taken: [Delivery] = []
    for message in state.ready.prefix(count) {
      taken.append(
        Delivery(tag: sessions[session]!.nextTag, message: message, queue: queue, generation: state.generation))
      sessions[session]!.nextTag += 1
    }
    state.ready.removeFirst(count)
    state.delivered += UInt64(count)
    queues[queue] = state
    sessions[session]!.unacknowledged += taken
    return taken
  }

  enum Settlement { case acknowledge, requeue, discard }

  /// Returns false when the tag is unknown.
  mutating func settle(_ session: Int, tag: UInt64, multiple: Bool, _ how: Settlement) -> Bool {
    let held = sessions[session]!.unacknowledged
    guard tag == 0 && multiple || held.contains(where: { $0.tag == tag }) else { return false }
    let meant = held.filter { multiple ? tag == 0 || $0.tag <= tag : $0.tag == tag }
    sessions[session]!.unacknowledged.removeAll { delivery in meant.contains { $0.tag == delivery.tag } }
    for delivery in meant {
      guard queues[delivery.queue]?.generation == delivery.generation else { continue }
      switch how {
      case .acknowledge: queues[delivery.queue]!.acknowledged += 1
      case .discard: queues[delivery.queue]!.discarded += 1
      case .requeue:
        queues[delivery.queue]!.returned += 1
        var message = delivery.message
        message.returnCount += 1
        let place = queues[delivery.queue]!.ready.firstIndex { $0.position > message.position }
        queues[delivery.queue]!.ready.insert(message, at: place ?? queues[delivery.queue]!.ready.count)
      }
    }
    return true
  }

  mutating func purge(_ name: String) -> Int {
    let count = queues[name]!.ready.count
    queues[name]!.purged += UInt64(count)
    queues[name]!.ready = []
    return count
  }
}
