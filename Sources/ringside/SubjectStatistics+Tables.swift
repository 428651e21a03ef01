internal import DriverInterface
internal import Reports

extension SubjectStatistics {
  /// One of the tables that `run --show` prints.
  func text(of table: ShownTable) -> String {
    switch table {
    case .queues:
      QueueTable(
        queues.map {
          QueueTable.Row(
            name: $0.name, ready: $0.readyCount, unacknowledged: $0.unacknowledgedCount, consumers: $0.consumerCount,
            memoryBytes: $0.memoryByteCount)
        }
      ).text
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
