import Platform
import RingBuffers
import Synchronization

/// What is known of a queue, and counting what no session does.
extension MessageQueue {
  func count(_ count: Int, gone reason: DeathReason) {
    book.withLock { book in
      switch reason {
      case _ where options.deadLetter != nil: book.totals.deadLettered += UInt64(count)
      case .expired: book.totals.expired += UInt64(count)
      case .maxlen: book.totals.dropped += UInt64(count)
      case .rejected, .deliveryLimit: book.totals.discarded += UInt64(count)
      }
    }
  }

  /// A consumer that was ended had it in its hands.
  func countRefused() { book.withLock { $0.totals.refused += 1 } }

  /// Deliveries came back without their session.
  func countReturned(_ count: Int) { book.withLock { $0.totals.returned += UInt64(count) } }

  /// A dead letter was refused.
  func countRejected() { book.withLock { $0.totals.rejected += 1 } }

  /// A dead letter came in.
  func countDeadLetterIn() { book.withLock { $0.totals.published += 1 } }

  /// Deliveries in the hands of consumers. Of all numbers that were true during the call the largest.
  var unacknowledgedCount: Int { totals().unacknowledged }

  /// When the message was published that has been unacknowledged for longest.
  private func oldestUnacknowledged() -> Int64? {
    book.withLock { $0.ends.values.compactMap(\.counters.oldest).min() }
  }

  /// Everything that happened so far, and how many deliveries are neither acknowledged nor back nor gone.
  private func totals() -> (totals: QueueTotals, unacknowledged: Int) {
    let totals = book.withLock { book in
      var totals = book.totals
      for record in book.ends.values { record.counters.add(to: &totals) }
      return totals
    }
    let settled = totals.acknowledged &+ totals.returned &+ totals.refused
    return (totals, Int(truncatingIfNeeded: totals.delivered >= settled ? totals.delivered - settled : 0))
  }

  func statistics() -> QueueStatistics {
    let (totals, unacknowledged) = totals()
    return QueueStatistics(
      name: name, handle: handle, ready: readyCount, delayed: heldCount.load(ordering: .relaxed),
      unacknowledged: unacknowledged, oldestUnacknowledgedAt: oldestUnacknowledged(), consumers: consumerCount,
      memoryByteCount: ring.byteCount + QueueSharedState.byteCount + (lanes?.byteCount ?? 0)
        + returned.withLock { $0.count } * MemoryLayout<ReturnedMessage>.stride
        + store.withLock { $0?.byteCount ?? 0 },
      totals: totals)
  }
}
