public import Platform
public import Synchronization

/// What became of a claim of bytes in a `ByteRing`.
@frozen
public enum RecordClaim: Sendable, Equatable {
  /// The bytes are there to be written.
  case granted
  /// There is no room now.
  case full
  /// There will never be room: the record is larger than `ByteRing.recordByteLimit`.
  case tooLarge
  /// The ring takes no more records.
  case closed
}

extension ByteRing {
  /// The producing thread's end: claim, write in place, then `publish()`, or `stage()` and one `flush()` for many.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ByteRing
    @usableFromInline let bytes: ByteRingMemory
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let closed: UnsafeMutablePointer<Atomic<UInt64>>
    /// Where the next record goes; the shared tail is behind it by what is not published.
    @usableFromInline var tail: UInt64
    @usableFromInline var published: UInt64
    /// The tail at which the ring is full as far as we know: never ahead of the truth, so a stale value only makes us look.
    @usableFromInline var limit: UInt64
    /// The bytes of the claim; 0 when there is none, so that nothing can be written without one.
    @usableFromInline var claimedByteCount = 0
    /// What the claim takes, header included; 0 when there is none.
    @usableFromInline var claimedFootprint = 0

    /// The producing end of `ring`; stops the program when the ring already has one.
    public init(of ring: ByteRing) {
      let isFirst = ring.hasProducer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a producer")
      self.ring = ring
      bytes = ring.bytes
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      unsafe closed = ring.closed
      unsafe tail = ring.tail.pointee.load(ordering: .relaxed)
      published = tail
      limit = unsafe ring.head.pointee.load(ordering: .acquiring) &+ UInt64(ring.capacity)
    }

    deinit {
      // What was held back is published, so that an end that goes away loses nothing.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
      ring.hasProducer.store(false, ordering: .releasing)
    }

    /// Claims contiguous bytes for one record; a claim that was not finished is given up. O(1).
    @inlinable @inline(__always)
    public mutating func claim(byteCount: Int) -> RecordClaim {
      dropClaim()
      guard byteCount >= 0, byteCount <= ring.recordByteLimit else { return .tooLarge }
      guard unsafe closed.pointee.load(ordering: .relaxed) == 0 else { return .closed }
      let footprint = ByteRingMemory.footprint(of: byteCount)
      guard makeRoom(for: footprint) else { return .full }
      claimedByteCount = byteCount
      claimedFootprint = footprint
      return .granted
    }

    /// The claimed bytes, which hold anything until they are written, on a boundary of 8; until the claim is finished. None
    /// without a claim.
    @inlinable @inline(__always)
    public var claimedBytes: UnsafeMutableRawBufferPointer {
      unsafe UnsafeMutableRawBufferPointer(
        start: bytes.address(of: tail) + ByteRingMemory.headerByteCount, count: claimedByteCount)
    }

    /// Hands the claimed bytes to `body` as a span; what it does not write keeps what was there before.
    @inlinable @inline(__always)
    public mutating func withClaimedBytes<Result, Failure: Error>(
      _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      var span = unsafe MutableRawSpan(_unsafeBytes: claimedBytes)
      return try body(&span)
    }

    /// Finishes the claimed record, which stays invisible until `flush()`, `publish()`, or until the ring looks full. Stops the
    /// program when no claim was granted: the bytes at the tail may be the consumer's.
    @inlinable @inline(__always)
    public mutating func stage() {
      precondition(claimedFootprint > 0, "staged without a claim")
      bytes.setHeader(ByteRingMemory.record, byteCount: claimedByteCount, at: tail)
      advance(by: claimedFootprint)
      dropClaim()
    }

    /// Finishes the claimed record and makes it visible, and what was held back before it.
    @inlinable @inline(__always)
    public mutating func publish() {
      stage()
      publishTail()
    }

    /// Publishes what was held back. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      if published != tail { publishTail() }
    }

    /// Appends a copy of `record`, visible at once unless it was refused.
    @inlinable
    public mutating func tryPush(_ record: RawSpan) -> RecordClaim {
      let claim = claim(byteCount: record.byteCount)
      guard claim == .granted else { return claim }
      unsafe record.withUnsafeBytes { unsafe claimedBytes.copyMemory(from: $0) }
      publish()
      return .granted
    }

    /// Claims contiguous bytes for one record, waiting for room as `strategy` says; never returns `full`.
    ///
    /// What was staged is published before waiting, and the consumer woken when `strategy` is one that parks.
    @inlinable
    public mutating func claim<Strategy: WaitStrategy>(
      byteCount: Int, waiting strategy: inout Strategy
    ) -> RecordClaim {
      var claim = claim(byteCount: byteCount)
      guard claim == .full else { return claim }
      if Strategy.parks { wakeConsumers() }
      strategy.reset()
      while claim == .full {
        guard strategy.shouldPark() else {
          claim = self.claim(byteCount: byteCount)
          continue
        }
        let ticket = spaceDoorbell.prepareToWait()
        claim = self.claim(byteCount: byteCount)
        if claim == .full { spaceDoorbell.wait(ticket) } else { spaceDoorbell.cancelWait() }
      }
      return claim
    }

    /// Whether the ring takes no more records.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }

    /// Makes sure that `footprint` contiguous bytes follow the tail, behind padding if need be.
    @inlinable @inline(__always)
    mutating func makeRoom(for footprint: Int) -> Bool {
      let untilWrap = bytes.byteCountBeforeWrap(from: tail)
      let skipped = untilWrap < footprint ? untilWrap : 0
      guard hasRoom(for: skipped &+ footprint) else { return false }
      if skipped > 0 {
        bytes.setHeader(ByteRingMemory.padding, byteCount: skipped, at: tail)
        advance(by: skipped)
      }
      return true
    }

    @inlinable @inline(__always)
    mutating func hasRoom(for byteCount: Int) -> Bool {
      if limit &- tail >= UInt64(truncatingIfNeeded: byteCount) { return true }
      flush()
      // Acquire pairs with the release in `release()`: the consumer has left the bytes before we refill them.
      limit = unsafe sharedHead.pointee.load(ordering: .acquiring) &+ bytes.mask &+ 1
      return limit &- tail >= UInt64(truncatingIfNeeded: byteCount)
    }

    @inlinable @inline(__always)
    mutating func advance(by byteCount: Int) {
      tail &+= UInt64(truncatingIfNeeded: byteCount)
    }

    @inlinable @inline(__always)
    mutating func dropClaim() {
      claimedByteCount = 0
      claimedFootprint = 0
    }

    @inlinable @inline(__always)
    mutating func publishTail() {
      published = tail
      // Release pairs with the acquire in `hasRecord`: whoever sees this tail sees the records.
      unsafe sharedTail.pointee.store(tail, ordering: .releasing)
    }
  }
}
