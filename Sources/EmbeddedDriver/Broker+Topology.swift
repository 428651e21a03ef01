import DriverInterface
import MessageBroker
import WorkloadLoops

extension Broker {
  /// Declares what a plan needs.
  func declare(_ topology: Topology) throws(BrokerError) {
    for exchange in topology.exchanges {
      guard let type = ExchangeType(rawValue: exchange.type) else {
        preconditionFailure("exchange type \(exchange.type) was validated before")
      }
      try declareExchange(
        exchange.name, type: type,
        options: ExchangeOptions(isInternal: exchange.isInternal, alternateExchange: exchange.alternate))
    }
    for queue in topology.queues {
      _ = try declareQueue(queue.name, options: QueueOptions(queue))
    }
    for binding in topology.bindings {
      switch binding.destination {
      case .queue(let queue):
        try bind(queue: queue, to: binding.exchange, key: binding.key, arguments: FieldTable(binding.arguments))
      case .exchange(let exchange):
        try bind(exchange: exchange, to: binding.exchange, key: binding.key, arguments: FieldTable(binding.arguments))
      }
    }
  }
}

extension QueueOptions {
  /// What a plan says about a queue.
  init(_ queue: Topology.Queue) {
    self.init()
    if let limit = queue.maxLength { maxLength = limit }
    maxByteCount = queue.maxByteCount
    overflow =
      switch queue.overflow {
      case .block: .block
      case .rejectPublish: .rejectPublish
      case .rejectPublishDeadLetter: .rejectPublishDeadLetter
      case .dropHead: .dropHead
      }
    order =
      switch queue.order {
      case .fifo: .fifo
      case .lifo: .lifo
      case .priority(let highest): .priority(levels: highest)
      }
    guard let policy = DispatchPolicy(name: queue.dispatch) else {
      preconditionFailure("dispatch policy \(queue.dispatch) was validated before")
    }
    dispatch = policy
    messageTTL = queue.messageLifetimeNanoseconds
    expires = queue.expiryNanoseconds
    deadLetter = queue.deadLetter.map { DeadLetterAddress(exchange: $0.exchange, routingKey: $0.key) }
    deliveryLimit = queue.deliveryLimit
    retry = queue.retry.map {
      RetryPolicy(backoff: $0.backoffNanoseconds, limit: $0.limitNanoseconds, jitter: $0.hasJitter ? 1 : 0)
    }
    unacknowledgedLimit = queue.unacknowledgedLimit
  }
}

extension MessageProperties {
  /// What a plan says about all messages of a producer.
  init(_ producer: WorkloadPlan.Producer, replyTo: QueueHandle = .none) {
    self.init(replyTo: replyTo, isPersistent: producer.isPersistent)
    isMandatory = producer.isMandatory
    expiration = producer.expirationNanoseconds
  }
}

extension SessionOptions {
  /// Options for an end that hands over `batchCount` messages at a time and holds up to `prefetchCount`.
  init(batchCount: Int, prefetchCount: Int = 1, mayPark: Bool) {
    var window = 1024
    while window < Self.window(forPrefetch: prefetchCount) { window *= 2 }
    self.init(
      publishBatch: min(max(1, batchCount), SessionOptions.publishBatchLimit), windowCapacity: window,
      mayPark: mayPark)
  }

  /// How many deliveries the window of an end holds: twice the prefetch, so that batches stay long beside messages that are kept for long.
  static func window(forPrefetch count: Int) -> Int { 2 * count }
}

extension FieldTable {
  /// Texts by name, as a scenario file has them.
  init(_ texts: [String: String]) { self.init(texts.map { ($0.key, FieldValue.string($0.value)) }) }
}
