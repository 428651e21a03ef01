/// What went through a queue per second between two readings of its statistics.
public struct QueueRates: Sendable, Equatable {
  /// Messages that entered the queue.
  public let published: Double
  /// Deliveries, redeliveries included.
  public let delivered: Double
  /// Deliveries of messages that had been delivered before.
  public let redelivered: Double
  /// Messages acknowledged, by the consumer or by delivery.
  public let acknowledged: Double
}

extension QueueStatistics {
  /// The rates since an earlier reading of this queue, `nanoseconds` before this one; since the declaration when the earlier one is
  /// that of a queue which had this name before. Nothing per second when no time has passed.
  public func rates(since earlier: QueueStatistics, nanoseconds: Int64) -> QueueRates {
    let before = earlier.handle == handle ? earlier.totals : QueueTotals()
    let perSecond = { (field: KeyPath<QueueTotals, UInt64>) in
      let count = Int64(bitPattern: totals[keyPath: field] &- before[keyPath: field])
      return nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
    }
    return QueueRates(
      published: perSecond(\.published), delivered: perSecond(\.delivered), redelivered: perSecond(\.redelivered),
      acknowledged: perSecond(\.acknowledged))
  }
}
