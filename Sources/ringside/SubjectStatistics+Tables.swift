internal import DriverInterface
internal import Reports

extension SubjectStatistics {
  /// One of the tables that `run --show` prints.
  func text(of table: ShownTable) -> String {
    switch table {
    case .queues:
      QueueTable(queues.map(QueueTable.Row.init)).text
    case .exchanges: SubjectTables.exchanges(exchanges.map { ($0.name, $0.type, $0.isInternal) })
    case .bindings:
      SubjectTables.bindings(
        bindings.map { ($0.source, $0.destination, $0.destinationKind, $0.key, $0.arguments) })
    case .consumers:
      SubjectTables.consumers(
        consumers.map {
          (
            $0.queue, $0.session, $0.tag, $0.acknowledges, $0.prefetchCount, $0.priority, $0.isActive,
            $0.unacknowledgedCount
          )
        })
    }
  }
}

extension QueueTable.Row {
  fileprivate init(_ queue: SubjectStatistics.Queue) {
    self.init(
      name: queue.name, ready: queue.readyCount, unacknowledged: queue.unacknowledgedCount,
      consumers: queue.consumerCount, memoryBytes: queue.memoryByteCount)
    delayed = queue.delayedCount
    rates = queue.rates.map {
      QueueTable.Rates(
        publish: $0.published, deliver: $0.delivered, redeliver: $0.redelivered, acknowledge: $0.acknowledged)
    }
  }
}
