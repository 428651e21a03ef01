import Platform
public import Synchronization

/// The counters of one session's end of a queue: written by the session's thread alone with plain stores, read by whoever
/// asks for statistics. On lines of their own, so that counting never disturbs another thread.
@safe @frozen @usableFromInline
struct EndCounters: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>

  /// What is counted; the raw value is the place in the line.
  @frozen @usableFromInline
  enum Kind: Int {
    case published, rejected, delivered, redelivered, acknowledged, returned, discarded
    /// Deliveries that left the queue for good without an acknowledgement: discarded ones and dead letters.
    case refused
    case deadLettered
  }

  init() {
    unsafe words = AlignedMemory.allocate(byteCount: AlignedMemory.lineByteCount)
      .bindMemory(to: Atomic<UInt64>.self, capacity: AlignedMemory.lineByteCount / 8)
  }

  func deallocate() { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(words)) }

  /// Where the time of the oldest unacknowledged message lies, beyond all counters; 0 for none.
  private static var oldestPlace: Int { 15 }

  func setOldest(_ publishedAt: Int64) {
    unsafe words[Self.oldestPlace].store(UInt64(bitPattern: max(publishedAt, 1)), ordering: .relaxed)
  }

  /// When the oldest unacknowledged message was published, as its session last said; nil when there is none.
  var oldest: Int64? {
    let time = unsafe words[Self.oldestPlace].load(ordering: .relaxed)
    return time == 0 || unacknowledgedCount == 0 ? nil : Int64(bitPattern: time)
  }

  /// Adds `count`. Not an atomic addition: there is one writer.
  @inlinable @inline(__always)
  func add(_ count: Int, to kind: Kind) {
    let word = unsafe words + kind.rawValue
    unsafe word.pointee.store(
      word.pointee.load(ordering: .relaxed) &+ UInt64(truncatingIfNeeded: count), ordering: .relaxed)
  }

  func value(_ kind: Kind) -> UInt64 { unsafe words[kind.rawValue].load(ordering: .relaxed) }

  /// Deliveries that are not settled; a moment's view to other threads.
  var unacknowledgedCount: Int {
    let settled = value(.acknowledged) &+ value(.returned) &+ value(.refused)
    return Int(Int64(bitPattern: value(.delivered) &- settled))
  }

  /// Adds everything to `totals`.
  func add(to totals: inout QueueTotals) {
    totals.published += value(.published)
    totals.rejected += value(.rejected)
    totals.delivered += value(.delivered)
    totals.redelivered += value(.redelivered)
    totals.acknowledged += value(.acknowledged)
    totals.returned += value(.returned)
    totals.discarded += value(.discarded)
    totals.refused += value(.refused)
    totals.deadLettered += value(.deadLettered)
  }
}
