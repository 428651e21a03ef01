import RingBuffers

/// Whether a consumer may take from a queue that is more than a ring.
extension ConsumerEnd {
  /// False while the queue is paused or another consumer goes first. `get` waits for no consumer.
  mutating func isAdmitted(beside detour: Detour) -> Bool {
    if detour.contains(.paused) { return false }
    guard !isForGet, let gate = queue.gate else { return true }
    return gate.admits(record, after: &superiors, in: queue)
  }

  /// Whether a poll would find messages, as far as the shared words tell.
  mutating func mayFindMessages() -> Bool {
    let detour = shared.detour
    guard detour.rawValue == 0 || isAdmitted(beside: detour) else { return false }
    guard queue.commonReadyCount > 0 else { return unsafe (lane?.pointee.consumer.readyCount(upTo: 1) ?? 0) > 0 }
    guard let limit = queue.options.unacknowledgedLimit, !isAutomatic else { return true }
    return queue.unacknowledgedCount < limit
  }
}
