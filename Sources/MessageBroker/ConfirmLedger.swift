/// The publisher confirms of one session. Because a queue takes a message at once or not at all, all there is to know is how
/// far publishing got, and which publishes were refused.
///
/// Owned by the session's thread.
@frozen @usableFromInline
struct ConfirmLedger {
  /// What a publish adds to `last`: 1 when confirms are on, else 0.
  @usableFromInline var step: UInt64 = 0
  /// The number of the newest publish.
  @usableFromInline var last: UInt64 = 0
  /// How far `take` has reported.
  @usableFromInline var reported: UInt64 = 0
  /// Numbers of refused publishes that were not reported yet, rising. The room for all of both lists is there from the start.
  @usableFromInline var pendingNacks: [UInt64] = []
  /// Those of the last report, rising.
  @usableFromInline var reportedNacks: [UInt64] = []

  /// Refused publishes that may wait for a report; more block publishing.
  @inlinable
  static var nackLimit: Int { 4096 }

  init() {
    pendingNacks.reserveCapacity(Self.nackLimit)
    reportedNacks.reserveCapacity(Self.nackLimit)
  }

  /// Whether one more publish to a queue that refuses can be booked.
  @usableFromInline
  var hasNackRoom: Bool { step == 0 || pendingNacks.count < ConfirmLedger.nackLimit }

  /// The next publish's number, taken.
  @inlinable @inline(__always)
  mutating func advance() { last &+= step }

  @usableFromInline
  mutating func nack(_ sequence: UInt64) {
    // A message from before the confirms were switched on has no number.
    guard step != 0, sequence != 0 else { return }
    // Queues refuse in the order of flushing: a few places from the end at most, and at the end with one queue.
    var place = pendingNacks.count
    while place > 0, pendingNacks[place - 1] > sequence { place -= 1 }
    pendingNacks.insert(sequence, at: place)
  }

  /// Reports everything up to `settled`, the number below which nothing is staged.
  @inlinable
  mutating func take(through settled: UInt64) -> ConfirmBatch {
    let count = Int(truncatingIfNeeded: settled &- reported)
    reported = settled
    if !reportedNacks.isEmpty { reportedNacks.removeAll(keepingCapacity: true) }
    if !pendingNacks.isEmpty { moveNacks(through: settled) }
    return ConfirmBatch(settledThrough: settled, settledCount: count, nackCount: reportedNacks.count)
  }

  /// Moves the due nacks over, once each: several queues may refuse one message.
  @usableFromInline
  mutating func moveNacks(through settled: UInt64) {
    // By index: a slice would share the buffer, and the removal would then copy it.
    var dueCount = 0
    while dueCount < pendingNacks.count, pendingNacks[dueCount] <= settled {
      if pendingNacks[dueCount] != reportedNacks.last { reportedNacks.append(pendingNacks[dueCount]) }
      dueCount += 1
    }
    pendingNacks.removeSubrange(0..<dueCount)
  }
}
