public import Platform
public import Synchronization

extension BroadcastRing {
  /// A reading thread's end.
  ///
  /// In a ring that laps, elements are copied out before they are handed over, because the producer may overwrite them any
  /// time; a batch has up to `batchLimit` elements there. In a ring that blocks they are read in place.
  @safe @frozen
  public struct Reader: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive or to what is its own.
    @usableFromInline let ring: BroadcastRing
    @usableFromInline let slots: BroadcastSlots<Element>
    @usableFromInline let sharedTail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let sharedCursor: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let announced: UnsafeMutablePointer<Atomic<UInt64>>
    /// Copies of the taken elements of a ring that laps; nil in one that blocks.
    @usableFromInline let copies: UnsafeMutableRawPointer?
    /// The next position to read; the shared cursor is behind it by what is not released.
    @usableFromInline var head: UInt64
    @usableFromInline var released: UInt64
    /// Up to where there are elements as far as we know: never ahead of the truth.
    @usableFromInline var knownTail: UInt64
    @usableFromInline var takenBase: UnsafeMutableRawPointer
    @usableFromInline var takenCount = 0

    /// The reader's place among the ring's readers, for `dismissReader`.
    public let number: Int

    /// How many elements were overwritten before this reader saw them, since it joined. Always 0 in a ring that blocks.
    public internal(set) var missedCount: UInt64 = 0

    /// How many elements a batch has at most in a ring that laps.
    public static var batchLimit: Int { @inlinable get { 64 } }

    /// Joins `ring`; nil when it has as many readers as it can have.
    public init?(joining ring: BroadcastRing) {
      guard let number = unsafe ring.readers.join(tail: ring.tail) else { return nil }
      self.number = number
      self.ring = ring
      slots = ring.slots
      unsafe sharedTail = ring.tail
      unsafe sharedCursor = ring.readers.cursor(of: number)
      unsafe announced = ring.announced
      unsafe copies =
        ring.mode == .lap
        ? unsafe AlignedMemory.allocate(byteCount: Self.batchLimit * BroadcastSlots<Element>.stride) : nil
      unsafe head = sharedCursor.pointee.load(ordering: .relaxed)
      released = head
      knownTail = head
      unsafe takenBase = copies ?? slots.base
    }

    deinit {
      ring.dismissReader(number)
      if let copies = unsafe copies { unsafe AlignedMemory.deallocate(copies) }
    }

    /// Reads the next element, or returns nil when there is none. O(1).
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      guard let element = next() else { return nil }
      publishHead()
      return element
    }

    /// Reads the next element; the producer hears of it together with others: when those known of are drained, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? {
      if head == knownTail {
        flush()
        guard findItems() else { return nil }
        // A quarter of the ring at a time, so that a producer that waits for space is not kept for the whole of it.
        let quarter = slots.mask >> 2 &+ 1
        if knownTail &- head > quarter { knownTail = head &+ quarter }
      }
      return next()
    }

    /// Tells the producer how far this reader is. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      if released != head { publishHead() }
    }

    /// Takes up to `limit` elements that lie in a row in memory; returns how many.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      var ready = Int(truncatingIfNeeded: knownTail &- head)
      if ready < limit {
        _ = findItems()
        ready = Int(truncatingIfNeeded: knownTail &- head)
      }
      let untilWrap = Int(truncatingIfNeeded: slots.mask &- (head & slots.mask)) &+ 1
      takenCount = max(0, min(limit, ready, untilWrap))
      if unsafe copies == nil {
        unsafe takenBase = slots.address(of: head)
      } else if takenCount > 0 {
        copyOut(min(takenCount, Self.batchLimit))
      }
      return takenCount
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return unsafe (takenBase + index &* BroadcastSlots<Element>.stride)
        .assumingMemoryBound(to: Element.self).pointee
    }

    /// The place of the taken element `index` in the order of the ring.
    @inlinable @inline(__always)
    public func position(of index: Int) -> UInt64 { head &+ UInt64(truncatingIfNeeded: index) }

    /// Is done with the taken elements.
    @inlinable @inline(__always)
    public mutating func release() {
      head &+= UInt64(truncatingIfNeeded: takenCount)
      takenCount = 0
      publishHead()
    }

    /// Whether the ring takes no more elements; those left can still be read.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Whether the ring is closed and this reader has seen everything that was pushed before.
    @inlinable
    public var isFinished: Bool {
      // The flag first: its acquire makes the tail of the last push before the close visible.
      unsafe ring.isClosed && sharedTail.pointee.load(ordering: .acquiring) == head
    }

    /// Wakes the producer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { ring.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { ring.itemDoorbell }

    @inlinable @inline(__always)
    mutating func next() -> Element? {
      if unsafe copies != nil {
        guard take(upTo: 1) == 1 else { return nil }
        let element = element(at: 0)
        head &+= 1
        takenCount = 0
        return element
      }
      guard head != knownTail || findItems() else { return nil }
      let element = unsafe slots.address(of: head).assumingMemoryBound(to: Element.self).pointee
      head &+= 1
      return element
    }

    @inlinable @inline(__always)
    mutating func publishHead() {
      released = head
      // Release pairs with the acquire in `slowest`: we have read the slots before the producer refills them.
      unsafe sharedCursor.pointee.store(head, ordering: .releasing)
    }

    /// Looks at the shared tail again; returns whether there are elements now.
    @inlinable @inline(__always)
    mutating func findItems() -> Bool {
      knownTail = unsafe sharedTail.pointee.load(ordering: .acquiring)  // Pairs with `publishTail`.
      return knownTail != head
    }
  }
}
