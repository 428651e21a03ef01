public import Platform

extension SweptLanes {
  /// One thread's end for pushing: the producing end of a lane.
  @frozen
  public struct Producer: ~Copyable, Sendable, RingProducer {
    @usableFromInline let owner: SweptLanes
    @usableFromInline var end: SingleProducerRing<Element>.Producer

    init(end: consuming SingleProducerRing<Element>.Producer, of owner: SweptLanes) {
      self.owner = owner
      self.end = end
    }

    /// Appends one element, visible at once. Returns false when the lane is full or closed. O(1).
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool { end.tryPush(element) }

    /// Appends one element, published with others: every 64th time, when the lane looks full, or by `flush()`.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { end.pushLazily(element) }

    /// Publishes what was held back. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() { end.flush() }

    /// Reserves up to `limit` slots in a row in memory (never across the wrap); returns how many, 0 when full or closed.
    @inlinable @inline(__always)
    public mutating func claim(upTo limit: Int) -> Int { end.claim(upTo: limit) }

    /// Writes the claimed slot `index`, counted from the beginning of the claim.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) { end.write(element, at: index) }

    /// Makes the claim visible, and what was held back before it. Every claimed slot must have been written.
    @inlinable @inline(__always)
    public mutating func publish() { end.publish() }

    /// Whether the lanes take no more elements.
    @inlinable
    public var isClosed: Bool { owner.isClosed }

    /// Wakes the consumer if it is parked. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { owner.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { owner.spaceDoorbell }
  }
}
