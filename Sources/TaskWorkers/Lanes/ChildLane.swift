public import DriverInterface
public import Platform
import Synchronization

/// A lane whose worker is another process, over rings in shared memory: what a pool needs that survives its tasks.
///
/// A child that dies, of whatever, is replaced, and loses nothing: what it completed counts, the one record that it ran is run
/// again or comes back as its order says, and the next child goes on with the following one. A child that has run its share ends
/// by itself, and passes its turn to a successor that was started beforehand.
///
/// One child has the turn at a time; it alone touches the worker's ends of the rings.
@safe public struct ChildLane: TaskLane, ~Copyable {
  private(set) var channel: LaneChannel
  private let recipe: Recipe
  private let options: LaneOptions
  private var backoff: RestartBackoff
  /// Has the turn, or had it until it ended.
  private(set) var active: ChildLife?
  /// Waits for its turn.
  private var successor: ChildLife?
  /// Has passed its turn on, and is about to end.
  private var leaving: ChildLife?
  private var leavingBy = Int64.max
  /// The generation that had the turn last, as far as this side knows.
  private var lastGeneration: UInt64 = 0
  /// Whether a successor was started during this turn: if it dies, there is none until the next.
  private var hasTriedSuccessor = false
  /// When a child may be started, while none has the turn; nil when there is to be none any more.
  private var startAt: Int64?
  /// How many records the active child has brought back; the last of them may have been its predecessor's.
  private var completedCount = 0
  private var killAt = Int64.max
  private var isStoppedCold = false
  public private(set) var failure: String?
  /// How many children there were.
  public private(set) var startCount: UInt64 = 0
  /// How many children ended without having been asked to.
  public private(set) var lossCount: UInt64 = 0

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
    let recipe = Recipe(
      program: program, region: try LaneRegion(options, calibration: calibration), bell: bell,
      startTimeoutNanoseconds: options.startTimeoutNanoseconds)
    let first = try recipe.startChild(generation: 1, now: now)
    self.recipe = recipe
    self.options = options
    backoff = RestartBackoff(failedStartLimit: options.startFailureLimit)
    channel = LaneChannel(recipe.region, depth: options.depth)
    startCount = 1
    passTurn(to: first)
  }

  /// What each child of the lane is made from.
  private struct Recipe {
    let program: TaskChildProgram
    let region: LaneRegion
    let bell: LaneBell
    let startTimeoutNanoseconds: Int64

    /// Starts a child, which will wait for its turn.
    func startChild(generation: UInt64, now: Int64) throws(SystemError) -> ChildLife {
      unsafe region.words[.readyGeneration].pointee.store(generation - 1, ordering: .relaxed)
      // Release pairs with the acquire in `TaskChild.run`.
      unsafe region.words[.startedGeneration].pointee.store(generation, ordering: .releasing)
      return try ChildLife(
        program, generation: generation, memory: region.memory, bell: bell, readyBy: now &+ startTimeoutNanoseconds)
    }
  }

  // MARK: Records

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
  public var isReady: Bool { active.map { isReady($0) } ?? false }

  // MARK: What time and deaths cause

  public mutating func attend(now: Int64) -> Int64 {
    noticeRetirement(now: now)
    if leaving.map({ $0.hasEnded || now >= leavingBy }) ?? false {
      leaving = nil
      return now
    }
    if let successor, successor.hasEnded {
      self.successor = nil
      lossCount += 1
    }
    if let active, active.hasEnded {
      // First what it has completed: until that is taken nobody knows what it had left.
      guard channel.isDrained else { return now }
      bury(active, now: now)
    } else if active == nil && startAt == nil {
      return leaving == nil ? .max : leavingBy
    }
    if active == nil { continueWithNext(now: now) }
    // Stopped, or given up.
    if active == nil && startAt == nil { return now }
    prepareSuccessor(now: now)
    return min(startAt ?? .max, leaving == nil ? .max : leavingBy, enforce(now: now))
  }

  /// The active child may have passed its turn on by itself.
  private mutating func noticeRetirement(now: Int64) {
    guard let active, turn > active.generation else { return }
    leaving = active
    leavingBy = now &+ Self.leaveNanoseconds
    self.active = nil
    if let next = successor { begin(turnOf: next) } else { startAt = now }
  }

  /// How long a child may take to end after its last record.
  private static let leaveNanoseconds: Int64 = 1_000_000_000

  /// Decides what the death of the child with the turn means.
  private mutating func bury(_ child: ChildLife, now: Int64) {
    active = nil
    channel.settle(poisonLimit: options.poisonLimit, mayReplay: !isStoppedCold)
    let isOver = channel.isClosed && channel.ledger.count == 0
    if isStoppedCold || isOver {
      channel.returnAll()
      successor = nil
      startAt = nil
      return
    }
    lossCount += 1
    let wasReady = isReady(child)
    startAt = backoff.childEnded(wasReady: wasReady, completedSomething: completedCount > 0, now: now)
    if startAt == nil { giveUp("\(recipe.program.executable) \(ending(of: child)) before it was ready") }
  }

  /// Passes the turn to the successor, or starts a child when it may be started.
  private mutating func continueWithNext(now: Int64) {
    guard let startAt else { return }
    if channel.isClosed && channel.ledger.count == 0 || isStoppedCold {
      channel.returnAll()
      self.startAt = nil
      return
    }
    if let next = successor { return passTurn(to: next) }
    guard startAt <= now else { return }
    do {
      let next = try recipe.startChild(generation: lastGeneration + 1, now: now)
      startCount += 1
      passTurn(to: next)
    } catch {
      self.startAt = backoff.childEnded(wasReady: false, completedSomething: false, now: now)
      if self.startAt == nil { giveUp("\(error)") }
    }
  }

  /// Starts the successor of a child that has run half of its share, or at once when a spare is wanted, so that the change takes
  /// no time.
  private mutating func prepareSuccessor(now: Int64) {
    let threshold = options.keepsSpare ? 0 : options.recordLimitPerChild.map { $0 / 2 } ?? .max
    guard let active, completedCount >= threshold, !hasTriedSuccessor, !channel.isClosed, isReady(active) else {
      return
    }
    hasTriedSuccessor = true
    // When it cannot be started now, the change takes as long as a start.
    successor = try? recipe.startChild(generation: active.generation + 1, now: now)
    if successor != nil { startCount += 1 }
  }

  /// Kills the active child for what it runs or has sent, for not being ready in time, or because the stop has a limit.
  private mutating func enforce(now: Int64) -> Int64 {
    guard let active, !active.hasEnded else { return .max }
    let limits = channel.enforceLimits(now: now)
    let readyBy = isReady(active) ? Int64.max : active.readyBy
    guard limits.condemned || channel.isContradicted || now >= min(readyBy, killAt) else {
      return min(limits.next, readyBy, killAt)
    }
    active.kill()
    return .max
  }

  private mutating func passTurn(to child: ChildLife) {
    begin(turnOf: child)
    // Release pairs with the acquire in `TaskChild.waitForTurn`.
    unsafe recipe.region.words[.turn].pointee.store(child.generation, ordering: .releasing)
    recipe.region.words.turnDoorbell.ring(waking: .max)
  }

  private mutating func begin(turnOf child: ChildLife) {
    active = child
    successor = nil
    lastGeneration = child.generation
    hasTriedSuccessor = false
    startAt = nil
    completedCount = 0
  }

  private mutating func giveUp(_ reason: String) {
    failure = "gave up after \(options.startFailureLimit) failed starts in a row: \(reason)"
    successor = nil
    channel.close()
    channel.returnAll()
  }

  private func ending(of child: ChildLife) -> String { child.outcome.map { "\($0)" } ?? "did not start" }

  private func isReady(_ child: ChildLife) -> Bool {
    unsafe recipe.region.words[.readyGeneration].pointee.load(ordering: .acquiring) >= child.generation
  }

  private var turn: UInt64 { unsafe recipe.region.words[.turn].pointee.load(ordering: .acquiring) }
}
