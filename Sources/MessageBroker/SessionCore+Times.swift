import Histograms
import RingBuffers

/// How long messages wait in their queues, from a sample that costs next to nothing.
extension SessionCore {
  /// Every so many messages of a queue are measured, by their places in it: so the sample does not know of batches.
  @inlinable static var sampleStep: UInt64 { 64 }
  /// Of a queue's first messages all are measured.
  @inlinable static var wholeSampleCount: UInt64 { 1024 }

  /// See `Session.poll(limit:now:)`.
  @inlinable @inline(__always)
  mutating func poll(limit: Int, now: Int64) -> Int {
    let count = poll(limit: limit)
    noteTimes(now: now)
    return count
  }

  /// See `Session.noteTimes(now:)`.
  @inlinable @inline(__always)
  mutating func noteTimes(now: Int64) {
    for tag in batchStart..<(batchStart &+ UInt64(truncatingIfNeeded: batchCount)) {
      let position = unsafe window.entry(tag).pointee.position
      if position & (Self.sampleStep &- 1) == 0 || position < Self.wholeSampleCount { noteTimes(of: tag, now: now) }
    }
    if batchCount == 0 { noteOldest() }
  }

  /// Records a delivery's time in its queue; of one that was delivered before there is nothing to tell.
  @usableFromInline @inline(never)
  mutating func noteTimes(of tag: UInt64, now: Int64) {
    noteOldest()
    let descriptor = unsafe window.entry(tag).pointee.descriptor
    guard !descriptor.has(MessageDescriptor.isRedelivered) else { return }
    // Cancelled since the batch was taken.
    guard let end = unsafe ends[Int(descriptor.holder)] else { return }
    unsafe end.pointee.record.times?.makeWriter().record(max(0, now &- descriptor.publishedAtNanoseconds))
  }

  /// Tells the statistics which message has been unacknowledged for longest: that of the consumer that holds it.
  @usableFromInline @inline(never)
  func noteOldest() {
    guard let oldest = window.oldest else { return }
    let descriptor = unsafe window.entry(oldest).pointee.descriptor
    guard !descriptor.has(MessageDescriptor.isAutomatic) else { return }
    unsafe ends[Int(descriptor.holder)]!.pointee.counters.setOldest(descriptor.publishedAtNanoseconds)
  }
}
