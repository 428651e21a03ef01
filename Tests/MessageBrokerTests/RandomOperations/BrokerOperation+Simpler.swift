extension BrokerOperation {
  /// The same step with less to it, the simplest first; none when it says nothing that could be left out. Each has fewer differences
  /// from the defaults, so that making steps simpler comes to an end.
  var simpler: [BrokerOperation] {
    switch self {
    case .openSession(let slot, let windowCapacity, let confirms):
      return windowCapacity != 64 || confirms ? [.openSession(slot, windowCapacity: 64, confirms: false)] : []
    case .declareQueue(let name, let options, let slot):
      return options.simpler.map { .declareQueue(name, $0, by: slot) }
    case .publish(let id, let exchange, let key, let properties, let mayReuseRoute, let slot):
      guard properties != ReferenceProperties() else { return [] }
      return [
        .publish(id, exchange: exchange, key: key, ReferenceProperties(), mayReuseRoute: mayReuseRoute, in: slot)
      ]
    case .consume(let name, let options, let slot):
      return options != ReferenceConsumerOptions() ? [.consume(name, ReferenceConsumerOptions(), in: slot)] : []
    default: return []
    }
  }
}

extension ReferenceQueueOptions {
  /// Without any option, and without one of them.
  fileprivate var simpler: [ReferenceQueueOptions] {
    let plain = ReferenceQueueOptions()
    guard self != plain else { return [] }
    let resets: [(inout ReferenceQueueOptions) -> Void] = [
      { $0 = plain }, { $0.order = plain.order }, { $0.maxLength = plain.maxLength },
      { $0.maxByteCount = plain.maxByteCount }, { $0.overflow = plain.overflow }, { $0.messageTTL = nil },
      { $0.expires = nil }, { $0.deadLetter = nil }, { $0.deliveryLimit = nil }, { $0.retry = nil },
      { $0.unacknowledgedLimit = plain.unacknowledgedLimit }, { $0.isSingleActive = false },
      { $0.hasConsumerPriorities = false }, { $0.isAutoDelete = false },
    ]
    return resets.map { reset in
      var simpler = self
      reset(&simpler)
      return simpler
    }.filter { $0 != self }
  }
}
