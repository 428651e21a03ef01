import Synchronization

/// What a `GrowingRing` does with a ring that is one of its segments.
extension ManyToManyRing {
  /// The word that is 1 when another segment follows; written once. Not the tail's own flag, so that consumers that look at
  /// it whenever they find nothing never touch the producers' line.
  var sealWord: UnsafeMutablePointer<Atomic<UInt64>> { unsafe region.word(at: RingLayout.closedOffset) }

  /// Where the next push goes, and whether the ring is closed.
  var tailCursor: (cursor: UInt64, isClosed: Bool) {
    let word = unsafe tail.pointee.load(ordering: .acquiring)
    return (word & ~1, word & 1 != 0)
  }

  /// Closes the ring to pushes if the tail is still at `cursor`; returns whether it was.
  func close(at cursor: UInt64) -> Bool {
    // Release and acquire order the close with every push, which changes the same word.
    unsafe tail.pointee.compareExchange(
      expected: cursor, desired: cursor | 1, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Tells the consumers that another segment follows. Release pairs with the acquire of a consumer that found nothing: it
  /// then sees the final tail.
  func seal() { unsafe sealWord.pointee.store(1, ordering: .releasing) }

  /// Whether everything that was pushed into this closed segment has been taken, the chain's head being at `head`.
  func isDrained(head: UInt64) -> Bool {
    let (end, isClosed) = tailCursor
    return isClosed && Int64(bitPattern: head &- end) >= 0
  }

  /// What the slot at `cursor` says: 0 free for it, negative still in use by the lap before, positive used by now.
  func slotDistance(at cursor: UInt64) -> Int64 {
    let slots = unsafe RingSlots<Element>(slots: slots, capacity: capacity)
    return Int64(bitPattern: slots.sequence(of: cursor) &- cursor)
  }

  /// How much memory the ring takes.
  var regionByteCount: Int { Self.byteCount(capacity: capacity) }
}
