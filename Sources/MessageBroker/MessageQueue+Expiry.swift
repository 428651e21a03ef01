import Platform
import Synchronization

/// When the queue as a whole expires.
extension MessageQueue {
  /// Somebody has used the queue, for `expires`.
  func touch() {
    if options.expires != nil { lastUse.store(clock.now, ordering: .relaxed) }
  }

  /// When time next does something here: to the messages, or to the queue as a whole.
  var nextMoment: Int64 { min(storeMoment.load(ordering: .relaxed), end ?? .max) }

  /// When a queue without consumers expires.
  var end: Int64? {
    guard let expires = options.expires, consumerCount == 0 else { return nil }
    let (end, overflows) = lastUse.load(ordering: .relaxed).addingReportingOverflow(expires)
    return overflows ? nil : end
  }
}
