import DriverInterface
import MessageBroker

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
      var options = QueueOptions()
      if let limit = queue.maxLength { options.maxLength = limit }
      options.overflow = queue.overflow == .block ? .block : .rejectPublish
      _ = try declareQueue(queue.name, options: options)
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

extension SessionOptions {
  /// Options for an end that hands over `batchCount` messages at a time and holds up to `prefetchCount`.
  init(batchCount: Int, prefetchCount: Int = 1, mayPark: Bool) {
    var window = 1024
    while window < 2 * prefetchCount { window *= 2 }
    self.init(
      publishBatch: min(max(1, batchCount), SessionOptions.publishBatchLimit), windowCapacity: window,
      mayPark: mayPark)
  }
}

extension FieldTable {
  /// Texts by name, as a scenario file has them.
  init(_ texts: [String: String]) { self.init(texts.map { ($0.key, FieldValue.string($0.value)) }) }
}
