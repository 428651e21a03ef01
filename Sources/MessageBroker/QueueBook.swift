import Histograms
import Synchronization

/// What the control path writes down about a queue.
struct QueueBook {
  /// Totals of ends that are gone, and of the control path itself.
  var totals = QueueTotals()
  /// What ends that are gone have measured.
  var times: LatencyHistogram?
  var ends: [ObjectIdentifier: MessageQueue.EndRecord] = [:]
  var consumers = 0
  /// Whether the only consumer wants no other.
  var isExclusivelyConsumed = false

  var consumerRecords: some Sequence<MessageQueue.EndRecord> {
    ends.values.lazy.filter { $0.terms != nil && !$0.isOver.load(ordering: .relaxed) }
  }
}
