/// A queue of the reference broker: arrays and counters.
struct ReferenceQueue {
  /// A message that is held until `due`.
  struct Held {
    var due: Int64
    var message: ReferenceMessage
    /// Whether it was never ready: it gets its place when it is due.
    var isNew: Bool
  }

  let name: String
  /// Distinguishes it from an earlier queue of this name; rises with each declaration.
  let number: Int
  var options: ReferenceQueueOptions
  /// The session that alone may use it.
  let owner: Int?
  /// In the order of delivery.
  var ready: [ReferenceMessage] = []
  var held: [Held] = []
  var counts = ReferenceCounts()
  var nextPosition: UInt64 = 0
  var isPaused = false
  var hadConsumer = false
  /// When somebody last declared it, got from it or stopped consuming it.
  var lastUsedAt: Int64

  init(name: String, number: Int, options: ReferenceQueueOptions, owner: Int?, now: Int64) {
    self.name = name
    self.number = number
    self.options = options
    self.owner = owner
    lastUsedAt = now
  }

  private func precedes(_ one: ReferenceMessage, _ other: ReferenceMessage) -> Bool {
    switch options.order {
    case .fifo: return one.position < other.position
    case .lifo: return one.position > other.position
    case .priority(let levels):
      let (mine, its) = (min(one.properties.priority, levels), min(other.properties.priority, levels))
      return mine != its ? mine > its : one.position < other.position
    }
  }

  /// Puts a message at its place.
  mutating func insert(_ message: ReferenceMessage) {
    ready.insert(message, at: ready.firstIndex { precedes(message, $0) } ?? ready.count)
  }

  /// Whether one more message of that size is too many. Only ready messages count, as in RabbitMQ, and those that are held, because they
  /// will be ready.
  func wouldOverflow(with byteCount: Int) -> Bool {
    if ready.count + held.count + 1 > options.maxLength { return true }
    // An empty queue takes a message of any size.
    guard options.maxByteCount < .max, ready.count + held.count > 0 else { return false }
    return readyByteCount + held.reduce(byteCount) { $0 + $1.message.byteCount } > options.maxByteCount
  }

  /// Whether `drop_head` has to act.
  var isOverLimit: Bool {
    if ready.count + held.count > options.maxLength { return true }
    return options.maxByteCount < .max
      && held.reduce(readyByteCount) { $0 + $1.message.byteCount } > options.maxByteCount
  }

  private var readyByteCount: Int { ready.reduce(0) { $0 + $1.byteCount } }

  /// Takes out what `drop_head` drops: the next message to be delivered, as in RabbitMQ (of a priority queue the highest).
  /// In a LIFO queue, which RabbitMQ does not have, that would be the one just published: there it is the oldest.
  ///
  /// Without a ready message the held one goes that is due first.
  mutating func removeHead() -> ReferenceMessage {
    if ready.isEmpty {
      let first = held.indices.min { held[$0].due < held[$1].due }!
      return held.remove(at: first).message
    }
    return options.order == .lifo ? ready.removeLast() : ready.removeFirst()
  }
}

/// What happened to a queue's messages. Each message leaves under exactly one heading: `deadLettered` if the queue has a dead-letter
/// exchange (whether or not that exchange then finds a queue), else what happened to it.
struct ReferenceCounts: Equatable {
  var published = 0
  var delivered = 0
  var redelivered = 0
  var acknowledged = 0
  var returned = 0
  var discarded = 0
  var purged = 0
  var rejected = 0
  var dropped = 0
  var expired = 0
  var deadLettered = 0

  /// All that left for good.
  var gone: Int { acknowledged + discarded + purged + dropped + expired + deadLettered }
}
