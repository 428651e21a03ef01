import DriverInterface
import Histograms
import MessageBroker

extension Broker {
  /// What the broker says about itself, in the driver's terms.
  func subjectStatistics() -> SubjectStatistics {
    var statistics = SubjectStatistics(
      queues: listQueues().map { queue in
        // A queue that was deleted meanwhile has none.
        SubjectStatistics.Queue(queue, times: try? timeInQueue(of: queue.name))
      })
    statistics.exchanges = listExchanges().map {
      .init(name: $0.name, type: $0.type.rawValue, isInternal: $0.options.isInternal)
    }
    statistics.bindings = listBindings().map {
      .init(
        source: $0.exchange, destination: $0.destination.name, destinationKind: $0.destination.kind, key: $0.routingKey,
        arguments: $0.arguments.isEmpty ? "" : $0.arguments.description)
    }
    statistics.consumers = listConsumers().map {
      .init(
        queue: $0.queue, session: "\($0.session)", tag: "\($0.tag)", acknowledges: $0.acknowledgement == .manual,
        prefetchCount: $0.prefetch, priority: $0.priority, isActive: $0.isActive, unacknowledgedCount: $0.unacknowledged
      )
    }
    return statistics
  }
}

extension SubjectStatistics.Queue {
  fileprivate init(_ queue: QueueStatistics, times: LatencyHistogram?) {
    self.init(
      name: queue.name, readyCount: queue.ready, unacknowledgedCount: queue.unacknowledged,
      consumerCount: queue.consumers, memoryByteCount: queue.memoryByteCount)
    delayedCount = queue.delayed
    traffic = SubjectStatistics.Traffic(queue.totals)
    departures = SubjectStatistics.Departures(queue.totals)
    if let times, !times.isEmpty {
      timeInQueue = .init(
        sampleCount: times.count, p50Nanoseconds: times.value(atPercentile: 50),
        p99Nanoseconds: times.value(atPercentile: 99))
    }
  }
}

extension SubjectStatistics.Traffic {
  fileprivate init(_ totals: QueueTotals) {
    self.init()
    published = Int(totals.published)
    delivered = Int(totals.delivered)
    redelivered = Int(totals.redelivered)
    acknowledged = Int(totals.acknowledged)
  }
}

extension SubjectStatistics.Departures {
  fileprivate init(_ totals: QueueTotals) {
    self.init()
    expired = Int(totals.expired)
    dropped = Int(totals.dropped)
    deadLettered = Int(totals.deadLettered)
    discarded = Int(totals.discarded)
    purged = Int(totals.purged)
  }
}
