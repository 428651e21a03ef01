/// `least_outstanding`: the least loaded lane ("join the shortest queue"); among equal ones the next in turn.
///
/// Cost: one look at every lane, about a nanosecond each.
@frozen
public struct LeastOutstandingDispatch: PushDispatch {
  @usableFromInline var next: Int

  /// Begins its turns with lane `start`, modulo the lanes there are.
  @inlinable
  public init(startingAt start: Int = 0) {
    precondition(start >= 0, "the first lane is \(start)")
    next = start
  }

  @inlinable
  public mutating func lanesChanged(_ lanes: some LaneView) { next %= lanes.laneCount }

  @inlinable @inline(__always)
  public mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
    let count = lanes.laneCount
    var lane = next < count ? next : 0
    var best = lane
    var least = Int.max
    for _ in 0..<count {
      let outstanding = lanes.outstandingCount(of: lane)
      if outstanding < least {
        least = outstanding
        best = lane
      }
      lane = lane &+ 1 == count ? 0 : lane &+ 1
    }
    next = best &+ 1
    return best
  }
}
