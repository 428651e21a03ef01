public import Platform
public import Synchronization

extension ByteRing {
  /// The consuming thread's end: `next()`, read in place, then `release()`, once per record or once per drained batch.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: ByteRing
    @usableFromInline let bytes: ByteRingMemory
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedHead: UnsafeMutablePointer<Atomic<UInt64>>
    /// The next record to read; the shared head is behind it by what is not released.
    @usableFromInline var head: UInt64
    @usableFromInline var released: UInt64
    /// Up to where there are records as far as we know: never ahead of the truth.
    @usableFromInline var knownTail: UInt64

    /// The consuming end of `ring`; stops the program when the ring already has one.
    public init(of ring: ByteRing) {
      let isFirst = ring.hasConsumer.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
      precondition(isFirst, "the ring already has a consumer")
      self.ring = ring
      bytes = ring.bytes
      unsafe sharedTail = ring.tail
      unsafe sharedHead = ring.head
      unsafe head = ring.head.pointee.load(ordering: .relaxed)
      released = head
      knownTail = head
    }

    // What was read and not released is there again for the next consumer.
    deinit { ring.hasConsumer.store(false, ordering: .releasing) }

    /// The oldest record not read yet, or nil when there is none. O(1).
    ///
    /// Its bytes lie on a boundary of 8 and stay valid until `release()`, as do those of earlier calls: a batch may be looked
    /// at as a whole. The program stops at a record that contradicts itself, which another process must have damaged.
    @inlinable @inline(__always)
    public mutating func next() -> UnsafeRawBufferPointer? {
      guard let byteCount = findRecord() else { return nil }
      let start = unsafe bytes.address(of: head) + ByteRingMemory.headerByteCount
      head &+= UInt64(truncatingIfNeeded: ByteRingMemory.footprint(of: byteCount))
      return unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
    }

    /// Hands the oldest record not read yet to `body` as a span; returns nil when there is none.
    @inlinable @inline(__always)
    public mutating func withNext<Result, Failure: Error>(
      _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
      guard let record = unsafe next() else { return nil }
      return try body(unsafe RawSpan(_unsafeBytes: record))
    }

    /// Gives the bytes of all records that were read back to the producer.
    @inlinable @inline(__always)
    public mutating func release() {
      guard released != head else { return }
      released = head
      // Release pairs with the acquire in `hasRoom`: we have read the bytes before the producer refills them.
      unsafe sharedHead.pointee.store(head, ordering: .releasing)
    }

    /// How many bytes of records were read and not released.
    @inlinable @inline(__always)
    public var heldByteCount: Int { Int(truncatingIfNeeded: head &- released) }

    /// The oldest record not read yet, waiting for one as `strategy` says; nil when the ring is closed and drained.
    ///
    /// What was read is released before waiting, and the producer woken when `strategy` is one that parks.
    @inlinable
    public mutating func next<Strategy: WaitStrategy>(waiting strategy: inout Strategy) -> UnsafeRawBufferPointer? {
      if let record = unsafe next() { return unsafe record }
      release()
      if Strategy.parks { wakeProducers() }
      strategy.reset()
      while true {
        if let record = unsafe next() { return unsafe record }
        if isFinished { return nil }
        guard strategy.shouldPark() else { continue }
        let ticket = itemDoorbell.prepareToWait()
        if hasRecord() || isFinished { itemDoorbell.cancelWait() } else { itemDoorbell.wait(ticket) }
      }
    }

    /// Whether the ring takes no more records; those left can still be read.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and every record that was published before the close has been read.
    @inlinable
    public var isFinished: Bool {
      // The flag first: its acquire makes the tail of the last publish before the close visible.
      unsafe ring.isClosed && sharedTail.pointee.load(ordering: .acquiring) == head
    }

    /// Wakes the producer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for records.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }

    /// Goes to the next record, over padding; returns its size, or nil when there is none.
    @inlinable @inline(__always)
    mutating func findRecord() -> Int? {
      while head != knownTail || hasRecord() {
        let ready = Int(truncatingIfNeeded: knownTail &- head)
        guard bytes.isPadding(at: head) else { return bytes.recordByteCount(at: head, ready: ready) }
        let skipped = bytes.byteCountBeforeWrap(from: head)
        precondition(skipped <= ready, "a damaged padding record")
        head &+= UInt64(truncatingIfNeeded: skipped)
      }
      return nil
    }

    /// Looks at the shared tail again; returns whether something was published.
    @inlinable @inline(__always)
    mutating func hasRecord() -> Bool {
      knownTail = unsafe sharedTail.pointee.load(ordering: .acquiring)  // Pairs with `publishTail`.
      return knownTail != head
    }
  }
}
