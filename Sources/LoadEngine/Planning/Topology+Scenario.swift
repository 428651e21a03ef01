import DriverInterface
import ScenarioModel

extension Topology {
  /// What the scenario declares, in the driver's terms.
  init(_ topology: Scenario.Topology) {
    self.init(
      exchanges: topology.exchanges.map {
        Exchange(name: $0.name, type: $0.kind.rawValue, isInternal: $0.isInternal, alternate: $0.alternate)
      },
      queues: topology.queues.map(Queue.init),
      bindings: topology.bindings.map {
        Binding(
          exchange: $0.exchange, destination: .init($0.destination), key: $0.key, arguments: $0.arguments)
      })
  }
}

extension Topology.Queue {
  fileprivate init(_ queue: Scenario.Queue) {
    self.init(name: queue.name, maxLength: queue.messageCountLimit, overflow: .init(queue.overflow))
    maxByteCount = queue.byteCountLimit
    order = queue.highestPriority.map { .priority(highest: $0) } ?? (queue.order == .lifo ? .lifo : .fifo)
    dispatch = queue.dispatch.rawValue
    messageLifetimeNanoseconds = queue.messageLifetimeNanoseconds
    expiryNanoseconds = queue.expiryNanoseconds
    deadLetter = queue.deadLetter.map { .init(exchange: $0.exchange, key: $0.key) }
    deliveryLimit = queue.deliveryLimit
    retry = queue.retry.map {
      .init(
        backoffNanoseconds: $0.backoffNanoseconds, limitNanoseconds: $0.limitNanoseconds, hasJitter: $0.hasJitter)
    }
    unacknowledgedLimit = queue.unacknowledgedLimit
  }
}

extension Topology.Overflow {
  fileprivate init(_ overflow: Scenario.Queue.Overflow) {
    switch overflow {
    case .block: self = .block
    case .rejectPublish: self = .rejectPublish
    case .rejectPublishDeadLetter: self = .rejectPublishDeadLetter
    case .dropHead: self = .dropHead
    }
  }
}

extension Topology.Binding.Destination {
  fileprivate init(_ destination: Scenario.Binding.Destination) {
    switch destination {
    case .queue(let name): self = .queue(name)
    case .exchange(let name): self = .exchange(name)
    }
  }
}
