import MessageBroker

/// What a broker must do, plain and slow: values and arrays, nothing shared, nothing cached.
///
/// Where AMQP 0-9-1 leaves a rule open, RabbitMQ 4's is taken, and the comment at the rule says so; what RabbitMQ does not have
/// (LIFO, blocking queues, delays, retries) is decided at the rule, too. Time only passes in `advance(to:)`.
struct ReferenceBroker {
  var now: Int64 = 0
  var exchanges: [String: ReferenceExchange] = [:]
  /// In the order in which they were bound.
  var bindings: [ReferenceBinding] = []
  var queues: [String: ReferenceQueue] = [:]
  /// By the number that operations use for them.
  var sessions: [Int: ReferenceSession] = [:]
  var queueCount = 0
  var sessionCount = 0
  var consumerCount = 0
  var serverNamedCount = 0
  var publishes = ReferencePublishTotals()
  /// A rule that is broken on purpose, so that the random test can show that it notices.
  var defect: ReferenceDefect?

  init() {
    let predeclared: [(String, ExchangeType)] = [
      ("amq.direct", .direct), ("amq.fanout", .fanout), ("amq.topic", .topic), ("amq.headers", .headers),
      ("amq.match", .headers),
    ]
    for (name, type) in predeclared { exchanges[name] = ReferenceExchange(name: name, type: type) }
  }

  /// Runs `body` on the queue, if it still is that one.
  mutating func withQueue(_ name: String, number: Int, _ body: (inout ReferenceQueue) -> Void) {
    guard var queue = queues[name], queue.number == number else { return }
    body(&queue)
    queues[name] = queue
  }

  /// The queue, if the session with that number may use it; nil is the administrator, who may.
  func queue(_ name: String, by session: Int?) throws(Refusal) -> ReferenceQueue {
    guard let queue = queues[name] else { throw .notFound }
    if let owner = queue.owner, let session, owner != session { throw .resourceLocked }
    return queue
  }

  /// The live consumers of a queue, those that came first first.
  func consumers(of queue: ReferenceQueue) -> [(session: Int, consumer: ReferenceConsumer)] {
    sessions.flatMap { session in session.value.consumers.map { (session: session.key, consumer: $0) } }
      .filter { $0.consumer.queue == queue.name && $0.consumer.queueNumber == queue.number }
      .sorted { $0.consumer.order < $1.consumer.order }
  }

  func unacknowledgedCount(of queue: ReferenceQueue) -> Int {
    sessions.values.reduce(0) { sum, session in
      sum + session.unacknowledged.count { $0.queue == queue.name && $0.queueNumber == queue.number }
    }
  }

  // MARK: Sessions

  mutating func openSession(_ slot: Int, windowCapacity: Int, confirms: Bool) {
    sessionCount += 1
    sessions[slot] = ReferenceSession(number: sessionCount, windowCapacity: windowCapacity, hasConfirms: confirms)
  }

  /// A session that ends, or whose owner died: everything goes back in order, then its consumers go, then its exclusive queues.
  mutating func closeSession(_ slot: Int) {
    giveBack(in: slot, isFailure: false) { _ in true }
    guard let session = sessions.removeValue(forKey: slot) else { return }
    for consumer in session.consumers { consumerWent(consumer) }
    for queue in queues.values where queue.owner == session.number { removeQueue(queue.name) }
  }
}

/// What became of all publishes; a message that finds no queue is `returned` if it was mandatory, else `unroutable`.
struct ReferencePublishTotals: Equatable {
  var messages = 0
  var unroutable = 0
  var returned = 0
  /// Messages that at least one queue refused.
  var rejected = 0
  /// Messages that all their queues took.
  var accepted = 0
  var routedCopies = 0
  var deadLetterCopies = 0
  /// Copies in queues that were deleted since.
  var deletedCopies = 0
}

/// Why an operation is refused: the code is what is compared.
struct Refusal: Error, Equatable {
  let code: BrokerError.Code

  static let accessRefused = Refusal(code: .accessRefused)
  static let notFound = Refusal(code: .notFound)
  static let resourceLocked = Refusal(code: .resourceLocked)
  static let preconditionFailed = Refusal(code: .preconditionFailed)
  static let notAllowed = Refusal(code: .notAllowed)
}

/// A mistake that the reference broker makes on purpose.
enum ReferenceDefect: CaseIterable {
  case losesOnCancel, forgetsRedelivered, takesOneTooMany, ignoresPrefetch, requeuesAtTheEnd, miscountsDiscarded
}
