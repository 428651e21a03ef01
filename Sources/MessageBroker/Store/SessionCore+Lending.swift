import RingBuffers
import Synchronization

/// Consumers with a time-out, on their session's side.
extension SessionCore {
  /// What few deliveries need when they are acknowledged; false, with everything settled, when the queue took the delivery back because
  /// its consumer had kept it for too long: then it counts as nothing here.
  @usableFromInline
  mutating func settleRare(_ tag: UInt64) -> Bool {
    let entry = unsafe window.entry(tag).pointee
    if entry.descriptor.has(MessageDescriptor.isTracked), !settleLent(tag, entry) {
      drop(entry)
      return false
    }
    releaseProperties(of: entry.descriptor)
    return true
  }

  /// Refuses a tag whose consumer was cancelled. Its delivery stays readable until the next batch, as others of the batch do.
  @usableFromInline
  func checkInTime(_ tag: UInt64) throws(BrokerError) {
    guard window.isOutstanding(tag) else { return }
    let descriptor = unsafe window.entry(tag).pointee.descriptor
    // Acquire pairs with the release in `MessageQueue.takeOverdue`.
    guard descriptor.has(MessageDescriptor.isTracked),
      unsafe ends[Int(descriptor.holder)]!.pointee.record.isTimedOut.load(ordering: .acquiring)
    else { return }
    throw .unknownDelivery(tag)
  }

  /// Whether a delivery that is about to go back or away is not the queue's again; one that is, is dropped.
  mutating func isStillOurs(_ tag: UInt64) -> Bool {
    let entry = unsafe window.entry(tag).pointee
    guard entry.descriptor.has(MessageDescriptor.isTracked), !settleLent(tag, entry) else { return true }
    window.settle(tag)
    drop(entry)
    return false
  }

  private func settleLent(_ tag: UInt64, _ entry: WindowEntry) -> Bool {
    let end = unsafe ends[Int(entry.descriptor.holder)]!
    return unsafe end.pointee.queue.settleLent(tag, by: end.pointee.record)
  }

  private mutating func drop(_ entry: WindowEntry) {
    unsafe ends[Int(entry.descriptor.holder)]!.pointee.outstanding -= 1
    release(entry.descriptor)
  }

  /// Ends the consumers that the queue has cancelled: what they had is theirs no more.
  @usableFromInline
  mutating func dropTimedOut() {
    for index in 0..<endCapacity {
      // Acquire pairs with the release in `MessageQueue.takeOverdue`.
      guard let end = unsafe ends[index], unsafe end.pointee.record.isTimedOut.load(ordering: .acquiring) else {
        continue
      }
      leaveParked()
      for tag in window.outstandingTags(through: .max) {
        let entry = unsafe window.entry(tag).pointee
        guard Int(entry.descriptor.holder) == index else { continue }
        window.settle(tag)
        drop(entry)
      }
      window.advance()
      flushReleases()
      timedOut.append(ConsumerTag(index: UInt16(index)))
      unsafe remove(end)
    }
  }

  /// See `Session.takeTimedOutConsumers`.
  mutating func takeTimedOutConsumers() -> [ConsumerTag] {
    if trackedCount != 0 { dropTimedOut() }
    defer { timedOut = [] }
    return timedOut
  }
}
