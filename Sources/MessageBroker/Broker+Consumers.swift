import Platform

/// One consumer, as `list_consumers` shows it. What it has in hand is a moment's view.
public struct ConsumerStatistics: Sendable, Equatable {
  /// The queue that it takes from.
  public let queue: String
  /// Which session of the broker it belongs to, from 1.
  public let session: UInt64
  /// Its tag in that session.
  public let tag: ConsumerTag
  /// Who says that a delivery is done.
  public let acknowledgement: AcknowledgementMode
  /// How many deliveries may be unacknowledged; 0 for no limit.
  public let prefetch: Int
  /// Its priority among the queue's consumers.
  public let priority: Int
  /// Whether the queue's dispatch gives it messages now: not those that wait behind a single active consumer, or behind others
  /// with a higher priority and room.
  public let isActive: Bool
  /// Deliveries that it has not acknowledged.
  public let unacknowledged: Int
}

extension Broker {
  /// All consumers, by queue and in the order in which they came. Locks the control path and each queue's book briefly.
  public func listConsumers() -> [ConsumerStatistics] {
    let queues = control.withLock { Array($0.queues.values) }
    return queues.sorted { $0.name < $1.name }.flatMap { queue in
      let consumers = queue.consumers()
      return consumers.compactMap { record in
        record.terms.map { terms in
          let prefetch = record.prefetch
          return ConsumerStatistics(
            queue: queue.name, session: terms.session.number, tag: ConsumerTag(index: terms.tag),
            acknowledgement: terms.acknowledgement, prefetch: prefetch == .max ? 0 : prefetch,
            priority: terms.priority, isActive: queue.gate?.wouldAdmit(record, among: consumers) ?? true,
            unacknowledged: record.counters.unacknowledgedCount)
        }
      }
    }
  }
}

extension ConsumerTag: CustomStringConvertible {
  /// The number of the consumer in its session, as text.
  public var description: String { "\(index)" }
}
