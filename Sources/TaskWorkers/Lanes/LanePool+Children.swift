extension LanePool where Lane == ChildLane {
  /// Whether every lane that takes records has a child that is ready for them.
  public var isReady: Bool { (0..<takingCount).allSatisfy { unsafe lanes[$0].isReady } }

  /// How many children ended without having been asked to, of the lanes that there are.
  public var lossCount: UInt64 { (0..<count).reduce(0) { unsafe $0 + lanes[$1].lossCount } }

  /// Kills the child of one lane that is at work: the first such from `index` on, going round.
  /// - Returns: its process id, and how many records its lane has in hand; nil when no child is at work.
  public func killChild(from index: Int) -> (processID: Int32, inHandCount: Int)? {
    for step in 0..<takingCount {
      let place = (index + step) % takingCount
      guard let processID = unsafe lanes[place].kill() else { continue }
      return (processID, unsafe lanes[place].inHandCount)
    }
    return nil
  }
}
