public import Platform

extension SweptLanes {
  /// The consuming thread's end: it visits the lanes in turn, for up to 128 elements each.
  @safe @frozen
  public struct Consumer: ~Copyable, @unchecked Sendable, RingConsumer {
    // Unchecked, because: an end has one owner, and `ends` belongs to it.
    @usableFromInline typealias LaneEnd = SingleProducerRing<Element>.Consumer
    @usableFromInline let owner: SweptLanes
    @usableFromInline let ends: UnsafeMutablePointer<LaneEnd>
    @usableFromInline let laneCount: Int
    /// The lane being visited, and how many elements the visit may still take.
    @usableFromInline var lane = 0
    @usableFromInline var turn = SweptLanes.turnLimit

    /// The consuming end of `owner`; stops the program when it already has one.
    public init(of owner: SweptLanes) {
      self.owner = owner
      laneCount = owner.lanes.count
      unsafe ends = .allocate(capacity: owner.lanes.count)
      for (index, lane) in owner.lanes.enumerated() { unsafe (ends + index).initialize(to: lane.makeConsumer()) }
    }

    deinit {
      unsafe ends.deinitialize(count: laneCount)
      unsafe ends.deallocate()
    }

    /// Removes the oldest element of a lane, or returns nil when all are empty. O(1), O(lanes) when the lane is empty.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
      let end = unsafe visited
      if turn > 0, let element = unsafe end.pointee.tryPop() {
        turn &-= 1
        return element
      }
      return popFromOtherLane()
    }

    /// Removes the oldest element of a lane; its slots are given back together, at the latest when the visit ends.
    @inlinable @inline(__always)
    public mutating func popLazily() -> Element? {
      let end = unsafe visited
      if turn > 0, let element = unsafe end.pointee.popLazily() {
        turn &-= 1
        return element
      }
      return popFromOtherLane()
    }

    /// Gives back the slots that `popLazily` held. Owed before the thread idles.
    @inlinable @inline(__always)
    public mutating func flush() {
      let end = unsafe visited
      unsafe end.pointee.flush()
    }

    /// Takes up to `limit` elements of one lane that lie in a row in memory; returns how many. O(lanes) when lanes are empty.
    @inlinable @inline(__always)
    public mutating func take(upTo limit: Int) -> Int {
      if turn <= 0 { moveOn() }
      var looks = 0
      while true {
        let end = unsafe visited
        let count = unsafe end.pointee.take(upTo: limit)
        if count > 0 {
          turn &-= count
          return count
        }
        looks &+= 1
        if looks > laneCount { return 0 }
        moveOn()
      }
    }

    /// The taken element `index`, counted from the beginning of the batch.
    @inlinable @inline(__always)
    public func element(at index: Int) -> Element { unsafe visited.pointee.element(at: index) }

    /// Gives the taken slots back to the lane's producer.
    @inlinable @inline(__always)
    public mutating func release() {
      let end = unsafe visited
      unsafe end.pointee.release()
    }

    /// Whether the lanes take no more elements; those left can still be popped.
    @inlinable
    public var isClosed: Bool { owner.isClosed }

    /// Whether the lanes are closed and everything that was pushed before the close has been taken. O(lanes).
    @inlinable
    public var isFinished: Bool {
      guard owner.isClosed else { return false }
      for index in 0..<laneCount {
        let end = unsafe ends + index
        if unsafe !end.pointee.isFinished { return false }
      }
      return true
    }

    /// Wakes all parked producers, if any: each waits for its own lane, and one that is woken for another's would sleep on.
    /// Costs one fence: call it once per batch.
    @inlinable @inline(__always)
    public func wakeProducers(_ count: Int32 = 1) { owner.spaceDoorbell.ring(waking: .max) }

    /// Where this end parks for elements.
    public var itemDoorbell: Doorbell { owner.itemDoorbell }

    /// The end in the lane being visited. Callers keep it in a constant: ThreadSanitizer takes a mutating call through a stored
    /// pointer for a change of the struct that stores it.
    @inlinable @inline(__always)
    var visited: UnsafeMutablePointer<LaneEnd> { unsafe ends + lane }

    @inlinable @inline(never)
    mutating func popFromOtherLane() -> Element? {
      for _ in 0...laneCount {
        moveOn()
        let end = unsafe visited
        if let element = unsafe end.pointee.tryPop() {
          turn &-= 1
          return element
        }
      }
      return nil
    }

    @inlinable @inline(__always)
    mutating func moveOn() {
      flush()
      lane = lane &+ 1 == laneCount ? 0 : lane &+ 1
      turn = SweptLanes.turnLimit
    }
  }

  /// How many elements a visit takes before the others have their turn: enough for whole cache lines, few enough for microseconds.
  @usableFromInline static var turnLimit: Int { @inlinable get { 128 } }
}
