import DriverInterface
import MessageBroker
import TaskWorkers

/// Declares the queues of a task system and opens the end points of its clients, workers and keepers.
///
/// A task queue has a companion for tasks whose time has not come, and a client a reply queue of its own, which refuses results
/// when it is full rather than hold up the workers: the broker counts those.
struct TaskEndpointOpener {
  let broker: Broker

  /// Messages that an end point hands over at a time.
  static var batchCount: Int { SessionOptions.publishBatchLimit }

  /// The largest message of a task.
  static var largestByteCount: Int { TaskEnvelope.byteCountLimit }

  /// Declares a task queue and its companion.
  func declare(_ queue: String, options: QueueOptions = QueueOptions()) throws(BrokerError) {
    _ = try broker.declareQueue(queue, options: options)
    _ = try broker.declareQueue(
      WorkerOptions.etaQueue(of: queue), options: QueueOptions(maxLength: options.maxLength))
  }

  /// A client's end: route 0 leads to the queue, route 1 to its keeper.
  /// - Parameter replyLimit: Results that may wait for the client.
  func openClient(
    of queue: String, replyLimit: Int = 65_536, batchCount: Int = batchCount, mayPark: Bool = true
  ) throws(BrokerError) -> BrokerEndpoint {
    var session = try broker.openSession(SessionOptions(batchCount: batchCount, mayPark: mayPark))
    let replies = try session.declareQueue(
      "", options: QueueOptions(maxLength: replyLimit, overflow: .rejectPublish, isExclusive: true))
    _ = try session.consume(queue: replies.name, acknowledgement: .automatic)
    let routes = [
      try session.route(exchange: "", key: queue),
      try session.route(exchange: "", key: WorkerOptions.etaQueue(of: queue)),
    ]
    return BrokerEndpoint(
      session, routes: routes, properties: MessageProperties(replyTo: replies.handle), publishBatch: batchCount,
      largestBodyByteCount: batchCount == 1 ? Self.largestByteCount : 1)
  }

  /// A worker's end.
  /// - Parameter prefetchCount: Messages that it holds unacknowledged at most.
  func openWorker(
    of queue: String, prefetchCount: Int, priority: Int = 0, mayPark: Bool = true
  ) throws(BrokerError) -> BrokerEndpoint {
    try openConsumer(of: queue, prefetchCount: prefetchCount, priority: priority, routes: [], mayPark: mayPark)
  }

  /// The end of a queue's keeper: route 0 leads to the queue.
  func openKeeper(of queue: String, mayPark: Bool = true) throws(BrokerError) -> BrokerEndpoint {
    try openConsumer(
      of: WorkerOptions.etaQueue(of: queue), prefetchCount: 1024, priority: 0, routes: [queue], mayPark: mayPark)
  }

  private func openConsumer(
    of queue: String, prefetchCount: Int, priority: Int, routes: [String], mayPark: Bool
  ) throws(BrokerError) -> BrokerEndpoint {
    var session = try broker.openSession(
      SessionOptions(batchCount: Self.batchCount, prefetchCount: prefetchCount, mayPark: mayPark))
    var found: [Route] = []
    for key in routes { found.append(try session.route(exchange: "", key: key)) }
    let consumer = try session.consume(
      queue: queue, prefetch: prefetchCount, acknowledgement: .manual, priority: priority)
    return BrokerEndpoint(
      session, routes: found, publishBatch: Self.batchCount, acknowledges: true, consumer: consumer,
      largestBodyByteCount: 1)
  }
}
