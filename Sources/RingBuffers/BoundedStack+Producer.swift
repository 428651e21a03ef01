public import Platform

extension BoundedStack {
  /// One thread's end for pushing. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Producer: ~Copyable, @unchecked Sendable, RingProducer {
    // Unchecked, because: an end has one owner, `hand` is its own, and the stacks live as long as `owner`.
    @usableFromInline let owner: BoundedStack
    @usableFromInline let filled: NodeStack<Element>
    @usableFromInline let free: NodeStack<Element>
    /// The claimed nodes, from the one for the last element to the one for the first: they are linked in this order.
    @usableFromInline let hand: UnsafeMutablePointer<UInt32>
    @usableFromInline var claimCount = 0

    /// A new end of `owner`.
    public init(of owner: BoundedStack) {
      self.owner = owner
      filled = owner.filled
      free = owner.free
      unsafe hand = .allocate(capacity: BoundedStack.batchLimit)
    }

    deinit { unsafe hand.deallocate() }

    /// Puts one element on top. Returns false when the stack is full or closed. O(1), two compare-and-swaps.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
      assert(claimCount == 0, "the claim before was not published")
      guard unsafe free.pop(upTo: 1, into: hand, unlessClosed: true) == 1 else { return false }
      unsafe filled.write(element, to: hand[0])
      _ = unsafe filled.push(hand, count: 1, counting: false)
      return true
    }

    /// Same as `tryPush`: an element that is held back could not be the newest.
    @inlinable @inline(__always)
    public mutating func pushLazily(_ element: Element) -> Bool { tryPush(element) }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Reserves up to `limit` nodes, at most `batchLimit`, with one compare-and-swap; returns how many, 0 when full or closed.
    @inlinable
    public mutating func claim(upTo limit: Int) -> Int {
      assert(claimCount == 0, "the claim before was not published")
      claimCount = unsafe free.pop(upTo: min(limit, BoundedStack.batchLimit), into: hand, unlessClosed: true)
      return claimCount
    }

    /// Writes the claimed node `index`; the one with the highest index will be on top.
    @inlinable @inline(__always)
    public mutating func write(_ element: Element, at index: Int) {
      assert(index >= 0 && index < claimCount, "node \(index) of a claim of \(claimCount)")
      unsafe filled.write(element, to: hand[claimCount &- 1 &- index])
    }

    /// Puts the whole claim on top with one compare-and-swap; every node of it must have been written.
    @inlinable
    public mutating func publish() {
      guard claimCount > 0 else { return }
      _ = unsafe filled.push(hand, count: claimCount, counting: false)
      claimCount = 0
    }

    /// Whether the stack takes no more elements.
    @inlinable
    public var isClosed: Bool { free.isClosed }

    /// Wakes up to `count` parked consumers, if any. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeConsumers(_ count: Int32 = 1) { owner.itemDoorbell.ring(waking: count) }

    /// Where this end parks for space.
    public var spaceDoorbell: Doorbell { owner.spaceDoorbell }
  }
}
