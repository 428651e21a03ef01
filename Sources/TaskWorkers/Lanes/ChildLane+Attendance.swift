/// What time and deaths cause: replacements, limits, the end of a stop.
extension ChildLane {
  public mutating func attend(now: Int64) -> Int64 {
    noticeRetirement(now: now)
    if leaving.map({ $0.hasEnded || now >= leavingBy }) ?? false {
      leaving = nil
      return now
    }
    if let successor, successor.hasEnded {
      // Since the look above its turn may have come and gone: then it has not died, and is found there the next time.
      guard turns.current < successor.generation else { return now }
      self.successor = nil
      lossCount += 1
    }
    if let active, active.hasEnded {
      // Likewise.
      guard turns.current == active.generation else { return now }
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
    guard let active, turns.current > active.generation else { return }
    leaving = active
    leavingBy = now &+ Self.leaveNanoseconds
    self.active = nil
    if let next = successor { begin(turnOf: next) } else { startAt = now }
  }

  /// How long a child may take to end after its last record.
  private static var leaveNanoseconds: Int64 { 1_000_000_000 }

  /// Decides what the death of the child with the turn means.
  private mutating func bury(_ child: ChildLife, now: Int64) {
    active = nil
    let isReplayed = channel.settle(mayReplay: !isStoppedCold)
    let isOver = channel.isClosed && channel.ledger.count == 0
    if isStoppedCold || isOver {
      channel.returnAll()
      successor = nil
      startAt = nil
      return
    }
    lossCount += 1
    let wasReady = turns.isReady(child)
    startAt = backoff.childEnded(
      wasReady: wasReady, completedSomething: completedCount > 0, isReplayed: isReplayed, now: now)
    if startAt == nil { giveUp("\(turns.program.executable) \(ending(of: child)) before it was ready") }
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
      let next = try turns.startChild(generation: lastGeneration + 1, now: now)
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
    guard let active, completedCount >= threshold, !hasTriedSuccessor, !channel.isClosed, turns.isReady(active) else {
      return
    }
    hasTriedSuccessor = true
    // When it cannot be started now, the change takes as long as a start.
    successor = try? turns.startChild(generation: active.generation + 1, now: now)
    if successor != nil { startCount += 1 }
  }

  /// Kills the active child for what it runs or has sent, for not being ready in time, or because the stop has a limit.
  private mutating func enforce(now: Int64) -> Int64 {
    guard let active, !active.hasEnded else { return .max }
    let limits = channel.enforceLimits(now: now)
    let readyBy = turns.isReady(active) ? Int64.max : active.readyBy
    guard limits.condemned || channel.isContradicted || now >= min(readyBy, killAt) else {
      return min(limits.next, readyBy, killAt)
    }
    active.kill()
    return .max
  }

  /// Lets a child begin.
  mutating func passTurn(to child: ChildLife) {
    begin(turnOf: child)
    turns.pass(to: child)
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
}
