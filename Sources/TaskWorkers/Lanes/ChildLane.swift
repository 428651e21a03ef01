public import DriverInterface
public import Platform

/// A lane whose worker is another process, over rings in shared memory: what a pool needs that survives its tasks.
///
/// A child that dies, of whatever, is replaced, and loses nothing: what it completed counts, the one record that it ran is run
/// again or comes back as its order says, and the next child goes on with the following one. A child that has run its share ends
/// by itself, and passes its turn to a successor that was started beforehand.
///
/// One child has the turn at a time; it alone touches the worker's ends of the rings.
@safe public struct ChildLane: TaskLane, ~Copyable {
  var channel: LaneChannel
  let turns: ChildTurns
  let options: LaneOptions
  var backoff: RestartBackoff
  /// Has the turn, or had it until it ended.
  var active: ChildLife?
  /// Waits for its turn.
  var successor: ChildLife?
  /// Has passed its turn on, and is about to end.
  var leaving: ChildLife?
  var leavingBy = Int64.max
  /// The generation that had the turn last, as far as this side knows.
  var lastGeneration: UInt64 = 0
  /// Whether a successor was started during this turn: if it dies, there is none until the next.
  var hasTriedSuccessor = false
  /// When a child may be started, while none has the turn; nil when there is to be none any more.
  var startAt: Int64?
  /// How many records the active child has brought back; the last of them may have been its predecessor's.
  var completedCount = 0
  var killAt = Int64.max
  var isStoppedCold = false
  public internal(set) var failure: String?
  /// How many children there were.
  public internal(set) var startCount: UInt64 = 0
  /// How many children ended without having been asked to.
  public internal(set) var lossCount: UInt64 = 0

  /// Starts the first child; does not wait until it is ready, since records can be handed over at once.
  /// - Parameters:
  ///   - program: What the children run.
  ///   - options: The same for all children of this lane.
  ///   - bell: Where the intake sleeps.
  ///   - now: By the clock that `attend` goes by, which is `MonotonicClock` or a calibrated `CycleCounter`.
  ///   - calibration: That of the intake's `CycleCounter`, which saves each child its own.
  /// - Throws: `SystemError` when the child cannot be started, or memory or descriptors are exhausted.
  public init(
    _ program: TaskChildProgram, _ options: LaneOptions, bell: LaneBell, now: Int64, calibration: UInt64?
  ) throws(SystemError) {
    let turns = ChildTurns(
      program: program, region: try LaneRegion(options, calibration: calibration), bell: bell,
      startTimeoutNanoseconds: options.startTimeoutNanoseconds)
    let first = try turns.startChild(generation: 1, now: now)
    self.turns = turns
    self.options = options
    backoff = RestartBackoff(failedStartLimit: options.startFailureLimit)
    channel = LaneChannel(turns.region, depth: options.depth)
    startCount = 1
    passTurn(to: first)
  }

  public var inHandCount: Int { channel.inHandCount }

  public mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission {
    channel.tryHandOver(order, body)
  }

  public mutating func flush() { channel.flush() }

  public var hasCompletions: Bool {
    channel.hasCompletions || active?.hasEnded == true || successor?.hasEnded == true || leaving?.hasEnded == true
  }

  public mutating func nextCompletion() -> LaneCompletion? {
    guard let completion = channel.nextCompletion() else { return nil }
    completedCount += 1
    return completion
  }

  public mutating func releaseCompletions() { channel.releaseCompletions() }

  public var replayCount: Int { channel.replayCount }

  public mutating func terminate(ticket: UInt64) -> Bool { channel.ledger.markUnwanted(ticket: ticket) }

  public mutating func stop(_ stop: LaneStop) {
    switch stop {
    case .warm: channel.close()
    case .cold(let moment):
      channel.stop()
      isStoppedCold = true
      killAt = moment
    }
  }

  public var isStopped: Bool {
    active == nil && leaving == nil && startAt == nil && channel.inHandCount == 0
  }

  /// The process that has the turn, for statistics and for tests that kill it.
  public var processID: Int32? { active?.processID }

  /// Ends the child that has the turn at once, by the signal that it cannot notice: what could happen to it at any moment.
  /// - Returns: its process id; nil when there is none at work, one that has brought back a record already and has others.
  public func kill() -> Int32? {
    guard let active, !active.hasEnded, completedCount > 0, inHandCount > 0 else { return nil }
    active.kill()
    return active.processID
  }

  /// Whether the child that has the turn was ready to take records.
  public var isReady: Bool { active.map { turns.isReady($0) } ?? false }
}
