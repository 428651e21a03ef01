import Distributions
import MessageBroker

extension OperationGenerator {
  var exchangeNames: [String] {
    var names = exchanges
    if features.contains(.fanout) { names.append("amq.fanout") }
    if features.contains(.topic) { names.append("amq.topic") }
    if features.contains(.headers) { names.append("amq.headers") }
    return names
  }

  mutating func bindOrUnbind() -> BrokerOperation {
    let source = happens(oneIn: 30) ? "" : one(of: exchangeNames)
    let key = one(of: features.contains(.topic) ? keys + ["k.*", "#", "k.#", "*.l.#"] : keys)
    var destination = ReferenceBinding.Destination.queue(queue())
    if let exchange = maybe(.exchangeBindings, oneIn: 4, exchanges) { destination = .exchange(exchange) }
    var binding = ReferenceBinding(source: source, destination: destination, key: key)
    if source == "amq.headers" {
      binding.arguments = ["x-match": one(of: ["all", "any", "all-with-x", "any-with-x"]), "h": one(of: ["1", "2"])]
      if happens(oneIn: 2) { binding.arguments["x-h"] = one(of: ["1", "2"]) }
    }
    return happens(oneIn: 5)
      ? .unbind(mostly(model.bindings, else: [binding]), by: caller()) : .bind(binding, by: caller())
  }

  mutating func exchange() -> BrokerOperation {
    let name = one(of: ["x", "y", "x", "y", "", "amq.direct", "amq.mine"])
    if happens(oneIn: 3) { return .deleteExchange(name, ifUnused: happens(oneIn: 2)) }
    var types: [ExchangeType] = [.direct]
    if features.contains(.fanout) { types.append(.fanout) }
    if features.contains(.topic) { types.append(.topic) }
    return .declareExchange(
      ReferenceExchange(
        name: name, type: one(of: types), isInternal: maybe(.internalExchange, oneIn: 8, [true]) ?? false,
        isAutoDelete: maybe(.autoDelete, oneIn: 4, [true]) ?? false,
        alternate: maybe(.alternateExchange, oneIn: 3, ["y", "amq.direct", "none"])))
  }

  mutating func declareQueue() -> BrokerOperation {
    var options = ReferenceQueueOptions()
    options.maxLength = happens(oneIn: 40) ? 0 : 1 + random.below(12)
    options.overflow = one(of: overflows)
    options.maxByteCount = maybe(.maxByteCount, oneIn: 4, [100, 700]) ?? .max
    options.messageTTL = maybe(.messageTTL, oneIn: 4, [0, 3073, 10_242])
    options.expires = maybe(.queueExpiry, oneIn: 6, [20_496])
    if let exchange = maybe(.deadLetters, oneIn: 1, ["", "", "amq.direct", "x", "none"]) {
      options.deadLetter = .init(exchange: exchange, key: happens(oneIn: 4) ? nil : mostly(queues, else: keys))
    }
    options.deliveryLimit = maybe(.deliveryLimit, oneIn: 2, [0, 1, 3])
    options.retry = maybe(
      .retry, oneIn: 5, [.init(backoff: 1152, limit: 5000), .init(backoff: 700, limit: 900, jitter: 0.5)])
    options.unacknowledgedLimit = maybe(.unacknowledgedLimit, oneIn: 5, [1, 3]) ?? .max
    options.isSingleActive = maybe(.singleActive, oneIn: 5, [true]) ?? false
    options.hasConsumerPriorities = !options.isSingleActive && maybe(.consumerPriority, oneIn: 2, [true]) ?? false
    options.isAutoDelete = maybe(.autoDelete, oneIn: 8, [true]) ?? false
    if features.contains(.lifo), happens(oneIn: 5) { options.order = .lifo }
    if features.contains(.priorities), happens(oneIn: 5) { options.order = .priority(levels: one(of: [1, 4])) }
    let missing = queues.filter { model.queues[$0] == nil && $0 != "amq.gen-1" }
    let name = happens(oneIn: 50) ? "" : mostly(missing, else: queues)
    options.isExclusive = name == "mine" ? !happens(oneIn: 8) : happens(oneIn: 30)
    return .declareQueue(name, options, by: options.isExclusive && !happens(oneIn: 10) ? slot() : caller())
  }

  private var overflows: [ReferenceQueueOptions.Overflow] {
    var overflows: [ReferenceQueueOptions.Overflow] = [.block, .rejectPublish]
    if features.contains(.dropHead) { overflows += [.dropHead, .dropHead] }
    if features.contains(.rejectPublishDeadLetter) { overflows.append(.rejectPublishDeadLetter) }
    return overflows
  }

  private static let timed: BrokerFeatures = [
    .messageTTL, .expiration, .queueExpiry, .consumerTimeout, .delay, .retry,
  ]

  /// Time passes in steps that are no multiple of any waiting time, so that no two things happen at one moment by chance.
  mutating func timeOrPause() -> BrokerOperation {
    if features.contains(.pause), happens(oneIn: 4) { return .setPaused(happens(oneIn: 3), queue()) }
    return features.isDisjoint(with: Self.timed) ? publish() : .advance(by: Int64(1 + random.below(4)) * 1024)
  }
}
