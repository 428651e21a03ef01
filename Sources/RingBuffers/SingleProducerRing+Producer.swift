public import Platform
public import Synchronization

extension SingleProducerRing {
  /// The producing thread's end.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, and the pointers lead to what `ring` keeps alive.
    @usableFromInline let ring: SingleProducerRing
    @usableFromInline var cursor: ProducerCursor
    @usableFromInline var claimBase: UnsafeMutablePointer<Element>
    @usableFromInline var claimCount = 0

    /// The producing end of `ring`; stops the program when the ring already has one.
    public init(of ring: SingleProducerRing) {
      precondition(ring.reserveProducer(), "the ring already has a producer")
      self.init(reserved: ring)
    }

    /// The producing end of a ring that `reserveProducer` was asked for.
    init(reserved ring: SingleProducerRing) {
      self.ring = ring
      cursor = ProducerCursor(of: ring)
      unsafe claimBase = ring.slots
    }

    deinit {
      // What was held back is published, so that an end that goes away loses nothing.
      unsafe cursor.sharedTail.pointee.store(cursor.tail, ordering: .releasing)
      ring.hasProducer.store(false, ordering: .releasing)
    }

    /// Appends one element, visible at once. Returns false when the ring is full or closed. O(1).
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool { cursor.tryPush(element) }

    /// Appends one element, published with others: every 64th time, when the ring looks full, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { cursor.pushLazily(element) }

    /// Appends the elements 0, 1 … that `element` makes, each visible at once, until there are `count` of them or the ring is full
    /// or closed; returns how many.
    @inlinable @inline(__always)
    public mutating func pushEach(_ count: Int, making element: (Int) -> Element) -> Int {
      var local = cursor
      defer { cursor = local }
      var pushed = 0
      while pushed < count, local.tryPush(element(pushed)) { pushed &+= 1 }
      return pushed
    }

    /// Like `pushEach`, published as `pushLazily` publishes.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ count: Int, making element: (Int) -> Element) -> Int {
      var local = cursor
      defer { cursor = local }
      var pushed = 0
      while pushed < count, local.pushLazily(element(pushed)) { pushed &+= 1 }
      return pushed
    }

    /// Appends one element that stays invisible until `flush()` or until the ring looks full.
    @inlinable @inline(__always)
    public mutating func stage(_ element: Element) -> Bool { cursor.stage(element) }

    /// Publishes what was held back. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() { cursor.flush() }

    /// Reserves up to `limit` slots in a row in memory (never across the wrap); returns how many, 0 when full or closed.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int {
      guard unsafe cursor.closed.pointee.load(ordering: .relaxed) == 0 else { return 0 }
      var room = Int(truncatingIfNeeded: cursor.limit &- cursor.tail)
      if room < limit {
        _ = cursor.findSpace(for: limit)
        room = Int(truncatingIfNeeded: cursor.limit &- cursor.tail)
      }
      let index = cursor.tail & cursor.mask
      claimCount = max(0, min(limit, room, Int(truncatingIfNeeded: cursor.mask &- index) &+ 1))
      unsafe claimBase = cursor.slots + Int(truncatingIfNeeded: index)
      return claimCount
    }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "slot \(index) of a claim of \(claimCount)")
      unsafe (claimBase + index).initialize(to: element)
    }

    /// The claimed slots, uninitialised, until `publish`.
    @inlinable @inline(__always)
    public var claimedSlots: UnsafeMutableBufferPointer<Element> {
      unsafe UnsafeMutableBufferPointer(start: claimBase, count: claimCount)
    }

    /// Makes the claim visible, and what was held back before it. Every claimed slot must have been written.
    @inlinable @inline(__always)
    public mutating func publish() { publish(claimCount) }

    /// Makes the first `count` slots of the claim visible and gives up the others.
    @inlinable @inline(__always)
    public mutating func publish(_ count: Int) {
      assert(count >= 0 && count <= claimCount, "published \(count) of a claim of \(claimCount)")
      cursor.tail &+= UInt64(truncatingIfNeeded: count)
      claimCount = 0
      cursor.publishTail()
    }

    /// Appends as many of `elements` as there is room for, published together; returns how many.
    @inlinable
    public mutating func push(contentsOf elements: Span<Element>) -> Int {
      var done = 0
      while done < elements.count {
        let count = claim(upTo: elements.count &- done)
        if count == 0 { break }
        unsafe elements.withUnsafeBufferPointer { source in
          unsafe claimBase.update(from: source.baseAddress! + done, count: count)
        }
        done &+= count
        publish()
      }
      return done
    }

    /// Whether the ring takes no more elements.
    @inlinable
    public var isClosed: Bool { ring.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { ring.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { ring.spaceDoorbell }
  }
}
