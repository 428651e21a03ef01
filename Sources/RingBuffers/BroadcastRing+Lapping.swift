public import Synchronization

/// How a reader of a ring that laps takes elements that may be overwritten while it does.
extension BroadcastRing.Reader {
  /// Copies up to `count` elements out and sets `takenCount`; starts again further on when one was overwritten meanwhile.
  @inlinable @inline(__always)
  mutating func copyOut(_ count: Int) {
    var wanted = count
    while true {
      guard let copies = unsafe copies else { return }
      for index in 0..<wanted {
        unsafe slots.copyWords(
          of: position(of: index), to: copies + index &* BroadcastSlots<Element>.stride)
      }
      unsafe takenBase = copies
      takenCount = wanted
      let lost = overtakenCount()
      if lost <= 0 { return }
      goOn(after: lost)
      let ready = Int(truncatingIfNeeded: knownTail &- head)
      let untilWrap = Int(truncatingIfNeeded: slots.mask &- (head & slots.mask)) &+ 1
      wanted = min(count, ready, untilWrap)
    }
  }

  /// How many elements from `head` on have been, or are being, overwritten; negative when there is space left.
  @inlinable @inline(__always)
  func overtakenCount() -> Int64 {
    // Pairs with the fences in `announce` and `Producer.init`: if a word of the copies is newer than its position, we see the announcement.
    atomicMemoryFence(ordering: .acquiring)
    let end = unsafe announced.pointee.load(ordering: .acquiring)
    return Int64(bitPattern: end &- slots.mask &- 1 &- head)
  }

  /// Goes on half a ring behind the producer, so that it is not overtaken again at once, and counts what lies between.
  @usableFromInline
  mutating func goOn(after lost: Int64) {
    // The announcement was seen with acquire, so this tail is not behind what it overwrote.
    knownTail = unsafe sharedTail.pointee.load(ordering: .acquiring)
    let half = Int64(bitPattern: slots.mask >> 1 &+ 1)
    let skipped = max(lost, Int64(bitPattern: knownTail &- head) &- half)
    missedCount &+= UInt64(bitPattern: skipped)
    head &+= UInt64(bitPattern: skipped)
  }
}
