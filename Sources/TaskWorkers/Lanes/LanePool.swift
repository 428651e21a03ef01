public import DriverInterface

/// The lanes of one intake, which come and go: a pool of workers.
///
/// A record goes to the lane that has the fewest in hand, of several the one after the last, so that a long record holds up as few
/// others as possible. O(lanes) per record.
@safe public struct LanePool<Lane: TaskLane & ~Copyable>: ~Copyable {
  let lanes: UnsafeMutablePointer<Lane>
  /// The most lanes that there may be at a time, the leaving ones included.
  public let capacity: Int
  /// How many lanes there are, the leaving ones included.
  public private(set) var count = 0
  /// The last `leavingCount` lanes take no more records.
  private var leavingCount = 0
  private var next = 0
  /// Where completions were taken last.
  private var current = 0
  /// `TaskLane.replayCount` of lanes that are gone.
  private var formerReplayCount = 0
  /// Why the last lane that gave up while it took records did so, in a sentence.
  public private(set) var failure: String?

  /// A pool without lanes.
  public init(capacity: Int) {
    precondition(capacity > 0, "a pool has room for a lane")
    self.capacity = capacity
    unsafe lanes = .allocate(capacity: capacity)
  }

  deinit {
    unsafe lanes.deinitialize(count: count)
    unsafe lanes.deallocate()
  }

  /// How many lanes take records.
  public var takingCount: Int { count - leavingCount }

  /// How many records are in hand altogether.
  public var inHandCount: Int { (0..<count).reduce(0) { unsafe $0 + lanes[$1].inHandCount } }

  /// How many attempts were given to a worker again, because the one that made them had died.
  public var replayCount: Int { (0..<count).reduce(formerReplayCount) { unsafe $0 + lanes[$1].replayCount } }

  /// Adds a lane; there must be room for it.
  public mutating func grow(by lane: consuming Lane) {
    precondition(count < capacity, "a pool of \(capacity) lanes is full")
    unsafe (lanes + count).initialize(to: lane)
    swapLanes(count, takingCount)
    count += 1
  }

  /// Has the lane that has the least in hand finish that, then go; false when there is none left to go.
  public mutating func shrink() -> Bool {
    guard takingCount > 0 else { return false }
    var idlest = takingCount - 1
    for index in (0..<idlest).reversed() where unsafe lanes[index].inHandCount < lanes[idlest].inHandCount {
      idlest = index
    }
    swapLanes(idlest, takingCount - 1)
    leavingCount += 1
    unsafe lanes[takingCount].stop(.warm)
    return true
  }

  /// Others have taken the places of the lanes that gave up.
  mutating func forgetFailure() { failure = nil }

  /// Appends the record to a lane.
  public mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission {
    guard takingCount > 0 else { return .closed }
    var best = next < takingCount ? next : 0
    var fewest = unsafe lanes[best].inHandCount
    var candidate = best
    for _ in 1..<takingCount where fewest > 0 {
      candidate = candidate + 1 < takingCount ? candidate + 1 : 0
      let inHand = unsafe lanes[candidate].inHandCount
      if inHand < fewest { (best, fewest) = (candidate, inHand) }
    }
    next = best + 1
    return unsafe lanes[best].tryHandOver(order, body)
  }

  /// Passes on what was handed over, once per batch.
  public mutating func flush() {
    for index in 0..<count { unsafe lanes[index].flush() }
  }

  /// Whether something is to be done before sleeping: see `TaskLane.hasCompletions`.
  public var hasCompletions: Bool { (0..<count).contains { unsafe lanes[$0].hasCompletions } }

  /// The next completion of any lane, or nil when there is none now. Valid until `releaseCompletions()`.
  public mutating func nextCompletion() -> LaneCompletion? {
    for _ in 0..<count {
      if current >= count { current = 0 }
      if let completion = unsafe lanes[current].nextCompletion() { return completion }
      current += 1
    }
    return nil
  }

  /// Gives back the bytes of completions, once per batch.
  public mutating func releaseCompletions() {
    for index in 0..<count { unsafe lanes[index].releaseCompletions() }
  }

  /// Lets all lanes do what is due, and drops those that have stopped.
  /// - Returns: when to come again at the latest.
  public mutating func attend(now: Int64) -> Int64 {
    var earliest = Int64.max
    for index in (0..<count).reversed() {
      earliest = unsafe min(earliest, lanes[index].attend(now: now))
      if unsafe lanes[index].failure != nil { setAside(index) }
    }
    for index in (takingCount..<count).reversed() where unsafe lanes[index].isStopped { drop(index) }
    return earliest
  }

  /// Asks for the end of one record; false when no lane holds it.
  public mutating func terminate(ticket: UInt64) -> Bool {
    for index in 0..<count where unsafe lanes[index].terminate(ticket: ticket) { return true }
    return false
  }

  /// Stops all lanes; `count` is 0 when they have stopped.
  public mutating func stop(_ stop: LaneStop) {
    for index in 0..<count { unsafe lanes[index].stop(stop) }
    leavingCount = count
  }

  /// Moves a lane that has given up to those that take nothing.
  private mutating func setAside(_ index: Int) {
    guard index < takingCount else { return }
    failure = unsafe lanes[index].failure
    swapLanes(index, takingCount - 1)
    leavingCount += 1
  }

  private mutating func drop(_ index: Int) {
    swapLanes(index, count - 1)
    count -= 1
    leavingCount -= 1
    formerReplayCount += unsafe lanes[count].replayCount
    unsafe (lanes + count).deinitialize(count: 1)
  }

  private func swapLanes(_ one: Int, _ other: Int) {
    guard one != other else { return }
    let held = unsafe (lanes + one).move()
    unsafe (lanes + one).moveInitialize(from: lanes + other, count: 1)
    unsafe (lanes + other).initialize(to: held)
  }
}
