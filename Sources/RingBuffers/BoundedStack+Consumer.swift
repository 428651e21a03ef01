public import Platform

extension BoundedStack {
  /// One thread's end for popping. Make one per thread; moving it to another thread is fine, sharing it is not.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, `hand` is its own, and the stacks live as long as `owner`.
    @usableFromInline let owner: BoundedStack
    @usableFromInline let filled: NodeStack<Element>
    @usableFromInline let free: NodeStack<Element>
    /// The taken nodes, the newest first: they are linked in this order.
    @usableFromInline let hand: UnsafeMutablePointer<UInt32>
    @usableFromInline var takenCount = 0

    /// A new end of `owner`.
    public init(of owner: BoundedStack) {
      self.owner = owner
      filled = owner.filled
      free = owner.free
      unsafe hand = .allocate(capacity: BoundedStack.batchLimit)
    }

    deinit { unsafe hand.deallocate() }

    /// Removes the newest element, or returns nil when there is none. O(1), two compare-and-swaps.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      assert(takenCount == 0, "the batch before was not released")
      guard unsafe filled.pop(upTo: 1, into: hand, unlessClosed: false) == 1 else { return nil }
      let element = unsafe filled.element(of: hand[0])
      giveBack(1)
      return element
    }

    /// Same as `tryPop`: a node of this stack is given back at once.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? { tryPop() }

    /// Nothing is held back here.
    @inlinable @inline(__always)
    public mutating func flush() {}

    /// Takes up to `limit` elements, at most `batchLimit`, with one compare-and-swap; returns how many.
    @inlinable
    public mutating func take(upTo limit: Int) -> Int {
      assert(takenCount == 0, "the batch before was not released")
      takenCount = unsafe filled.pop(upTo: min(limit, BoundedStack.batchLimit), into: hand, unlessClosed: false)
      return takenCount
    }

    /// The taken element `index`, the newest first.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element {
      assert(index >= 0 && index < takenCount, "element \(index) of a batch of \(takenCount)")
      return unsafe filled.element(of: hand[index])
    }

    /// Gives the taken nodes back to the producers with one compare-and-swap. O(batch).
    @inlinable
    public mutating func release() {
      guard takenCount > 0 else { return }
      giveBack(takenCount)
      takenCount = 0
    }

    /// Whether the stack takes no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { free.isClosed }

    /// Whether the stack is closed, and every node that ever held an element has been given back.
    @inlinable
    public var isFinished: Bool { owner.isFinished }

    /// Wakes up to `count` parked producers, if any. Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { owner.spaceDoorbell.ring(waking: count) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { owner.itemDoorbell }

    @inlinable @inline(__always)
    mutating func giveBack(_ count: Int) {
      // The last node that comes home ends a closed stack: other consumers may be parked until then.
      if unsafe free.push(hand, count: count, counting: true) { owner.itemDoorbell.ring(waking: .max) }
    }
  }
}
