/// `round_robin`: the lanes in turn.
@frozen
public struct RoundRobinDispatch: PushDispatch {
  @usableFromInline var next: Int

  /// Begins with lane `start`, modulo the lanes there are: sessions that begin differently do not march in step.
  @inlinable
  public init(startingAt start: Int = 0) {
    precondition(start >= 0, "the first lane is \(start)")
    next = start
  }

  @inlinable
  public mutating func lanesChanged(_ lanes: some LaneView) { next %= lanes.laneCount }

  @inlinable @inline(__always)
  public mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
    // A comparison instead of a division; also right when lanes went away since the last turn.
    let lane = next < lanes.laneCount ? next : 0
    next = lane &+ 1
    return lane
  }
}
