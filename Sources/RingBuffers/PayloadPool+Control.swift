import Synchronization

extension PayloadPool {
  /// One return ring: from one returner at a time to one owner number.
  final class Lane: Sendable {
    let ring: SingleProducerRing<UInt32>
    /// Bytes returned through this lane so far; written by the returner's thread alone.
    let releasedByteCount = Atomic<Int>(0)

    init(capacity: Int) { ring = SingleProducerRing(capacity: capacity) }
  }

  /// The cold state of a pool, behind its lock.
  struct Control {
    struct LaneRecord {
      let lane: Lane
      var isTaken: Bool
    }

    var owners: [PayloadOwnerState] = []
    var orphans: [PayloadOwnerState] = []
    /// For each owner its lanes; lane i feeds the owner's consumer i.
    var lanes: [[LaneRecord]] = []
    /// Bytes that came back without a lane, because an owner has as many as it may.
    var releasedWithoutLane = 0

    mutating func adoptOrCreateOwner(returnerLimit: Int) -> PayloadOwnerState {
      if let orphan = orphans.popLast() { return orphan }
      precondition(owners.count < 65_534, "65534 owners exist")
      let state = PayloadOwnerState(number: UInt32(owners.count + 1), returnerLimit: returnerLimit)
      owners.append(state)
      lanes.append([])
      return state
    }

    /// A lane to the owner for one returner: one that nobody uses, a new one, or nil when there are too many.
    mutating func attachLane(owner number: Int, ringCapacity: Int, returnerLimit: Int) -> (index: Int, lane: Lane)? {
      if let index = lanes[number - 1].firstIndex(where: { !$0.isTaken }) {
        lanes[number - 1][index].isTaken = true
        return (index, lanes[number - 1][index].lane)
      }
      let index = lanes[number - 1].count
      guard index < returnerLimit else { return nil }
      let lane = Lane(capacity: ringCapacity)
      lanes[number - 1].append(LaneRecord(lane: lane, isTaken: true))
      let state = owners[number - 1]
      unsafe (state.consumers + index).initialize(to: lane.ring.makeConsumer())
      // Release pairs with the acquire in `PayloadOwnerState.collect`.
      state.laneCount.store(index + 1, ordering: .releasing)
      return (index, lane)
    }

    mutating func detachLane(owner number: Int, index: Int) { lanes[number - 1][index].isTaken = false }

    func byteCountInUse() -> Int {
      var count = -releasedWithoutLane
      for (index, lanes) in lanes.enumerated() {
        count += owners[index].allocatedByteCount.load(ordering: .relaxed)
        for record in lanes { count -= record.lane.releasedByteCount.load(ordering: .relaxed) }
      }
      return count
    }
  }
}
