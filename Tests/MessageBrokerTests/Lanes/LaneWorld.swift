import MessageBroker

/// A queue with a dispatch policy, its consumers and a publisher, in one thread.
struct LaneWorld {
  let broker = Broker()
  let producer: SessionBox
  private let route: Route
  private var nextID: UInt64 = 0

  init(
    _ dispatch: DispatchPolicy, maxLength: Int = 1000, overflow: OverflowPolicy = .block, batch: Int = 1
  ) throws {
    var options = QueueOptions(maxLength: maxLength, overflow: overflow)
    options.dispatch = dispatch
    try broker.declareQueue("q", options: options)
    producer = SessionBox(try broker.openSession(SessionOptions(publishBatch: batch)))
    route = try producer.session.route(exchange: "", key: "q")
  }

  func consumer(prefetch: Int = 0, acknowledgement: AcknowledgementMode = .manual) throws -> SessionBox {
    let box = SessionBox(try broker.openSession())
    _ = try box.session.consume(queue: "q", prefetch: prefetch, acknowledgement: acknowledgement)
    return box
  }

  /// Publishes messages with the next numbers, from 0, and flushes; returns what each of them was answered.
  @discardableResult
  mutating func publish(_ count: Int) -> [PublishOutcome] {
    let outcomes = (0..<count).map { _ in
      let properties = MessageProperties(correlation: nextID)
      let outcome = producer.session.publish(body(of: nextID), route: route, properties: properties, now: 0)
      nextID += 1
      return outcome
    }
    producer.session.flush()
    return outcomes
  }

  /// The numbers of the messages that a poll finds.
  func poll(_ consumer: SessionBox, limit: Int = 1000) -> [UInt64] {
    (0..<consumer.session.poll(limit: limit)).map { consumer.session.delivery(at: $0).correlation }
  }

  var statistics: QueueStatistics { broker.listQueues()[0] }

  /// Whether the books add up.
  var isConserved: Bool {
    let queue = statistics
    let gone = queue.totals.acknowledged + queue.totals.discarded + queue.totals.purged
    return queue.totals.published == gone + UInt64(queue.messages)
  }
}
